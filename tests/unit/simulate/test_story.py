"""Three simulated days, read back and decided again from the landing alone."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow.parquet as pq
import pytest
from simulate_landed import Landed, files, records
from simulate_oracle import Oracle

from sandan.errors import SandanError
from sandan.home import PROJECT, Home
from sandan.simulate import simulate_day

if TYPE_CHECKING:
    from pathlib import Path

FIRST = date(2026, 11, 20)
DAYS = [FIRST + timedelta(n) for n in range(4)]
DECLARATIONS = 900
FAULTS = 3  # times as many as usual


class Story(NamedTuple):
    home: Home
    rows: dict[str, list[dict[str, Any]]]  # the last truth


def truth(home: Home, day: date, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(home.simulation / f"truth/{day}/{table}.parquet").to_pylist()
    return rows


def last_truth(home: Home, day: date) -> Story:
    tables = ("declarations", "records", "files", "returned", "taxes", "buyers")
    return Story(home, {table: truth(home, day, table) for table in tables})


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    home = Home(tmp_path_factory.mktemp("story"), PROJECT / "sources")
    for day in DAYS:
        simulate_day(home, day, DECLARATIONS, seed=11, faults=FAULTS)
    return last_truth(home, DAYS[-1])


def landed(home: Home, day: date, expected: dict[tuple[date, str, str], str]) -> list[Landed]:
    """All records of the files that the truth says are read; every other file is one it knows."""
    found = []
    for folder in sorted(home.landing.glob(f"*/{day}")):
        for path, content in files(folder):
            if expected[day, folder.parent.name, path] == "read":
                found += records(folder, day, path, content)
    return found


def test_every_file_is_in_the_truth(story: Story) -> None:
    told = {(f["run_date"], f["source_id"], str(f["path"]).split("/")[0]) for f in story.rows["files"]}
    there = {
        (date.fromisoformat(f.parent.name), f.parent.parent.name, f.name) for f in story.home.landing.glob("*/*/*")
    }
    assert told == there
    states = Counter(f["state"] for f in story.rows["files"])
    assert set(states) == {"read", "repeated", "quarantined"}


def test_landing_and_truth_agree(story: Story) -> None:
    agree(story, DAYS)
    assert {r["state"] for r in story.rows["records"]} == {
        "accepted", "superseded", "duplicate", "stale", "draft", "quarantined",
    }  # fmt: skip


def agree(story: Story, days: list[date]) -> None:
    """Every record, status and failed rule, tax and return of some days, decided again from the landing."""
    file_states = {(f["run_date"], f["source_id"], f["path"]): f["state"] for f in story.rows["files"]}
    expected = {(r["run_date"], r["source_id"], r["path"], r["position"]): r for r in story.rows["records"]}
    taxes: dict[tuple[str, str], list[Any]] = {}
    for row in story.rows["taxes"]:
        line = (row["gnum"], row["tariff"], row["consumption_tax"], row["vat"])
        taxes.setdefault((row["ebc_code"], row["cop_no"]), []).append(line)
    returned: dict[tuple[str, str], list[Any]] = {}
    for row in story.rows["returned"]:
        line = (row["gnum"], row["returned_qty"], row["in_time"])
        returned.setdefault((row["ebc_code"], row["cop_no"]), []).append(line)
    oracle = Oracle(story.home.reference / "party_register.csv")
    received: list[Landed] = []
    for day in days:
        todays = landed(story.home, day, file_states)
        received += todays
        spoiled = {r.place for r in todays if any(str(x).startswith("FMT") for x in rules(expected[r.place]))}
        oracle.run(day, [r for r in todays if r.place not in spoiled])
        for r in todays:
            if r.place in spoiled:
                r.state, r.rule = "quarantined", ",".join(rules(expected[r.place]))
        told: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {
            (d["ebc_code"], d["cop_no"]): (d["status"], tuple(d["failed_rules"]))
            for d in truth(story.home, day, "declarations")
        }
        found = {key: (d.status, d.failed) for key, d in oracle.told.items()}
        wrong = {key: (told.get(key), found.get(key)) for key in told | found if told.get(key) != found.get(key)}
        assert not wrong, f"{day}: {list(wrong.items())[:5]}"
    assert {r.place for r in received} == set(expected)
    wrong_lines = [
        (key, told, found)
        for key, d in oracle.told.items()
        if key in oracle.current["declaration"]
        and (told := sorted(returned.get(key, [])))
        != (found := sorted((g, q, d.in_time) for g, q in d.returned.items()))
    ]
    assert not wrong_lines, wrong_lines[:5]
    imports = [key for key, d in oracle.current["declaration"].items() if d.flow == "I"]
    wrong_taxes = [(key, taxes[key], found) for key in imports if taxes[key] != (found := oracle.taxes(key))]
    assert not wrong_taxes, wrong_taxes[:5]
    wrong_records = [
        (r.place, r.message, r.state, r.rule, expected[r.place])
        for r in received
        if (r.state, r.rule) != (expected[r.place]["state"], ",".join(rules(expected[r.place])))
    ]
    assert not wrong_records, wrong_records[:5]


def rules(row: dict[str, Any]) -> list[str]:
    found: list[str] = row["rule_ids"]
    return found


def test_every_rule_in_force_is_broken(story: Story) -> None:
    failed = {rule for d in story.rows["declarations"] for rule in d["failed_rules"]}
    failed |= {rule for day in DAYS for d in truth(story.home, day, "declarations") for rule in d["failed_rules"]}
    assert failed == {
        "DOC01", "DOC02", "DOC03", "DOC04", "ORD01", "ORD02", "ORD03", "ORD04", "ORD05", "ORD06", "PAY01", "PAY02",
        "LOG01", "LOG02", "LOG04", "WGT01", "HSC01", "PTY01", "ORD07", "ORD08", "PAY03", "PAY04", "PAY05", "LOG03",
        "LOG05", "LOG06", "BUY01", "BUY02", "LIM01", "LIM02", "TAX01",
    }  # fmt: skip
    broken = {rule for r in story.rows["records"] for rule in rules(r)}
    assert broken == {"FMT01", "FMT02", "FMT03", "FMT04", "FMT05", "FMT06", "FMT07", "VER03", "VER04"}
    assert {d["status"] for d in story.rows["declarations"]} == {
        "waiting", "review", "refused", "released", "closed", "returned", "cancelled",
    }  # fmt: skip


def test_what_is_due_tomorrow_waits_in_the_outbox(story: Story) -> None:
    outbox = story.home.simulation / "outbox"
    assert sorted(p.name for p in outbox.iterdir()) == [
        *(str(DAYS[-1] + timedelta(n)) for n in (1, 2, 3)),
        *(str(day + timedelta(n)) for n in (33, 47) for day in DAYS),
    ]
    due = {p.parent.name for p in outbox.glob(f"{DAYS[-1] + timedelta(1)}/*/landing/*/*")}
    assert {"export-departures", "import-signings"} <= due
    assert due & {"export-orders", "import-orders", "local-orders"}


def test_a_day_is_told_once(story: Story) -> None:
    with pytest.raises(SandanError, match="already"):
        simulate_day(story.home, DAYS[-1], 10, seed=1)


def _bytes(home: Home) -> dict[str, bytes]:
    return {str(p.relative_to(home.landing)): p.read_bytes() for p in home.landing.rglob("*") if p.is_file()}


def test_the_same_story_twice_is_the_same_bytes(tmp_path: Path) -> None:
    homes = [Home(tmp_path / name, PROJECT / "sources") for name in "ab"]
    for home in homes:
        for day in DAYS[:2]:
            simulate_day(home, day, 120, seed=3)
    first, second = (_bytes(home) for home in homes)
    assert first == second
    assert truth(homes[0], DAYS[1], "records") == truth(homes[1], DAYS[1], "records")


def test_days_left_out_land_with_the_next(tmp_path: Path) -> None:
    home = Home(tmp_path, PROJECT / "sources")
    simulate_day(home, FIRST, 60, seed=5)
    summary = simulate_day(home, FIRST + timedelta(40), 0, seed=5)
    assert summary.delivered > 0
    assert not any((home.simulation / "outbox").glob(f"{FIRST + timedelta(1)}"))
    assert summary.statuses.get("waiting", 0) == 0  # the window is over: DOC04


def test_an_earlier_day_joins_the_later_truth(tmp_path: Path) -> None:
    home = Home(tmp_path, PROJECT / "sources")
    simulate_day(home, DAYS[2], 80, seed=5)
    before = truth(home, DAYS[2], "declarations")
    outbox = sorted((home.simulation / "outbox").rglob("*"))
    simulate_day(home, DAYS[0], 80, seed=5)
    own, both = truth(home, DAYS[0], "declarations"), truth(home, DAYS[2], "declarations")
    assert len(both) == len(before) + len(own)
    assert all(row in both for row in before + own)
    assert len(truth(home, DAYS[2], "records")) > len(truth(home, DAYS[0], "records"))
    assert sorted((home.simulation / "outbox").rglob("*")) == outbox


def test_progress_is_reported(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    simulate_day(Home(tmp_path, PROJECT / "sources"), FIRST, 50, seed=1, progress=lambda *now: seen.append(now))
    assert seen == [(50, 50)]


def test_simplified_goods_under_control(tmp_path: Path) -> None:
    """Where the operator has export controls, some fail SIM01, and no clean declaration does."""
    home = Home(tmp_path, PROJECT / "sources")
    home.reference.mkdir(parents=True)
    (home.reference / "export_controls.csv").write_text(
        "hs_code,measure,valid_from,valid_to\n8517623990,permit,2020-01-01,\n6109,duty,2020-01-01,\n"
    )
    for day in DAYS[:2]:
        simulate_day(home, day, 900, seed=11)
    rows = truth(home, DAYS[1], "declarations")
    failed = [d["failed_rules"] for d in rows if "SIM01" in d["failed_rules"]]
    assert 1 <= len(failed) <= 6
    for record in (r for day in DAYS[:2] for f in home.landing.glob(f"export-declarations/{day}") for r in read_all(f)):
        assert record.head.get("statisticsFlag") != "A" or not any(i["gcode"][:4] == "6109" for i in record.items)


def test_weeks_that_bring_buyers_to_their_limit(tmp_path: Path) -> None:
    """Four weeks and two days long after them, on which returns come that are late."""
    home = Home(tmp_path, PROJECT / "sources")
    days = [FIRST + timedelta(n) for n in (*range(28), 60, 75)]
    for day in days:
        simulate_day(home, day, 40 if day < days[28] else 0, seed=day.toordinal(), faults=5)
    story = last_truth(home, days[-1])
    agree(story, days)
    assert {row["in_time"] for row in story.rows["returned"]} == {True, False}
    totals = [row["total"] for row in story.rows["buyers"]]
    assert 2_400_000 < max(totals) <= 2_600_000
    assert min(totals) >= 0


def read_all(folder: Path) -> list[Landed]:
    return [r for path, content in files(folder) if "_B" not in path for r in records(folder, FIRST, path, content)]
