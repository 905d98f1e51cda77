"""`docs/statistician.md`: every query and command, as it stands there."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sandan import warehouse
from sandan.home import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.home import Home

TEXT = (PROJECT / "docs" / "statistician.md").read_text("utf-8")
QUERIES, SCRIPTS = (re.findall(rf"^```{kind}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE) for kind in ("sql", "sh"))
COMMANDS = "".join(SCRIPTS).splitlines()
# one process for all: what they share costs more than what they ask
RUN_ALL = """
import json, sys
from sandan.run.cli import main
for arguments in json.loads(sys.argv[1]):
    assert main(arguments) == 0, arguments
"""


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("\n")[0][:40])
def test_queries(home: Home, query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with warehouse.connect_published(home) as lake:
        for statement in lake.extract_statements(query):
            rows = lake.execute(statement).fetchall()
            assert rows or "trade_revisions" in query


def test_commands(home: Home, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    installed.touch()
    environment = os.environ | {"SANDAN_HOME": str(home.root), "PYTHONPATH": str(PROJECT / "plugins")}

    def run(*command: str, folder: Path) -> str:
        return subprocess.run(  # noqa: S603 # the page says it
            command, cwd=folder, env=environment, capture_output=True, text=True, check=True
        ).stdout

    metrics = []
    for command in COMMANDS:
        shown = ("--dry-run", "--no-print-directory", f"PY={sys.executable}", f"INSTALLED={installed}")
        told = run(*shlex.split(command), *shown, folder=PROJECT)
        python, what, *arguments = shlex.split(told)
        if what == "-m":
            metrics.append(arguments[1:])
        else:
            run(python, str(PROJECT / what), *arguments, folder=tmp_path)
    run(sys.executable, "-c", RUN_ALL, json.dumps(metrics), folder=tmp_path)
    assert len((tmp_path / "headings.csv").read_text("utf-8").splitlines()) == 1 + 20
    assert len(list((tmp_path / "tables").glob("*.csv"))) == 5
    assert len(metrics) == 4


def test_every_metric_of_the_page_is_one_and_the_other_way_round() -> None:
    metrics = (PROJECT / "dbt_project" / "metrics" / "models" / "metrics.yml").read_text("utf-8")
    defined = set(re.findall(r"^  - name: (\w+)", metrics, re.MULTILINE))
    (table,) = re.findall(r"^\| metrics \|.*?\n\n", TEXT, re.DOTALL | re.MULTILINE)
    told = {name for row in table.strip().splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert told == defined - {"timed_lists", "hours_to_release"}
