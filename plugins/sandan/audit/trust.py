"""Whether the figures of a run hold: what was checked, and the line that the ledger has of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandan.audit import queries
from sandan.evidence import ledger
from sandan.run.approvals import ACCEPTED
from sandan.warehouse.catalogue import titles

if TYPE_CHECKING:
    from sandan.audit.asked import Asked
    from sandan.audit.words import Pair

#: `Check.state`: it holds; it holds with a reservation; it does not hold
GOOD, RESERVED, BAD = "good", "reserved", "bad"


@dataclass(frozen=True)
class Check:
    """One thing that makes figures to be trusted, or not."""

    state: str
    says: Pair


def of_run(asked: Asked) -> dict[str, Any]:
    """The checks of a run, and what the ledger says of it."""
    told = ledger.by_run(ledger.lines(asked.home.ledger)).get(asked.ledger_name, {})
    faults = ledger.faults(asked.home.ledger)
    line = told if told.get("snapshot") == asked.snapshot else {}
    if asked.stopped_at:
        checks = [
            Check(
                BAD,
                (
                    "本次运行未发布：已发布的数字不含本次内容",
                    "This run published nothing: published figures have none of it",
                ),
            )
        ]
    else:
        checks = [
            _gates(asked),
            *_unanswered(asked),
            *_not_learned(asked),
            _conserved(asked) if asked.ledger_name == str(asked.run_date) else _accounted(asked),
            *_ledger(line, faults),
            *_reference(asked),
            *_rates(asked),
            *_order(asked),
        ]
    return {
        "checks": checks,
        "level": next(level for level in (BAD, RESERVED, GOOD) if any(check.state == level for check in checks)),
        "ledger": line,
        "head": ledger.head(asked.home.ledger),
        "forgotten": line.get("forgotten", {}),
    }


def _gates(asked: Asked) -> Check:
    rows = asked.rows(queries.GATES)
    if not rows:
        return Check(BAD, ("没有检查结果", "No gate left a result"))
    critical = {row["expectation"]: row["success"] for row in rows if row["severity"] == "critical"}
    warned = {row["expectation"] for row in rows if not row["success"]}
    if not all(critical.values()):
        return Check(BAD, ("有关键检查未通过", "A critical expectation did not hold"))
    says = f"关键检查 {len(critical)} 项全部通过", f"all {len(critical)} critical expectations held"
    if warned:
        return Check(
            RESERVED, (f"{says[0]}，警告 {len(warned)} 项见下", f"{says[1]}; warnings, told below: {len(warned)}")
        )
    return Check(GOOD, says)


def _not_learned(asked: Asked) -> list[Check]:
    if not (new := sum(row["value"] is not None and row["lower"] is None for row in asked.rows(queries.GATES))):
        return []
    says = f"{new} 项指标历史太短，尚无往日界限", f"figures with too little history to know what is usual: {new}"
    return [Check(RESERVED, says)]


def _unanswered(asked: Asked) -> list[Check]:
    """Warnings of a gate that its last answer did not accept: nobody let the run go on over them."""
    last = {answer["gate"]: answer for answer in asked.answers}
    accepted = {
        (gate, warning.partition(": ")[0])
        for gate, answer in last.items()
        if answer["decision"] == ACCEPTED
        for warning in answer["warnings"]
    }
    warned = {
        (row["stage"], f"{row['suite']} · {row['expectation']}")
        for row in asked.rows(queries.GATES)
        if not row["success"] and row["severity"] != "critical"
    }
    if not (left := warned - accepted):
        return []
    return [
        Check(
            BAD,
            (
                f"有 {len(left)} 项警告未经任何人接受即发布",
                f"published over warnings that nobody accepted: {len(left)}",
            ),
        )
    ]


def _conserved(asked: Asked) -> Check:
    rows = asked.rows(queries.CONSERVED)
    received = sum(row["received"] for row in rows)
    wrong = sum(row["files_wrong"] for row in rows) + asked.rows(queries.UNCOUNTED)[0]["files"]
    unread = sum(row["quarantined"] for row in asked.rows(queries.SOURCES))
    if wrong:
        return Check(
            BAD,
            (f"{wrong:,} 个文件的记录收支不平", f"Records of {wrong:,} files are not all accounted for"),
        )
    says = (
        f"收到的 {received:,} 条记录逐件有下落，无遗失、无重复计数",
        f"each of {received:,} records received has one fate: none lost, none counted twice",
    )
    if unread:
        says = (
            f"{says[0]}（整件隔离的 {unread:,} 个文件读不出，不计）",
            f"{says[1]} (not of {unread:,} files that nobody can read)",
        )
    return Check(GOOD, says)


def _accounted(asked: Asked) -> Check:
    """Of a month: whether all that came is counted, or among what was left out with its reason."""
    query = queries.UNCOUNTED_ITEMS if asked.gates_of == ("statistics",) else queries.UNMERGED
    rows = asked.rows(query)
    if not rows or rows[0]["lost"]:
        return Check(BAD, ("收支不平：有的既未计入，也未列明原因", "Some of it is neither counted nor left out"))
    many = f"{rows[0]['received']:,}"
    return Check(GOOD, (f"{many} 项均已计入，或列明未计入的原因", f"each of {many} counted, or left out with a reason"))


def _ledger(line: ledger.Line, faults: list[str]) -> list[Check]:
    checks = []
    if line:
        checks.append(
            Check(
                GOOD,
                (
                    f"账本第 {line['line']} 行记有本次的全部文件摘要",
                    f"line {line['line']} of the ledger has the digests of all its files",
                ),
            )
        )
    else:
        checks.append(Check(BAD, ("账本没有本次运行的记录", "The ledger has no line of this run")))
    checks.append(
        Check(BAD, ("账本链条断裂", f"The chain of the ledger is broken: {faults[0]}"))
        if faults
        else Check(GOOD, ("账本链条完整（哈希相连）", "the hash chain of the ledger is whole"))
    )
    return checks


def _reference(asked: Asked) -> list[Check]:
    run = asked.rows(asked.run_row)[0]
    checks = []
    if run["rates_simulated"]:
        checks.append(
            Check(
                RESERVED,
                ("汇率为模拟样本：金额仅供演示", "exchange rates are a simulated sample: amounts are for show"),
            )
        )
    if skipped := run.get("rules_skipped"):
        named = titles()
        chinese, english = ([f"{rule} {named[rule][language]}" for rule in skipped] for language in (0, 1))
        checks.append(
            Check(
                RESERVED,
                (
                    f"缺参考数据未执行的规则：{'、'.join(chinese)}",
                    f"not judged for want of reference data: {', '.join(english)}",
                ),
            )
        )
    return checks


def _rates(asked: Asked) -> list[Check]:
    """Where most items have no rebate rate, nobody loaded the library: refunds say little."""
    found = asked.rows(queries.WITHOUT_RATE)
    if not found or 2 * found[0]["items"] <= found[0]["all_items"]:
        return []
    of, items = f"{found[0]['all_items']:,}", f"{found[0]['items']:,}"
    says = (
        f"退税额不完整：{of} 个商品项中 {items} 项查不到退税率",
        f"refunds are not complete: no rebate rate is known for {items} of {of} items",
    )
    return [Check(RESERVED, says)]


def _order(asked: Asked) -> list[Check]:
    """A run stands on the dates before it, and dates after it stand on it."""
    checks = []
    # of several the first: this page is written when it becomes behind, and not with each date that follows
    if asked.run_date in asked.days.last and (since := asked.days.behind(asked.run_date)):
        says = (
            f"更早的日期（{since[0]} 起）在本次之后又运行过：须重跑本日",
            f"dates before it were run after it, from {since[0]}: it has to be run again",
        )
        checks.append(Check(RESERVED, says))
    published = next((o.result for o in asked.stages if o.stage == "publish"), None) or {}
    if behind := published.get("behind"):
        says = f"以下日期须重跑：{'、'.join(behind)}", f"later dates that have to be run again: {len(behind)}"
        checks.append(Check(RESERVED, says))
    return checks
