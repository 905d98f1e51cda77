"""The sections of an audit report: what stands in each, of the run as it left it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sandan.audit import queries
from sandan.audit.words import (
    ACTIONS,
    ANSWERS,
    DECISIONS,
    FILE_STATES,
    FLOWS,
    GATES,
    HURTS,
    NOBODY,
    PARTIES,
    SEVERITIES,
    STATUSES,
    VERDICTS,
    remedies,
    stage,
    words,
)  # fmt: skip
from sandan.errors import SandanError
from sandan.gates import page_name
from sandan.page import charts
from sandan.page.cells import Column, both, count, money, numbers, percent
from sandan.read.sources import load_sources
from sandan.warehouse.catalogue import titles

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandan.audit.asked import Asked
    from sandan.audit.words import Pair
    from sandan.home import Home
    from sandan.page.cells import Row
    from sandan.page.charts import Rows
    from sandan.read.sources import Source

SIMULATED: Pair = ("模拟数据：企业、单证、金额均为虚构。", "Simulated: enterprises, lists and amounts are made up.")


def about(asked: Asked) -> dict[str, Any]:
    """Which run it is, and how it ended."""
    found = asked.rows(queries.RUN)
    simulated = asked.rows(queries.IS_SIMULATED)
    return {
        "run_date": asked.run_date,
        "run": found[0] if found else None,
        "snapshot": asked.snapshot,
        "earlier": asked.earlier,
        "day_before": asked.day_before,
        "has_changes": asked.before is not None,
        "is_first": asked.snapshot is not None and asked.day_before is None,
        "later": asked.days.later(asked.run_date) if asked.snapshot else [],
        "stopped_at": stage(asked.stopped_at) if asked.stopped_at else None,
        "simulated": SIMULATED if simulated and simulated[0]["said"] else None,
        "verified_by": f"DATE={asked.run_date}",
        "data_docs": "../../data_docs/index.html" if (asked.home.data_docs / "index.html").exists() else None,
        "report_before": f"../{asked.day_before}/index.html"
        if asked.day_before and (asked.home.audit / asked.day_before.isoformat() / "index.html").exists()
        else None,
    }


def received(asked: Asked) -> dict[str, Any]:
    """What came, from whom, and where every record of it is."""
    known = sources(asked.home)
    names = {source: (of.name_zh, of.name_en) for source, of in known.items()}
    lists = {source: of.message.list for source, of in known.items()}
    kept = {row["source_id"]: row for row in asked.rows(queries.CONSERVED)}
    sent = asked.rows(queries.SOURCES)
    before = {row["source_id"]: row["records"] for row in asked.rows(queries.SOURCES_BEFORE)}
    rows = [
        row
        | {
            "name": names.get(row["source_id"], ("", "")),
            "before": before.get(row["source_id"]),
            "kept": kept.get(row["source_id"], {}),
        }
        for row in sent
    ]
    nothing = {"files": 0, "repeated": 0, "quarantined": 0, "records": 0, "kept": {}}
    silent = [
        nothing | {"source_id": source, "name": names.get(source, ("", "")), "before": records}
        for source, records in before.items()
        if records and source not in {row["source_id"] for row in sent}
    ]
    rejected = asked.rows(queries.REJECTED)
    rule_titles, to_do = titles(), remedies()
    for row in rejected:
        row["name"] = names.get(row["source_id"], ("", ""))
        row["title"] = rule_titles.get(row["rule_id"], ("", ""))
        row["remedy"] = to_do.get(row["rule_id"], ("", ("", "")))[1]
    many = asked.rows(queries.HOW_MANY)
    return {
        "sources": rows + silent,
        "rejected_before": asked.rows(queries.REJECTED_BEFORE)[0]["records"] if before else 0,
        "received_before": sum(before.values()),
        "silent": [(row["source_id"], row["name"], row["before"]) for row in silent],
        "source_columns": (
            Column(("来源", "source"), _source),
            numbers("文件", "files", "files", count),
            numbers("其中重复", "of these, repeated", "repeated", _some),
            numbers("整件隔离", "set aside whole", "quarantined", _some),
            numbers("记录", "records", "records", count),
            *([numbers("上一日", "day before", "before", count)] if before else []),
            Column(("采用", "accepted"), lambda row: count(row["kept"].get("accepted")), number=True),
            Column(("已被更新", "superseded"), lambda row: _some(row["kept"].get("superseded")), number=True),
            Column(("未采用", "not applied"), lambda row: _some(row["kept"].get("ignored")), number=True),
            Column(("隔离", "rejected"), lambda row: _some(row["kept"].get("quarantined")), number=True),
            Column(("差额", "unaccounted"), lambda row: count(row["kept"].get("lost")), number=True),
        ),
        "rejected": rejected,
        "rejected_columns": (
            Column(("来源", "source"), _source),
            Column(("原因", "reason"), lambda row: Markup("<b>{}</b> {}").format(row["rule_id"], both(row["title"]))),
            numbers("条数", "entries", "records", count),
            Column(("例", "a sample"), lambda row: row["sample"]),
            Column(("怎么办", "what to do"), lambda row: both(row["remedy"])),
        ),
        "files": asked.rows(queries.FILES_CONSERVED) or asked.rows(queries.FILES),
        "file_columns": (
            Column(("来源", "source"), lambda row: row["source_id"]),
            Column(("文件", "file"), lambda row: row["path"]),
            Column(("摘要", "digest"), lambda row: Markup("<code>{}</code>").format(row["sha256"])),
            Column(("状态", "state"), lambda row: both(words(FILE_STATES, row["state"]))),
            numbers("记录", "records", "records", count),
            *(
                Column(title, _kept(name), number=True)
                for name, title in (
                    ("accepted", ("采用", "accepted")),
                    ("superseded", ("已被更新", "superseded")),
                    ("ignored", ("未采用", "not applied")),
                    ("quarantined", ("隔离", "rejected")),
                )
            ),
            Column(("原因", "reason"), lambda row: row["reason"] or ""),
        ),
        "records": asked.rows(queries.RECORDS),
        "record_columns": (
            Column(("来源", "source"), lambda row: row["source_id"]),
            Column(("文件", "file"), lambda row: row["path"]),
            numbers("位置", "position", "position", count),
            Column(("记录", "record"), lambda row: row["natural_key"] or ""),
            Column(("原因", "reason"), lambda row: row["reason"]),
        ),
        "most": queries.MOST,
        "lists": lists,
        "how_many": many[0] if many else {"files": 0, "records": len(rejected)},
    }


def gates(asked: Asked) -> dict[str, Any]:
    """What each gate saw against its bounds, and who answered for its warnings."""
    rows = [row for row in asked.rows(queries.GATES) if row["stage"] in (asked.gates or asked.gates_of)]
    pages = docs_pages(asked.home, asked.run_date.isoformat())
    by_gate = {gate: [row for row in rows if row["stage"] == gate] for gate in asked.gates_of}
    learned = [row for row in rows if row["value"] is not None and row["lower"] is not None]
    return {
        "gate_rows": [_gate(gate, found, gate in asked.gates or not asked.stages) for gate, found in by_gate.items()],
        "gate_columns": (
            Column(("检查", "gate"), lambda row: both(GATES[row["gate"]])),
            numbers("关键预期", "critical", "critical", count),
            numbers("未通过", "failed", "failed", _some),
            numbers("警告级预期", "of warning level", "warning", count),
            numbers("警告", "warned", "warned", _some),
            Column(("结果", "result"), lambda row: both(row["result"])),
        ),
        "unmet": [
            row | {"page": pages.get(page_name(row["stage"], row["suite"]))} for row in rows if not row["success"]
        ],
        "warned": len({(row["stage"], row["expectation"]) for row in rows if _is_warning(row)}),
        "unmet_columns": (
            Column(("检查", "gate"), lambda row: both(GATES[row["stage"]])),
            Column(("预期", "expected"), _expected),
            Column(("所见", "observed"), lambda row: " · ".join(filter(None, (row["subject"], row["observed"])))),
            Column(("界限", "bounds"), lambda row: " · ".join(filter(None, (row["bounds"], row["basis"])))),
            Column(("谁负责", "answers"), lambda row: both(words(ANSWERS, row["answers"] or ""))),
            Column(("伤及", "hurts"), lambda row: both(words(HURTS, row["hurts"] or ""))),
        ),
        "learned": _drawn(learned),
        "not_learned": sum(row["value"] is not None and row["lower"] is None for row in rows),
        "suites": [(suite, pages[name]) for name, suite in _suites(rows).items() if name in pages],
        "approvals": asked.answers,
        "approval_columns": (
            Column(("检查", "gate"), lambda row: both(words(GATES, row["gate"]))),
            Column(("警告", "warnings"), lambda row: count(len(row["warnings"])), number=True),
            Column(("决定", "decision"), lambda row: both(words(DECISIONS, row["decision"]))),
            Column(("谁", "who"), lambda row: row["who"] or both(("无人答复", "nobody"))),
            Column(("何时", "when"), lambda row: str(row["at"]).replace("T", " ")),
            Column(("理由", "why"), lambda row: row["why"]),
        ),
    }


def decided(asked: Asked) -> dict[str, Any]:
    """How far the declarations of the run came, and which rules held them."""
    steps = (
        ("declared", ("清单", "declared")), ("with_order", ("有订单", "order")),
        ("with_payment", ("又有支付单", "payment")), ("with_all", ("三单齐全", "all three")),
        ("released", ("相符放行", "released")),
    )  # fmt: skip
    rule_titles = titles()
    found, known, decided = asked.rows(queries.FOUND), remedies(), asked.rows(queries.DECIDED)
    before = {row["rule_id"]: (row["action"], row["open"]) for row in asked.rows_before(queries.FOUND)}
    gone = [
        {"rule_id": rule, "action": action, "new": 0, "open": 0}
        for rule, (action, _) in before.items()
        if rule not in {r["rule_id"] for r in found}
    ]
    for row in found + gone:
        row["before"] = before.get(row["rule_id"], ("", 0))[1]
        row["settled"] = row["before"] + row["new"] - row["open"]
        row["title"] = rule_titles.get(row["rule_id"], ("", ""))
        party, row["remedy"] = known.get(row["rule_id"], ("", ("", "")))
        row["party"] = words(PARTIES, party) if party else NOBODY
    receipts, mismatches = asked.rows(queries.RECEIPTS), asked.rows(queries.MISMATCHES)
    return {
        "decided": decided[0]["declarations"] if decided else 0,
        "cancelled": decided[0]["cancelled"] if decided else 0,
        "funnels": [(FLOWS[row["flow"]], _funnel(row, steps)) for row in asked.rows(queries.FUNNEL) if row["declared"]],
        "found": found + gone,
        "found_columns": (
            Column(("规则", "rule"), lambda row: Markup("<b>{}</b> {}").format(row["rule_id"], both(row["title"]))),
            Column(("后果", "so"), lambda row: both(words(ACTIONS, row["action"]))),
            Column(("由谁处理", "who has to act"), lambda row: both(row["party"])),
            *_of_changes(asked, numbers("上一日未了结", "open before", "before", count)),
            numbers("本次新增", "new", "new", count),
            *_of_changes(asked, numbers("本次了结", "settled", "settled", count)),
            numbers("仍未了结", "open", "open", count),
            Column(("怎么办", "what to do"), lambda row: both(row["remedy"])),
        ),
        "receipts": receipts[0] if receipts else None,
        "mismatches": mismatches[0] if mismatches else None,
    }


def rebates(asked: Asked) -> dict[str, Any]:
    """How far exported items came towards their rebate, of all that ever closed."""
    steps = (
        ("exported", ("已出口", "exported")), ("on_form", ("已汇总申报", "on a form")),
        ("closed", ("报关单已结关", "form closed")), ("claimed", ("已申报退税", "claimed")),
        ("refunded", ("有应退税额", "refunded")),
    )  # fmt: skip
    found, before = asked.rows(queries.REBATES), asked.rows_before(queries.REBATES)
    verdicts = {row["verdict"]: row for row in asked.rows(queries.VERDICTS)}
    earlier = {row["verdict"]: row for row in asked.rows_before(queries.VERDICTS)}
    rule_titles = titles()
    return {
        "rebate_funnel": _funnel(found[0], steps) if found and found[0]["exported"] else None,
        "refund": [(found[0]["refund_cny"], found[0]["refund_cny"] - before[0]["refund_cny"] if before else None)]
        if found
        else [],
        "verdicts": [
            {
                "verdict": verdict,
                "items": verdicts.get(verdict, {}).get("items", 0),
                "before": earlier.get(verdict, {}).get("items", 0),
                "refund_cny": verdicts.get(verdict, {}).get("refund_cny"),
            }
            for verdict in VERDICTS
            if verdict in verdicts or verdict in earlier
        ],
        "verdict_columns": (
            Column(("判定", "verdict"), lambda row: both(VERDICTS[row["verdict"]])),
            numbers("商品项", "items", "items", count),
            *_of_changes(
                asked, Column(("较上一日", "change"), lambda row: _change(row["items"], row["before"]), number=True)
            ),
            numbers("退税额", "refund, CNY", "refund_cny", money),
        ),
        "pending": [row | {"title": rule_titles.get(row["rule_id"], ("", ""))} for row in asked.rows(queries.PENDING)],
        "pending_columns": (
            Column(("规则", "rule"), lambda row: Markup("<b>{}</b> {}").format(row["rule_id"], both(row["title"]))),
            numbers("商品项", "items", "items", count),
        ),
    }


def changes(asked: Asked) -> dict[str, Any]:
    """Declarations by their state, after the run and after the one before it."""
    now = {row["status"]: row for row in asked.rows(queries.STATUSES)}
    before = {row["status"]: row for row in asked.rows_before(queries.STATUSES)}
    none = {"declarations": 0, "value_cny": 0}
    rows = [
        {"status": status, "now": now.get(status, none), "before": before.get(status, none)}
        for status in STATUSES
        if status in now or status in before
    ]
    return {
        "statuses": rows,
        "status_columns": (
            Column(("状态", "state"), lambda row: both(STATUSES[row["status"]])),
            *_of_changes(
                asked,
                Column(("上一日", "day before"), lambda row: count(row["before"]["declarations"]), number=True),
            ),
            Column(("本次之后", "after this run"), lambda row: count(row["now"]["declarations"]), number=True),
            *_of_changes(
                asked,
                Column(
                    ("变动", "change"),
                    lambda row: _change(row["now"]["declarations"], row["before"]["declarations"]),
                    number=True,
                ),
            ),
            Column(("货值", "value of goods, CNY"), lambda row: money(row["now"]["value_cny"]), number=True),
        ),
    }


def sources(home: Home) -> dict[str, Source]:
    """The sources by id; none where a source file is wrong, which may be what stopped the run."""
    try:
        return load_sources(home.sources)
    except SandanError:
        return {}


def docs_pages(home: Home, day: str) -> dict[str, str]:
    """Folder of a suite → its page in the Data Docs, as a link from the page of a run; of those that are there."""
    root = home.data_docs
    return {
        page.relative_to(root / "validations").parts[0]: f"../../data_docs/{page.relative_to(root).as_posix()}"
        for page in sorted(root.glob(f"validations/*/{day}/*/*.html"))
    }


def _kept(state: str) -> Callable[[Row], str]:
    """What conservation counts of a file; nothing where the run did not come to it."""
    return lambda row: count(row.get(state))


def _source(row: Row) -> Markup:
    return Markup("{}<div><code>{}</code></div>").format(both(row["name"]), row["source_id"])


def _gate(gate: str, rows: Rows, was_reached: bool) -> dict[str, Any]:  # noqa: FBT001 - a fact, no switch
    expected = Counter(
        severity for severity, *_ in {(row["severity"], row["suite"], row["expectation"]) for row in rows}
    )
    met = Counter((row["severity"], row["expectation"]) for row in rows if not row["success"])
    failed = sum(severity == "critical" for severity, _ in met)
    result = ("通过", "passed")
    if not was_reached or not rows:
        result = ("未进行", "not reached")
    elif failed:
        result = ("未通过，运行停止", "failed: the run stopped")
    elif met:
        result = ("通过，有警告", "passed with warnings")
    return {
        "gate": gate,
        "critical": expected["critical"],
        "failed": failed,
        "warning": expected.total() - expected["critical"],
        "warned": len(met) - failed,
        "result": result,
    }


def _is_warning(row: Row) -> bool:
    return not row["success"] and row["severity"] != "critical"


def _suites(rows: Rows) -> dict[str, str]:
    """Folder of the Data Docs → suite, in the order of the gates."""
    return dict(sorted((page_name(row["stage"], row["suite"]), row["suite"]) for row in rows))


def _expected(row: Row) -> Markup:
    severity = both(words(SEVERITIES, row["severity"]))
    page = Markup(' <a href="{}">Data Docs</a>').format(row["page"]) if row["page"] else ""
    return Markup("{} · <code>{}</code> {}{}<br>{}").format(
        severity, row["expectation"], row["says"], page, both(("保护：", f"protects {row['protects']}"))
    )


def _drawn(rows: Rows) -> list[tuple[str, Markup]]:
    """Of each expectation that learns: its figures against their bounds."""
    found: dict[str, Rows] = {}
    for row in sorted(rows, key=lambda row: (row["expectation"], row["success"], row["subject"])):
        width = float(row["upper"] - row["lower"])
        place = float(row["value"] - row["lower"]) / width if width else 0.5
        drawn = {"label": row["subject"], "place": place, "text": row["observed"], "usual": row["success"]}
        found.setdefault(f"{row['expectation']} · {row['says']}", []).append(drawn)
    return [(title, charts.ranges(drawn)) for title, drawn in found.items()]


def _funnel(row: Row, steps: tuple[tuple[str, Pair], ...]) -> Markup:
    first = row[steps[0][0]] or 1
    return charts.bars(
        [
            {"label": f"{zh} {en}", "value": row[name], "text": f"{row[name]:,} · {percent(row[name] / first)}"}
            for name, (zh, en) in steps
        ]
    )


def _of_changes(asked: Asked, *columns: Column) -> tuple[Column, ...]:
    return columns if asked.before else ()


def _some(value: int | None) -> str:
    """A count that is worth a look; nothing where there is none."""
    return count(value) if value else ""


def _change(now: int, before: int) -> str:
    return f"{now - before:+,}" if now != before else "="
