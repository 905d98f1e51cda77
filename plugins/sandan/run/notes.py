"""What the operator should know of a run beside its numbers, from what its stages left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from sandan.run import outcomes

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from sandan.home import Home
    from sandan.month import Month
    from sandan.run.outcomes import Outcome


def show(console: Console, home: Home, run: date | Month) -> None:
    """Print the notes of the run, as far as it got: one line each."""
    for outcome in outcomes.of_run(home, run):
        for note in _of_stage(home, run, outcome):
            # what was observed comes from outside: file names may hold anything
            console.print(f"[yellow]![/] {escape(' '.join(note.split()))}")


def _of_stage(home: Home, run: date | Month, outcome: Outcome) -> list[str]:
    if not outcome.ok:
        return _of_failed(home, run, outcome.stage)
    if outcome.stage == "survey":
        return [f"no source claims the landing folder {folder}" for folder in outcome.result["unclaimed"]]
    if outcome.stage == "lineage":
        return _of_lineage(home, run, outcome)
    kind, _, gate = outcome.stage.partition("_")
    if kind in {"gate", "approve"}:
        # a gate's warnings, and the answer to them
        return [f"gate {gate}: {line}" for line in outcome.result["warnings" if kind == "gate" else "answers"]]
    published = {"publish": _of_publish, "publish_month": _of_month, "publish_vintage": _of_vintage}
    return published[outcome.stage](home, outcome) if outcome.stage in published else []


def _of_failed(home: Home, run: date | Month, stage: str) -> list[str]:
    """Of stages that come after all else: the error of another is what stopped the run."""
    kept = home.report_of(run) / "gates"
    notes = {
        "data_docs": f"the data docs of this run could not be built, see the log; what the gates observed is in {kept}",
        "audit_report": f"the audit report of this run could not be written, see the log; again: make audit DATE={run}",
        "audit_index": "the audit report of the month could not be written, see the log; its next run writes it",
        "lineage": "the lineage of this run could not be told, see the log",
    }
    return [notes[stage]] if stage in notes else []


def _of_lineage(home: Home, run: date | Month, outcome: Outcome) -> list[str]:
    notes = []
    if unsent := outcome.result["unsent"]:
        notes.append(f"lineage was not sent, all of it is in {home.lineage_of(run)}: {unsent}")
    if unknown := outcome.result["unknown"]:
        notes.append(f"columns of {', '.join(unknown)} could not be followed")
    return notes


def _of_publish(home: Home, outcome: Outcome) -> list[str]:
    notes = [f"rule skipped: {line}" for line in outcome.result["rules_skipped"]]
    if outcome.result["rates_simulated"]:
        notes.append(_simulated_rates(home))
    if outcome.result["register_simulated"]:
        notes.append(f"the party register is simulated; put your own in {home.reference / 'party_register.csv'}")
    if outcome.result["tariff_simulated"]:
        notes.append(
            f"rates of import taxes are the simulated sample; put your own in {home.reference / 'import_rates.csv'}"
        )
    if outcome.result["behind"]:
        notes.append(f"now behind, run them again in this order: {', '.join(outcome.result['behind'])}")
    if months := outcome.result.get("months_behind"):
        notes.append(f"months now behind, consolidate them again in this order: {', '.join(months)}")
    return notes


def _of_month(home: Home, outcome: Outcome) -> list[str]:
    notes = _of_vintage(home, outcome)
    if outcome.result["behind"]:
        notes.append(f"now behind, consolidate them again in this order: {', '.join(outcome.result['behind'])}")
    if days := outcome.result.get("days_behind"):
        notes.append(f"days now behind, run them again in this order: {', '.join(days)}")
    return notes


def _of_vintage(home: Home, outcome: Outcome) -> list[str]:
    return [_simulated_rates(home)] if outcome.result["rates_simulated"] else []


def _simulated_rates(home: Home) -> str:
    return f"exchange rates are the simulated sample; put your own in {home.reference / 'exchange_rates.csv'}"
