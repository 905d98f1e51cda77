"""docs/benchmarks.md says what was measured."""

from __future__ import annotations

import json

import documentation
import pytest


def test_every_figure_of_the_page_is_of_a_result():
    page = documentation.PAGE.read_text("utf-8")
    assert documentation.written(page, documentation.read(documentation.FOLDER)) == page


@pytest.fixture
def results(tmp_path) -> documentation.Results:
    machine = {"date": "2026-11-24", "processor": "one", "cores": "2", "load before": "0.1"}
    heads = ["stage", "seconds, 20 decl.", "seconds", "records/s", "peak MB", "written MB"]
    day = [["read", "0.4", "13.2", "30,146", "573", "170"], ["all", "61.9", "130.3", "3,065", "1,586", "909"]]
    for name, told in {
        "day-100000": {"title": "A day", "heads": heads, "rows": day, "notes": ["Target: met."]},
        "history-days": {
            "title": "Days",
            "heads": ["day", "read", "all", "records", "warehouse MB"],
            "rows": [["1", "1.00", "2.00", "4,000", "12"], ["2", "1.10", "2.20", "4,100", "14"]],
            "notes": [],
        },
        "peers-100000": {
            "title": "Peers",
            "heads": ["", "seconds", "with start", "declarations/s", "peak MB"],
            "rows": [["DuckDB (ours)", "0.30", "0.5", "300,000", "210"]],
            "notes": [],
        },
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(told | {"machine": machine}), "utf-8")
    return documentation.read(tmp_path)


def test_a_result_takes_its_place_and_a_new_one_goes_to_the_end(results):
    page = "# Speed\n\n<!-- machine -->\nold\n<!-- end -->\n\n<!-- day-100000 -->\nold\n<!-- end -->\n\nWords.\n"
    text = documentation.written(page, results)
    assert "old" not in text
    assert "processor one, cores 2\n" in text
    assert text.index("| read  |") < text.index("Target: met.") < text.index("Words.") < text.index("DuckDB (ours)")
    assert "| 1.10" not in text  # drawn, and not shown as a table
    assert documentation.written(text, results) == text


def test_a_drawing_of_each_kind(results):
    drawn = {name: documentation.drawing(name, results) for name in documentation.pictures(results)}
    assert set(drawn) == {"days", "history", "peers-100000"}
    assert all(text.startswith("<svg") for text in drawn.values())
    assert "DuckDB (ours)" in drawn["peers-100000"]
