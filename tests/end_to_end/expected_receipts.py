"""Which receipt each record, declaration and file of a day gets: the simulator's truth in the codes of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandan.simulate.sources import SOURCES

from .comparison import truth_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sandan.home import Home

RECEIVED, DRAFT, CANCELLED, NO_KEYS = "120", "1", "399", "-1"
#: of a declaration that was decided
DECIDED = {
    "waiting": "120", "review": "300", "refused": "100", "released": "800", "closed": "899", "returned": "899",
    "cancelled": CANCELLED,
}  # fmt: skip
#: of a record that was not taken, by message: (a record rule, VER01, VER02, VER03, VER04), or the rule by its name
_ORDER = {"FMT05": "-301002", "FMT06": "-301001"}
NOT_TAKEN: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "CEB303": (("-301008", "-301010", "-301014", "-301009", "-301011"), _ORDER),
    "CEB311": (("-301008", "-301010", "-301014", "-301009", "-301011"), _ORDER),
    "CEB403": (("-401009", "-401007", "-401012", "-401006", "-401008"), {}),
    "CEB411": (("-401009", "-401007", "-401012", "-401006", "-401008"), {}),
    "CEB505": (("-504011", "-504015", "-505016", "-504014", "-504016"), {}),
    "CEB511": (("-504011", "-504015", "-505016", "-504014", "-504016"), {}),
    "CEB603": (("-602001", "-603001", "-604001", "-603001", "-603001"), {}),
    "CEB621": (("-621001", "-621004", "-621003", "-621011", "-621012"), {"FMT06": "-621000"}),
    "CEB605": (("-606001", "", "-608001", "-607001", "-607001"), {}),
    "CEB623": (("-623001", "", "-623023", "-623003", "-623005"), {}),
    "CEB507": (("-802001",), {}),
    "CEB509": (("-506001",), {}),
    "CEB513": (("-505011",), {}),
    "CEB213": (("-625001",), {}),
    "CEB625": (("-625001",), {}),
}
VERSION_RULES = ("VER01", "VER02", "VER03", "VER04")

Receipt = tuple[Any, ...]


def expected_receipts(home: Home, day: date, before: date | None) -> set[Receipt]:
    """(what, where, return status, rules named) of all that the run of `day` answers; `before` is the run before it."""
    return {*_of_records(home, day), *_of_declarations(home, day, before), *_of_files(home, day)}


def found_receipts(warehouse: Any, day: date) -> set[Receipt]:
    """The same as written; a rule is named by its id. Each receipt occurs once."""
    rows = warehouse.execute(
        """
        with receipts as (
            select *, left(receipt_id, 1) as about, cast(receipt_id[2:] as bigint) as number
            from exchange.receipts where run_date = $1
        )
        select
            about,
            if(about = 'D', [ebc_code, cop_no], [receipts.source_id, files.path]),
            if(about = 'R', number % 10000000, null),
            return_status,
            list_sort(regexp_extract_all(return_info, 'Code:([A-Z]{3}[0-9]{2});Desc:[^]]*[一-龥]', 1))
        from receipts
        left join raw.files as files on about <> 'D' and files.file_id = if(about = 'R', number // 10000000, number)
        """,
        [day],
    ).fetchall()
    receipts = {(about, *whose, position, status, tuple(rules)) for about, whose, position, status, rules in rows}
    assert len(receipts) == len(rows)
    return receipts


def _of_records(home: Home, day: date) -> Iterator[Receipt]:
    for row in truth_rows(home, day, "records"):
        if row["run_date"] == day:
            message = SOURCES[row["source_id"]].message
            status, rules = _answer(message, row["state"], tuple(sorted(row["rule_ids"])))
            if not row["named"] and not status.startswith("-"):
                status = NO_KEYS
            yield "R", row["source_id"], row["path"], row["position"], status, rules


def _answer(message: str, state: str, rules: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    if state in {"accepted", "superseded"}:
        return CANCELLED if message in {"CEB605", "CEB623"} else RECEIVED, ()
    if state == "draft":
        return DRAFT, ()
    rules = {"duplicate": ("VER01",), "stale": ("VER02",)}.get(state, rules)
    codes, by_rule = NOT_TAKEN[message]
    place = VERSION_RULES.index(rules[0]) + 1 if rules[0] in VERSION_RULES else 0
    return by_rule.get(rules[0], codes[place]), rules


def _of_declarations(home: Home, day: date, before: date | None) -> Iterator[Receipt]:
    """Whatever a declaration is told when its status or failed rules are others than the day before."""
    known = {tuple(row.values())[:2]: row for row in truth_rows(home, before, "declarations")} if before else {}
    for row in truth_rows(home, day, "declarations"):
        if known.get((row["ebc_code"], row["cop_no"])) != row:
            named = row["failed_rules"] if row["status"] in {"waiting", "review", "refused", "released"} else []
            yield "D", row["ebc_code"], row["cop_no"], None, DECIDED[row["status"]], tuple(sorted(named))


def _of_files(home: Home, day: date) -> Iterator[Receipt]:
    for row in truth_rows(home, day, "files"):
        if row["run_date"] == day and row["state"] == "quarantined":
            yield "F", row["source_id"], row["path"], None, "-1", ("FMT01",)
