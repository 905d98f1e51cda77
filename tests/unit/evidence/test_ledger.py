"""The file of the ledger: whatever happens to a line is seen, and a line cut short by a kill is not in the way."""

from __future__ import annotations

import json

import pytest

from sandan.evidence import ledger

LINE = {"event": "day", "run_id": "r", "at": "2026-11-22T01:02:03", "sources": {}, "lake": {}}
LINE |= {"catalogue": {}, "landing": {}, "logs": {}}


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "ledger.jsonl"
    for day in (18, 19, 20, 21):
        ledger.append(file, LINE | {"snapshot": day, "run": f"2026-11-{day}", "landing": {"shop/a.xml": f"{day}"}})
    return file


def changed(file, change) -> list[str]:
    lines = file.read_text().splitlines()
    change(lines)
    file.write_text("".join(f"{line}\n" for line in lines))
    return [fault.partition(":")[0] for fault in ledger.faults(file)]


def test_each_line_has_the_hash_of_the_one_before(file):
    lines = ledger.lines(file)
    assert [line["previous"] for line in lines] == [ledger.NOTHING, *(line["hash"] for line in lines[:-1])]
    assert ledger.faults(file) == []
    assert ledger.head(file) == f"line 4, hash {lines[-1]['hash']}"


def test_a_changed_line_is_named(file):
    def change(lines):
        lines[1] = lines[1].replace('"19"', '"20"')

    assert changed(file, change) == ["ledger line 2 was changed"]


def test_a_changed_line_with_its_hash_made_new_is_named_by_the_next(file):
    def change(lines):
        line = json.loads(lines[1]) | {"run": "2026-11-09"}
        lines[1] = json.dumps(line | {"hash": ledger.hash_of(line)})

    assert changed(file, change) == ["ledger line 3 does not follow the one before"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda lines: lines.pop(1), "ledger line 2 does not follow the one before"),
        (lambda lines: lines.insert(2, lines[2]), "ledger line 4 does not follow the one before"),
        (lambda lines: lines.insert(1, "no JSON"), "ledger line 2 is no line of a ledger"),
        (lambda lines: lines.insert(1, "17"), "ledger line 2 is no line of a ledger"),
        (lambda lines: lines.insert(1, '{"line": 2}'), "ledger line 2 is no line of a ledger"),
    ],
    ids=["removed", "put in twice", "not JSON", "no object", "says too little"],
)
def test_a_line_that_is_gone_or_too_many_is_named(file, change, named):
    assert changed(file, change)[0] == named


def test_a_line_cut_short_is_named_and_gives_way_to_the_next(file):
    whole = ledger.lines(file)
    file.write_bytes(file.read_bytes()[:-40])
    assert ledger.faults(file) == ["ledger line 4 is cut short"]
    line = ledger.append(file, LINE | {"snapshot": 21, "run": "2026-11-21"})
    assert (line["line"], line["previous"]) == (4, whole[2]["hash"])
    assert ledger.faults(file) == []


def test_a_second_line_of_a_snapshot_is_named(file):
    ledger.append(file, LINE | {"snapshot": 19, "run": "2026-11-19"})
    assert ledger.faults(file) == ["ledger line 5 is about snapshot 19, as line 2 is"]


def test_what_was_forgotten_takes_the_place_of_what_was_read(file):
    change = {"shop/a.xml": {"was": "19", "is": None}}
    ledger.append(
        file,
        {"event": "forget", "run": "2026-11-19", "at": "2027-01-02T03:04:05", "landing": change, "logs": {"s": "1"}},
    )
    runs = ledger.by_run(ledger.lines(file))
    assert runs["2026-11-19"]["landing"] == {"shop/a.xml": None}
    assert runs["2026-11-19"]["forgotten"] == {"shop/a.xml": "2027-01-02"}
    assert runs["2026-11-19"]["logs"] == {"s": "1"}
    assert runs["2026-11-20"]["landing"] == {"shop/a.xml": "20"}
    # a date that landed and ran again stands for itself
    ledger.append(file, LINE | {"snapshot": 22, "run": "2026-11-19", "landing": {"shop/b.xml": "5"}})
    assert ledger.by_run(ledger.lines(file))["2026-11-19"]["landing"] == {"shop/b.xml": "5"}
