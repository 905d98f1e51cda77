"""The command line."""

from __future__ import annotations

import re

import pytest

from sandan.exchange.services import load_services
from sandan.run.cli import main


@pytest.mark.parametrize("text", ["2026-13-01", "20261118", "2026-W47-3"])
def test_a_date_that_is_none_is_said_in_words(capsys, text):
    with pytest.raises(SystemExit, match="2"):
        main(["run", "--date", text])
    assert f"{text!r} is no date; write YYYY-MM-DD" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["-5", "2.5", "many"])
def test_a_number_of_declarations_that_is_none_is_said_in_words(home, capsys, text):
    with pytest.raises(SystemExit, match="2"):
        main(["simulate", "--date", "2026-11-20", "--declarations", text])
    assert f"{text!r} is no whole number" in capsys.readouterr().err
    assert not home.landing.exists()


@pytest.mark.parametrize("text", ["-1", "inf", "nan", "twice"])
def test_times_that_are_none_are_said_in_words(home, capsys, text):
    with pytest.raises(SystemExit, match="2"):
        main(["simulate", "--date", "2026-11-20", f"--faults={text}"])
    assert f"{text!r} is no number of times" in capsys.readouterr().err
    assert not home.landing.exists()


def test_check_prints_one_line_a_source_and_extract_and_one_for_the_catalogue(home, capsys):
    assert main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [file.stem for file in sorted(home.sources.glob("*.yml"))]
    assert [line.split()[0] for line in lines[1 : len(names) + 1]] == names
    assert lines[len(names) + 1].startswith(f"{len(names)} sources")
    extracts = [extract.file_name for extract in load_services(home.services)]
    assert [line.split()[0] for line in lines[len(names) + 3 : -2]] == extracts
    assert lines[-2].startswith(f"{len(extracts)} extracts")
    assert re.fullmatch(r"\d+ rows in the rule catalogue .+rules\.csv, all valid", lines[-1])


@pytest.mark.parametrize("variable", ["SANDAN_SOURCES", "SANDAN_SERVICES"])
def test_check_names_file_line_and_remedy(home, tmp_path, monkeypatch, capsys, variable):
    (tmp_path / "shop.yml").write_text("id: shop\nname: [\n")
    monkeypatch.setenv(variable, str(tmp_path))
    assert main(["check"]) == 1
    err = capsys.readouterr().err
    assert "shop.yml:" in err
    assert "→" in err


def test_simulate_says_where_files_and_truth_are(home, capsys):
    assert main(["simulate", "--date", "2026-11-20", "--declarations", "20", "--seed", "1"]) == 0
    out = capsys.readouterr().out
    assert str(home.landing) in out
    assert "truth" in out


def test_sql_before_the_first_run(home, capsys):
    assert main(["sql", "-c", "select 1"]) == 1
    assert "nothing is published yet" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["consolidate", "statistics"])
@pytest.mark.parametrize("text", ["2026-13", "202611", "2026-11-01"])
def test_a_month_that_is_none_is_said_in_words(capsys, text, command):
    with pytest.raises(SystemExit, match="2"):
        main([command, "--month", text])
    assert f"{text!r} is no month; write YYYY-MM" in capsys.readouterr().err
