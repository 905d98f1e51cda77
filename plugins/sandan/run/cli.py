"""The command line: `python -m sandan <command>`; the Makefile calls it."""

from __future__ import annotations

import argparse
import sys

from sandan.errors import SandanError
from sandan.home import Home
from sandan.rooms import restrict
from sandan.run import clock
from sandan.run.arguments import day, month, number, run_name, times


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    home = Home.from_environment()
    restrict(home)
    try:
        return int(options.command(home, options))
    except SandanError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandan", description="The three lists, matched.")
    commands = parser.add_subparsers(required=True, metavar="command")

    run = commands.add_parser("run", help="run one date through Airflow, in this process")
    run.add_argument("--date", type=day, default=clock.yesterday(), help="YYYY-MM-DD; default: yesterday in Beijing")
    run.set_defaults(command=_run)

    consolidate = commands.add_parser("consolidate", help="merge a month's closed export lists into declaration forms")
    consolidate.add_argument(
        "--month", type=month, default=clock.last_month(), help="YYYY-MM; default: the last month that is over"
    )
    consolidate.set_defaults(command=_consolidate)

    statistics = commands.add_parser(
        "statistics", help="count the trade of a month: the next vintage of its statistics"
    )
    statistics.add_argument(
        "--month", type=month, default=clock.last_month(), help="YYYY-MM; default: the last month that is over"
    )
    statistics.add_argument("--final", action="store_true", help="the last vintage of the month: none follows")
    statistics.set_defaults(command=_statistics)

    simulate = commands.add_parser("simulate", help="write a simulated landing day, and its truth")
    simulate.add_argument("--date", type=day, default=clock.yesterday())
    simulate.add_argument("--declarations", type=number, default=2_000)
    simulate.add_argument("--seed", type=int, help="default: made from the date")
    simulate.add_argument("--faults", type=times, default=1.0, help="so many times the usual share of faults")
    simulate.set_defaults(command=_simulate)

    check = commands.add_parser("check", help="validate every source and service file")
    check.set_defaults(command=_check)

    sql = commands.add_parser("sql", help="read-only SQL on the published lake")
    sql.add_argument("-c", dest="query", help="run one query and end")
    sql.set_defaults(command=_sql)

    metrics = commands.add_parser("mf", help="MetricFlow on the published lake: mf query --metrics … --group-by …")
    metrics.add_argument("arguments", nargs=argparse.REMAINDER, help="what mf understands")
    metrics.set_defaults(command=_metrics)

    track = commands.add_parser("track", help="what happened to each parcel of an order")
    track.add_argument("--order", required=True, help="order number of the platform")
    track.set_defaults(command=_track)

    rebate = commands.add_parser("rebate", help="why the items of a declaration form get a rebate, or not yet")
    rebate.add_argument("--form", required=True, help="number of the consolidated form, or the one that customs gave")
    rebate.add_argument("--line", type=number, help="line of the form; default: all")
    rebate.set_defaults(command=_rebate)

    pack = commands.add_parser("pack", help="write the package of one enterprise: a page, a workbook, Parquet files")
    pack.add_argument("--enterprise", required=True, help="customs code of the e-commerce enterprise (ebcCode)")
    pack.add_argument("--month", type=month, required=True, help="YYYY-MM")
    pack.set_defaults(command=_pack)

    _add_auditing(commands)

    airflow = commands.add_parser("airflow", help="open the project in Airflow's own UI")
    airflow.set_defaults(command=_airflow)
    return parser


def _add_auditing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands of auditors, of those who answer them, and of who keeps the home."""
    audit = commands.add_parser("audit", help="write the audit report of a date again, and the index over all runs")
    audit.add_argument("--date", type=day, default=clock.yesterday(), help="YYYY-MM-DD; default: yesterday in Beijing")
    audit.set_defaults(command=_audit)

    quarantine = commands.add_parser("quarantine", help="what is quarantined, why, what to do, and what became of it")
    quarantine.add_argument("--source", help="id of the source")
    quarantine.add_argument("--rule", help="id of a rule, e.g. FMT04")
    quarantine.add_argument("--day", type=day, help="YYYY-MM-DD: date of the run; with --source, entry by entry")
    quarantine.add_argument("--open", action="store_true", help="only what was neither sent again nor replayed")
    quarantine.set_defaults(command=_quarantine)

    replay = commands.add_parser("replay", help="have a later run read again what a source has open in the quarantine")
    replay.add_argument("--source", required=True, help="id of the source")
    replay.add_argument("--date", type=day, required=True, help="YYYY-MM-DD: date of the run that quarantined it")
    replay.add_argument("--into", type=day, help="YYYY-MM-DD: run to read it; default: the day after the last run")
    replay.set_defaults(command=_replay)

    prove = commands.add_parser("prove", help="from a published row to landing files, each link computed again")
    what = prove.add_mutually_exclusive_group(required=True)
    what.add_argument("--declaration", help="EBC_CODE/COP_NO: customs code of the enterprise, its number of the list")
    what.add_argument("--cell", help="PERIOD/FLOW/HS_CODE/PARTNER, e.g. 2026-11/E/61091000/USA")
    prove.set_defaults(command=_prove)

    verify = commands.add_parser("verify", help="compare everything with the ledger of all runs")
    verify.add_argument("--run", type=run_name, help="YYYY-MM-DD or YYYY-MM: files and logs of this run alone")
    verify.add_argument("--head", help="a hash noted before: some line of the ledger must have it")
    verify.set_defaults(command=_verify)

    forget = commands.add_parser("forget", help="remove clear personal data of everything that landed before a date")
    forget.add_argument("--before", type=day, required=True, help="YYYY-MM-DD, the first date that is kept")
    forget.set_defaults(command=_forget)

    housekeeping = commands.add_parser(
        "housekeeping", help="remove what can be made again, and say how much room it took"
    )
    housekeeping.add_argument("--keep-days", type=number, help="default: SANDAN_KEEP_DAYS, or 31")
    housekeeping.set_defaults(command=_housekeeping)


def _run(home: Home, options: argparse.Namespace) -> int:
    from sandan.run.day import run

    return run(home, options.date)


def _consolidate(home: Home, options: argparse.Namespace) -> int:
    from sandan.run.month import consolidate

    return consolidate(home, options.month)


def _statistics(home: Home, options: argparse.Namespace) -> int:
    from sandan.run.vintage import count

    return count(home, options.month, final=options.final)


def _simulate(home: Home, options: argparse.Namespace) -> int:
    from sandan.simulate import simulate_day
    from sandan.simulate.papers import simulate_papers

    seed = clock.seed_of(options.date) if options.seed is None else options.seed
    told = simulate_day(home, options.date, options.declarations, seed, faults=options.faults)
    written = simulate_papers(home, options.date)
    print(f"simulated {told.declarations:,} declarations for {told.run_date}: {told.files:,} files in {home.landing}")
    if written.papers:
        print(f"simulated {written.papers:,} papers about published forms: {written.files:,} files")
    print(f"truth: {told.truth}")
    return 0


def _check(home: Home, options: argparse.Namespace) -> int:  # noqa: ARG001 - every command has the same shape
    from sandan.run.check import check

    return check(home)


def _sql(home: Home, options: argparse.Namespace) -> int:
    from sandan.warehouse.shell import shell

    return shell(home, options.query)


def _metrics(home: Home, options: argparse.Namespace) -> int:
    from sandan.metrics import metric_flow

    return metric_flow(home, options.arguments)


def _track(home: Home, options: argparse.Namespace) -> int:
    from sandan.run.track import track

    return track(home, options.order)


def _rebate(home: Home, options: argparse.Namespace) -> int:
    from sandan.run.rebate import explain

    return explain(home, options.form, options.line)


def _quarantine(home: Home, options: argparse.Namespace) -> int:
    from sandan.run.quarantine import Wanted, show

    return show(home, Wanted(options.source, options.rule, options.day, options.open))


def _replay(home: Home, options: argparse.Namespace) -> int:
    from sandan.run.replay import replay

    return replay(home, options.source, options.date, options.into)


def _prove(home: Home, options: argparse.Namespace) -> int:
    from sandan import evidence

    if options.cell:
        return evidence.prove_cell(home, options.cell)
    return evidence.prove(home, options.declaration)


def _verify(home: Home, options: argparse.Namespace) -> int:
    from sandan import evidence

    return evidence.verify(home, options.run, options.head)


def _audit(home: Home, options: argparse.Namespace) -> int:
    from sandan.audit import write_audit

    print(f"audit report of {options.date}: {write_audit(home, options.date)}")
    print(f"all runs: {home.audit / 'index.html'}")
    return 0


def _pack(home: Home, options: argparse.Namespace) -> int:
    from sandan.pack import write_package

    folder = write_package(home, options.enterprise, options.month)
    print(f"package of {options.enterprise} for {options.month}: {folder}")
    print(f"open it in any browser: {folder / 'report.html'}")
    return 0


def _forget(home: Home, options: argparse.Namespace) -> int:
    from sandan.run.forget import forget

    return forget(home, options.before)


def _housekeeping(home: Home, options: argparse.Namespace) -> int:
    from sandan.run.housekeeping import tidy

    return tidy(home, options.keep_days)


def _airflow(home: Home, options: argparse.Namespace) -> int:  # noqa: ARG001 - every command has the same shape
    from sandan.run.server import serve

    return serve(home)
