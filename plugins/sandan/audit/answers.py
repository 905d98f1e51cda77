"""The first screen: what was wrong, whose fault it was, what was done about it, and whether the figures hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandan.audit import faults
from sandan.audit.trust import BAD, RESERVED
from sandan.audit.words import DECISIONS, GATES, stage, words
from sandan.page.cells import percent
from sandan.run.approvals import BY_POLICY

if TYPE_CHECKING:
    from sandan.audit.asked import Asked
    from sandan.audit.words import Pair


POLICY = "配置的规则（未问任何人）", "the configured policy, nobody was asked"


def of_run(asked: Asked, found: dict[str, Any]) -> dict[str, Any]:
    """What the first screen says; `found` is what the sections have."""
    by = faults.of_run(asked, found)
    return by | {
        "wrong": _wrong(asked, found, by["all_parties"]),
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


def _wrong(asked: Asked, found: dict[str, Any], disagreeing: dict[str, Any] | None) -> list[Pair]:
    told = _ended(asked, found)
    unmet = {(row["severity"], row["expectation"]) for row in found["unmet"]}
    if critical := sum(severity == "critical" for severity, _ in unmet):
        told.append((f"{critical} 项关键检查未通过", f"critical expectations that did not hold: {critical}"))
    if warnings := len(unmet) - critical:
        told.append((f"检查警告 {warnings} 项", f"warnings of gates: {warnings}"))
    files = sum(row["files"] for row in found["rejected"])
    records = sum(row["records"] for row in found["rejected"]) - files
    received = sum(row["records"] for row in found["sources"])
    if files:
        told.append((f"{files:,} 个文件整件隔离", f"files set aside whole: {files:,}"))
    if records:
        share = percent(records / received) if received else ""
        then = percent(found["rejected_before"] / found["received_before"]) if found["received_before"] else ""
        compared = (f"{share}，上一日 {then}", f"{share}, day before {then}") if then else (share, share)
        told.append(
            (
                f"收到 {received:,} 条记录，其中 {records:,} 条不合格（{compared[0]}）",
                f"of {received:,} records received, rejected: {records:,} ({compared[1]})",
            )
        )
    if found["silent"]:
        names = [zh or source for source, (zh, _), _ in found["silent"]]
        told.append(
            (
                f"上一日有数据、本日未到的来源：{'、'.join(names)}",
                f"sources of the day before that sent nothing: {len(names)}",
            )
        )
    if disagreeing:
        findings, of = f"{disagreeing['findings']:,}", f"{disagreeing['declarations']:,}"
        decided = f"{found['decided']:,}"
        told.append(
            (
                f"三单缺失或不符：新发现 {findings} 处，涉及 {of} 票清单（本次判定 {decided} 票）",
                f"lists that lack or disagree: {findings} new findings on {of} of {decided} declarations decided",
            )
        )
    if (run := found["run"]) and run["unclaimed"]:
        told.append((f"无人认领的目录：{'、'.join(run['unclaimed'])}", "folders that no source claims"))
    return told or [("没有发现问题", "nothing was found wrong")]


def _done(asked: Asked, found: dict[str, Any]) -> list[Pair]:
    told: list[Pair] = []
    if entries := sum(row["records"] for row in found["rejected"]):
        told.append(
            (
                f"{entries:,} 项连同原因列入隔离清单，原文件一件未删",
                f"set aside with their reasons, {entries:,} in all; no file was deleted",
            )
        )
    if (of := found["receipts"]) and asked.handed_out:
        decided = f"{of['declarations']:,}"
        chinese = f"逐条记录 {of['records']:,}，整件隔离的文件 {of['files']:,}，判定或结关的清单 {decided}"
        english = f"{of['records']:,} of records, {of['files']:,} of files, {decided} of declarations decided or closed"
        told.append(
            (
                f"向 {of['sources']} 个来源发出 {of['receipts']:,} 份回执：{chinese}",
                f"{of['receipts']:,} receipts told {of['sources']} sources what became of it: {english}",
            )
        )
    # of a gate that asked again the last answer counts; all of them stand below
    for answer in {answer["gate"]: answer for answer in found["approvals"]}.values():
        chinese, english = words(DECISIONS, answer["decision"])
        gate = words(GATES, answer["gate"])[0]
        who = POLICY if answer["who"] == BY_POLICY else (answer["who"] or "无人", answer["who"] or "nobody")
        at = str(answer["at"]).replace("T", " ")[:16]
        told.append(
            (
                f"{gate}：{who[0]} 于 {at} {chinese} {len(answer['warnings'])} 项警告（{answer['why']}）",
                f"{len(answer['warnings'])} warnings {english} by {who[1]}, {at}",
            )
        )
    if found["silent"]:
        told.append(
            (
                "未报送的来源未由系统通知：须由人联系",
                "sources that sent nothing are not told by it: somebody has to ask them",
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
