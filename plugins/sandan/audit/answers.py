"""The first screen: what was wrong, whose fault it was, what was done about it, and whether the figures hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sandan.audit.trust import BAD, RESERVED
from sandan.audit.words import ANSWERS, DECISIONS, GATES, PARTIES, remedies, stage, words
from sandan.page.cells import Column, both, count, numbers

if TYPE_CHECKING:
    from sandan.audit.asked import Asked
    from sandan.audit.words import Pair
    from sandan.page.charts import Rows

#: faults on the first screen, the greatest first; all of them stand below
SHOWN = 8


def of_run(asked: Asked, found: dict[str, Any]) -> dict[str, Any]:
    """What the first screen says; `found` is what the sections have."""
    faults = [*_gates(found), *_silent(found), *_sources(found), *_parties(found)]
    return {
        "wrong": _wrong(asked, found),
        "faults": faults[:SHOWN],
        "faults_left": max(len(faults) - SHOWN, 0),
        "fault_columns": (
            Column(("谁", "who"), lambda row: both(row["who"])),
            Column(("什么问题", "what"), lambda row: row["what"]),
            numbers("多少", "how many", "many", count),
            Column(("怎么办", "what to do"), lambda row: both(row["to_do"])),
        ),
        "done": _done(asked, found),
        "verdict": _verdict(asked, found["level"]),
    }


def _ended(asked: Asked, found: dict[str, Any]) -> list[Pair]:
    """How the run ended, where it did not end well."""
    told: list[Pair] = []
    if stopped := found["stopped_at"]:
        since = asked.waits_since
        told.append(
            (f"{stopped[0]}（自 {since}）", f"the run waits since {since}: {stopped[1]}")
            if since
            else (f"运行停在：{stopped[0]}", f"the run stopped at: {stopped[1] or stopped[0]}")
        )
    if asked.broken_off:
        told.append(("发布之际中断，其后各步未做：须重跑", "broken off as it published, no stage after: run it again"))
    for chinese, english in map(stage, asked.undone):
        told.append((f"未能完成：{chinese}", f"could not be done: {english}"))
    return told


def _wrong(asked: Asked, found: dict[str, Any]) -> list[Pair]:
    told = _ended(asked, found)
    unmet = {(row["severity"], row["expectation"]) for row in found["unmet"]}
    if critical := sum(severity == "critical" for severity, _ in unmet):
        told.append((f"{critical} 项关键检查未通过", f"critical expectations that did not hold: {critical}"))
    if warnings := len(unmet) - critical:
        told.append((f"{warnings} 项警告", f"warnings: {warnings}"))
    files = sum(row["files"] for row in found["rejected"])
    records = sum(row["records"] for row in found["rejected"]) - files
    received = sum(row["records"] for row in found["sources"])
    if files:
        told.append((f"{files:,} 个文件整件隔离", f"files set aside whole: {files:,}"))
    if records:
        told.append(
            (
                f"收到 {received:,} 条记录，其中 {records:,} 条不合格",
                f"of {received:,} records received, rejected: {records:,}",
            )
        )
    if found["silent"]:
        names = [zh or source for source, (zh, _) in found["silent"]]
        told.append(
            (
                f"上一日有数据、本日未到的来源：{'、'.join(names)}",
                f"sources of the day before that sent nothing: {len(names)}",
            )
        )
    if new := sum(row["new"] for row in found["found"]):
        told.append((f"单证不符或缺失，本次新增 {new:,} 处", f"lists that lack or disagree, new findings: {new:,}"))
    if (run := found["run"]) and run["unclaimed"]:
        told.append((f"无人认领的目录：{'、'.join(run['unclaimed'])}", "folders that no source claims"))
    return told or [("没有发现问题", "nothing was found wrong")]


def _gates(found: dict[str, Any]) -> Rows:
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in found["unmet"]:
        subject = row["subject"] or ""
        gate = both(GATES[row["stage"]])
        # of one figure what was seen of it; of a table the whole stands below
        seen = subject or row["observed"] or ""
        what = Markup("{} <code>{}</code> {}: <strong>{}</strong>").format(gate, row["expectation"], row["says"], seen)
        fault = rows.setdefault(
            (row["stage"], row["expectation"], subject),
            {
                "who": words(ANSWERS, row["answers"] or ""),
                "what": what,
                "many": 0,
                "to_do": ("见“检查所见”", "see what the gates saw"),
            },
        )
        fault["many"] += 1
    return list(rows.values())


def _silent(found: dict[str, Any]) -> Rows:
    what = both(("上一日有数据，本日未到", "sent on the day before, and nothing now"))
    return [
        {"who": name if name[0] else (source, ""), "what": what, "many": None, "to_do": ("请其补送", "ask it to send")}
        for source, name in found["silent"]
    ]


def _sources(found: dict[str, Any]) -> Rows:
    return [
        {
            "who": row["name"] if row["name"][0] else (row["source_id"], ""),
            "what": Markup("<b>{}</b> {}").format(row["rule_id"], both(row["title"])),
            "many": row["records"],
            "to_do": row["remedy"],
        }
        for row in found["rejected"]
    ]


def _parties(found: dict[str, Any]) -> Rows:
    known = remedies()
    return [
        {
            "who": words(PARTIES, known[row["rule_id"]][0]),
            "what": Markup("<b>{}</b> {}").format(row["rule_id"], both(row["title"])),
            "many": row["new"],
            "to_do": known[row["rule_id"]][1],
        }
        for row in found["found"]
        if row["new"] and row["rule_id"] in known
    ]


def _done(asked: Asked, found: dict[str, Any]) -> list[Pair]:
    told: list[Pair] = []
    if entries := sum(row["records"] for row in found["rejected"]):
        told.append(
            (
                f"{entries:,} 项连同原因列入隔离清单，原文件一件未删",
                f"set aside with their reasons, {entries:,} in all; no file was deleted",
            )
        )
    if (receipts := found["receipts"]) and asked.handed_out:
        told.append(
            (
                f"向 {receipts['sources']} 个来源发出 {receipts['receipts']:,} 份回执，说明收下还是退回",
                f"{receipts['receipts']:,} receipts told {receipts['sources']} sources what was taken and what not",
            )
        )
    for answer in found["approvals"]:
        chinese, english = words(DECISIONS, answer["decision"])
        gate = words(GATES, answer["gate"])[0]
        who = answer["who"] or "无人 nobody"
        told.append(
            (
                f"{gate}：{who} {chinese} {len(answer['warnings'])} 项警告（{answer['why']}）",
                f"{len(answer['warnings'])} warnings {english} by {who}",
            )
        )
    if found["mismatches"] and (new := found["mismatches"]["new"]) and asked.handed_out:
        told.append((f"部门间不一致新增 {new:,} 项，已告知", f"departments were told of new mismatches: {new:,}"))
    if asked.waits_since and asked.stopped_at:
        told.append(("运行等待答复，尚未发布", "the run waits: nothing of it is published so far"))
    elif asked.stopped_at:
        told.append(("运行停止，未发布任何内容", "the run was stopped: nothing of it was published"))
    else:
        told.append((f"已发布，快照 {asked.snapshot}", f"published as snapshot {asked.snapshot}"))
    if earlier := asked.earlier:
        ended = f"{earlier['ended_at']:%Y-%m-%d %H:%M}"
        told.append(
            (
                f"已发布的仍是较早一次（{ended} 完成，快照 {earlier['snapshot']}）",
                f"of this date an earlier attempt is published, ended {ended}: snapshot {earlier['snapshot']}",
            )
        )
    return told


def _verdict(asked: Asked, level: str) -> Pair:
    if asked.earlier:
        return (
            "最近一次未发布。读者看到的是该日较早一次的数字",
            "Not published: readers see what an earlier attempt published of this date",
        )
    if asked.stopped_at:
        return "未发布。读者看到的仍是上一次发布的数字", "Not published: readers still see the figures published before"
    if level == BAD:
        return "不能：核对未通过", "No: a check did not hold"
    if level == RESERVED:
        return "可以，但须留意以下各点", "Yes, with the reservations below"
    return "可以", "Yes"
