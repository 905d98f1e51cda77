"""`make quarantine`: a worklist. Who sent what is quarantined, how many, why, what to do, and what became of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from sandan.read.sources import load_sources
from sandan.run.pages import rows_of, table
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from datetime import date

    from sandan.home import Home

#: every entry, with what became of it; of several things the last
ENTRIES = """
select
    entries.*,
    coalesce(answers.state, 'open') as state,
    answers.run_date as answered_on,
    answers.fate
from audit.quarantine as entries
left join (
    from (
        select run_date, quarantined_on, source_id, path, position, 'resent' as state,
            state || ', ' || by_source_id || '/' || by_path || coalesce(' record ' || by_position, '') as fate
        from audit.resent
        union all
        select run_date, quarantined_on, source_id, path, position, 'replayed',
            concat_ws(' ', state, nullif(array_to_string(rule_ids_now, ' '), ''), records || ' records')
                || ', ' || replayed_path
        from audit.replays
    )
    qualify row_number() over (
        partition by quarantined_on, source_id, path, position order by run_date desc, state desc
    ) = 1
) as answers
    on
        entries.run_date = answers.quarantined_on
        and entries.source_id = answers.source_id
        and entries.path = answers.path
        and entries.position is not distinct from answers.position
"""
WANTED = f"""
from ({ENTRIES})
where
    ($source is null or source_id = $source)
    and ($rule is null or list_contains(rule_ids, $rule))
    and ($day is null or run_date = $day)
    and (not $only_open or state = 'open')
"""
GROUPS = f"""
select
    run_date, source_id, list, rule_ids, state, count(*) as entries, count(position) as records,
    min(reason) as reason
{WANTED}
group by all
order by run_date desc, source_id, list, rule_ids, state
"""
SINGLE = f"""
select path, position, natural_key, state, answered_on, fate, reason
{WANTED}
order by path, position, run_date
"""
#: by the first rule of an entry; of others the sender is asked
SENDER = "the sender corrects it and sends it again"
REMEDIES = {
    "FMT01": "mend the encoding or the mapping and replay, or have the file sent again under its name",
    "FMT02": f"{SENDER}; replay where the mapping was at fault",
    "FMT03": f"{SENDER}; replay where the mapping was at fault",
    "FMT04": f"{SENDER}; replay where the mapping or our code list was at fault",
    "VER03": "replay once the record that it changes is there, or have it sent as a new one",
    "VER04": "nothing can be changed any more: its declaration is released",
}
LONGEST = 90


@dataclass(frozen=True)
class Wanted:
    """What is asked for; without a filter, all of it."""

    source: str | None = None
    rule: str | None = None
    day: date | None = None
    only_open: bool = False


def show(home: Home, wanted: Wanted, console: Console | None = None) -> int:
    """Print the quarantine in groups, and entry by entry where source and day are given; returns the exit status.

    Raises:
        SandanError: nothing is published yet.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    with connect_published(home) as lake:
        groups = rows_of(lake, GROUPS, asdict(wanted))
        single = rows_of(lake, SINGLE, asdict(wanted)) if wanted.source and wanted.day else []
    if not groups:
        console.print(f"Nothing is {'open' if wanted.only_open else 'quarantined'} of what you ask for")
        return 0
    known = load_sources(home.sources)
    for (day, source_id), of_sender in groupby(groups, key=lambda group: (group["run_date"], group["source_id"])):
        console.print(f"\n[bold]{day}[/]  {escape(_sender(known, source_id))}", end="")
        table(console, ("rules", "what", "how many", "state", "for example"), [_group(group) for group in of_sender])
    if single:
        table(console, ("file", "record", "key", "state", "on", "came to", "why"), [_entry(entry) for entry in single])
    open_rules = {rule_id for group in groups if group["state"] == "open" for rule_id in group["rule_ids"][:1]}
    if open_rules:
        table(
            console,
            ("rule", "what to do"),
            [(rule_id, REMEDIES.get(rule_id, SENDER)) for rule_id in sorted(open_rules)],
        )
    still_open = sum(group["entries"] for group in groups if group["state"] == "open")
    console.print(f"\n{still_open:,} open of {sum(group['entries'] for group in groups):,}")
    if not single:
        place = f"SOURCE={groups[0]['source_id']} DATE={groups[0]['run_date']}"
        console.print(escape(f"Entry by entry: make quarantine {place}"))
    return 0


def _sender(known: dict[str, Any], source_id: str) -> str:
    source = known.get(source_id)
    return f"{source_id} ({source.name_zh} {source.name_en}, {source.party_code})" if source else source_id


def _group(group: dict[str, Any]) -> tuple[Any, ...]:
    files = group["entries"] - group["records"]
    return (
        " ".join(group["rule_ids"]),
        group["list"],
        _many(files, "file") if files else _many(group["records"], "record"),
        group["state"],
        _short(group["reason"]),
    )


def _entry(entry: dict[str, Any]) -> tuple[Any, ...]:
    return (
        entry["path"],
        entry["position"],
        entry["natural_key"],
        entry["state"],
        entry["answered_on"],
        entry["fate"],
        _short(entry["reason"]),
    )


def _many(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _short(reason: str | None) -> str:
    reason = reason or ""
    return reason if len(reason) <= LONGEST else f"{reason[: LONGEST - 1]}…"
