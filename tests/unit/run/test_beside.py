"""dbt reads its project beside the start of a first run."""

from __future__ import annotations

import subprocess
import time

import pytest

from sandan.home import PROJECT, Home
from sandan.run.beside import parsed_beside

NOTES = "partial_parse.msgpack"


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(root=tmp_path, sources=PROJECT / "sources")


def test_a_first_run_finds_the_project_read(home):
    with parsed_beside(home):
        until = time.monotonic() + 300
        while not (home.dbt / NOTES).exists() and time.monotonic() < until:
            time.sleep(0.1)
    assert (home.dbt / NOTES).exists()


def test_another_run_starts_no_process(home, monkeypatch):
    home.dbt.mkdir()
    (home.dbt / NOTES).touch()
    monkeypatch.setattr(subprocess, "Popen", None)
    with parsed_beside(home):
        pass


def test_a_run_that_ends_early_leaves_no_process(home, monkeypatch):
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[0])
    with parsed_beside(home):
        pass
    assert started[0].returncode is not None
