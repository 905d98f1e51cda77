"""Whose fault it was: ourselves, who sent what could not be taken, and who has to act on what disagrees."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sandan.audit import queries
from sandan.audit.words import ANSWERS, GATES, NOBODY, PARTIES, remedies, words
from sandan.page.cells import Column, both, count, numbers, percent
from sandan.warehouse.catalogue import titles

if TYPE_CHECKING:
    from sandan.audit.asked import Asked
    from sandan.audit.words import Pair
    from sandan.page.charts import Rows

#: senders in the table, those with the most first; all of them stand below
SHOWN = 20
#: who answers for an expectation, where it is not we
SENDER = "source party"
#: list → the rule of a declaration that waits for it
AWAITED = {"order": "DOC01", "payment": "DOC02", "waybill": "DOC03"}
#: of several rules or enterprises those named
NAMED = 3

TOTAL = "合计", "all"


def of_run(asked: Asked, found: dict[str, Any]) -> dict[str, Any]:
    """Who answers for what the gates saw, who sent what was rejected or nothing, and who has to act on findings.

    `found` is what the sections have. Each table has the most first and its sum below.
    """
    senders = [*_silent(found), *_senders(found)]
    parties, all_parties = _parties(asked) if found["decided"] else ([], None)
    unmet_by = _gates(found)
    return {
        "blamed": _blamed(asked, unmet_by, found, parties),
        "unmet_by": unmet_by,
        "unmet_by_columns": (
            Column(("谁负责", "who answers"), lambda row: both(row["who"])),
            Column(("什么问题", "what"), lambda row: row["what"]),
            numbers("处数", "how many", "many", count),
        ),
        "senders": senders[:SHOWN],
        "senders_left": max(len(senders) - SHOWN, 0),
        "all_senders": _all(senders, found) if senders else None,
        "sender_columns": (
            Column(("谁", "who sent it"), lambda row: row["who"]),
            numbers("整件隔离的文件", "files set aside", "files", _some),
            numbers("不合格记录", "records rejected", "rejected", _some),
            Column(("占其所报", "of its records"), _share, number=True),
            Column(("未通过最多的规则", "rules failed most"), lambda row: row["what"]),
        ),
        "parties": parties,
        "all_parties": all_parties,
        "party_columns": (
            Column(("由谁处理", "who has to act"), lambda row: both(row["who"])),
            numbers("问题", "findings", "findings", count),
            numbers("其中待到", "of these, awaited", "awaited", _some),
            numbers("涉及清单", "declarations", "declarations", count),
            Column(("未通过最多的规则", "rules failed most"), lambda row: row["what"]),
            Column(("最多的企业", "most often"), lambda row: row["codes"]),
            Column(("首要问题怎么办", "what to do about the first"), lambda row: both(row["to_do"])),
        ),
    }


def _blamed(asked: Asked, unmet_by: Rows, found: dict[str, Any], parties: Rows) -> list[Pair]:
    """In a sentence each: by the gates, by senders, by those who have to act."""
    told: list[Pair] = []
    if unmet_by:
        told.append(_named_most("检查所见", "by the gates", Counter(row["who"] for row in unmet_by)))
    if not asked.stopped_at and not any(row["is_ours"] for row in unmet_by):
        told.append(("系统与数据工程：各项检查未见问题", "ours: nothing, by every gate"))
    if skipped := (found["run"] or {}).get("rules_skipped"):
        rules = ", ".join(skipped)
        told.append((f"数据工程：{rules} 所需参考数据未备", f"ours: reference data that {rules} needs is not loaded"))
    told += [_unheard(row, found) for row in found["silent"]]
    senders: Counter[Pair] = Counter()
    for row in found["rejected"]:
        senders[row["name"] if row["name"][0] else (row["source_id"], row["source_id"])] += row["records"]
    if senders:
        told.append(_named_most("报送不合格的文件与记录", "sent files or records that could not be taken", senders))
    acting = Counter({row["who"]: row["findings"] for row in parties})
    if acting:
        told.append(_named_most("三单缺失或不符，由其处理", "have to act where lists lack or disagree", acting))
    return told or [("没有需要追究的", "nobody's")]


def _unheard(silent: tuple[str, Pair, int], found: dict[str, Any]) -> Pair:
    """A source that sent nothing, and for how many lists of its kind declarations wait since."""
    source, name, before = silent
    awaited = AWAITED.get(found["lists"].get(source, ""), "")
    new = sum(row["new"] for row in found["found"] if row["rule_id"] == awaited)
    chinese, english = name if name[0] else (source, source)
    since = (f"；{awaited} 新增 {new:,}", f"; new findings of {awaited}: {new:,}") if new else ("", "")
    return (
        f"未报送：{chinese}（上一日 {before:,} 条{since[0]}）",
        f"sent nothing: {english} ({before:,} records the day before{since[1]})",
    )


def _named_most(chinese: str, english: str, counts: Counter[Pair]) -> Pair:
    most, left = counts.most_common(NAMED), len(counts) - NAMED
    told = f"{chinese}：{'、'.join(f'{zh} {many:,}' for (zh, _), many in most)}"
    in_english = f"{english}: {', '.join(f'{en} {many:,}' for (_, en), many in most)}"
    return (f"{told} 等 {len(counts)} 方", f"{in_english}, {left} more") if left > 0 else (told, in_english)


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
            {"who": words(ANSWERS, row["answers"] or ""), "is_ours": row["answers"] != SENDER, "what": what, "many": 0},
        )
        fault["many"] += 1
    return list(rows.values())


def _silent(found: dict[str, Any]) -> Rows:
    return [
        {
            "who": _named(source, name),
            "what": both(
                (
                    f"上一日 {before:,} 条，本日未到：请其补送",
                    f"{before:,} records on the day before, nothing now: ask it to send",
                )
            ),
            "files": 0,
            "rejected": 0,
            "records": 0,
        }
        for source, name, before in found["silent"]
    ]


def _senders(found: dict[str, Any]) -> Rows:
    sent = {row["source_id"]: row["records"] for row in found["sources"]}
    by_source: dict[str, Rows] = {}
    # the rule with the most entries first
    for row in found["rejected"]:
        by_source.setdefault(row["source_id"], []).append(row)
    rows = []
    for source, rejected in by_source.items():
        files = sum(row["files"] for row in rejected)
        entries = {row["rule_id"]: row["records"] for row in rejected}
        rows.append(
            {
                "who": _named(source, rejected[0]["name"]),
                "files": files,
                "rejected": sum(entries.values()) - files,
                "records": sent.get(source, 0),
                "what": _rules(entries, {row["rule_id"]: row["title"] for row in rejected}),
            }
        )
    return sorted(rows, key=lambda row: row["files"] + row["rejected"], reverse=True)


def _parties(asked: Asked) -> tuple[Rows, dict[str, Any] | None]:
    """Who has to act on findings that are new, and all of them together; none where there are none."""
    known, named = remedies(), titles()
    found = asked.rows(queries.PARTIES, rules=list(known), parties=[party for party, _ in known.values()])
    rows = []
    for row in found:
        entries = _most(row["rules"])
        rows.append(
            row
            | {
                "who": words(PARTIES, row["party"]) if row["party"] else NOBODY,
                "what": _rules(entries, named),
                "codes": ", ".join(f"{code} ({many:,})" for code, many in list(_most(row["codes"]).items())[:NAMED]),
                "to_do": known.get(next(iter(entries)), ("", ("", "")))[1],
            }
        )
    parties = [row for row in rows if not row["is_all"]]
    whole = next((row for row in rows if row["is_all"] and parties), None)
    return parties, whole and whole | {"who": TOTAL, "what": "", "codes": "", "to_do": ("", "")}


def _all(senders: Rows, found: dict[str, Any]) -> dict[str, Any]:
    sums = {name: sum(row[name] for row in senders) for name in ("files", "rejected")}
    return sums | {"who": both(TOTAL), "what": "", "records": sum(row["records"] for row in found["sources"])}


def _most(counts: dict[str, int] | None) -> dict[str, int]:
    return dict(sorted((counts or {}).items(), key=lambda entry: (-entry[1], entry[0])))


def _rules(entries: dict[str, int], named: dict[str, Pair]) -> Markup:
    """The rule with the most entries by its title, a few more by their numbers."""
    (rule, many), *others = entries.items()
    first = Markup("<b>{} × {:,}</b> {}").format(rule, many, both(named.get(rule, ("", ""))))
    more = [f"{rule} × {many:,}" for rule, many in others[: NAMED - 1]] + ["…"] * (len(others) >= NAMED)
    return first + Markup("<div>{}</div>").format(" · ".join(more)) if more else first


def _named(source: str, name: Pair) -> Markup:
    return Markup("{} <code>{}</code>").format(both(name), source)


def _share(row: dict[str, Any]) -> str:
    return percent(row["rejected"] / row["records"]) if row["rejected"] and row["records"] else ""


def _some(value: int) -> str:
    return count(value) if value else ""
