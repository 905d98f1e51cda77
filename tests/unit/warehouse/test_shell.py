"""`make sql`, without a terminal."""

from __future__ import annotations

import io

import pytest

from sandan import warehouse
from sandan.errors import SandanError
from sandan.warehouse.lake import attach
from sandan.warehouse.shell import shell


@pytest.fixture
def lake(home):
    home.published.mkdir(parents=True)
    with warehouse.connect(home) as connection:
        attach(connection, home)
        connection.execute(
            "create schema published.clearance; create table published.clearance.facts as select 42 as answer"
        )


def test_a_query_is_answered_as_a_table(home, lake, capsys):
    assert shell(home, "select answer from clearance.facts; select 'second'") == 0
    out = capsys.readouterr().out
    assert "42" in out
    assert "second" in out


def test_queries_may_come_by_standard_input(home, lake, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("select answer\nfrom clearance.facts"))
    assert shell(home, None) == 0
    assert "42" in capsys.readouterr().out


def test_a_wrong_query_is_an_error_not_a_traceback(home, lake, capsys):
    assert shell(home, "select nothing from nowhere") == 1
    assert "nowhere" in capsys.readouterr().err


def test_nothing_published_yet(home):
    with pytest.raises(SandanError, match="run a day first"):
        shell(home, "select 1")
