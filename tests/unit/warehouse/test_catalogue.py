"""`sandan.warehouse.catalogue`: an operator's change of a rule is followed, or named with its line."""

from __future__ import annotations

import csv

import pytest

from sandan.errors import ConfigurationError
from sandan.warehouse.catalogue import CATALOGUE, COLUMNS, check_catalogue

GENERAL = {
    "rule_id": "DOC02",
    "stage": "match",
    "flow": "*",
    "regime": "*",
    "action": "wait",
    "parameter": "",
    "parameter_unit": "",
    "title_en": "Payment present",
    "title_zh": "支付单存在",
    "passes_when": "a payment is there",
    "basis": "three lists",
    "valid_from": "2014-02-10",
    "valid_to": "",
}


@pytest.fixture
def catalogue(tmp_path):
    file = tmp_path / "rules.csv"

    def write(*rows: dict[str, str]):
        with file.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, COLUMNS.split(","))
            writer.writeheader()
            writer.writerows(rows)
        return file

    return write


def test_the_shipped_catalogue_is_valid():
    assert check_catalogue() == len(CATALOGUE.read_text("utf-8").splitlines()) - 1


def test_an_action_may_change_by_flow_regime_and_period(catalogue):
    relaxed = GENERAL | {"flow": "E", "regime": "9610", "action": "off", "valid_from": "2024-12-15"}
    ended = GENERAL | {"flow": "E", "valid_to": "2020-06-30"}
    again = GENERAL | {"flow": "E", "valid_from": "2020-07-01", "action": "warn"}
    assert check_catalogue(catalogue(GENERAL, relaxed, ended, again)) == 4


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"action": "ignore"}, "no action of stage match: ignore"),
        ({"stage": "return", "action": "off"}, "no action of stage return: off"),
        ({"stage": "rebate", "action": "refuse"}, "no action of stage rebate: refuse"),
        ({"flow": "X"}, "no such flow: X"),
        ({"regime": "96"}, "no such regime: 96"),
        ({"regime": ""}, "regime is empty"),
        ({"title_zh": " "}, "title_zh is empty"),
        ({"rule_id": "DOC2"}, "no id of a rule"),
        ({"parameter": "thirty"}, "a parameter or date that is none"),
        ({"parameter": "NaN"}, "a parameter or date that is none"),
        ({"valid_from": "15.12.2024"}, "a parameter or date that is none"),
        ({"valid_to": "2014-02-09"}, "ends on 2014-02-09, before it begins"),
        ({"regime": "9610", "parameter": "30"}, "changes the action alone"),
        ({"stage": "record", "action": "ignore", "flow": "E"}, "alike in every flow"),
    ],
)
def test_a_row_that_no_run_could_follow_is_named_with_its_line(catalogue, change, problem):
    with pytest.raises(ConfigurationError, match=problem) as raised:
        check_catalogue(catalogue(GENERAL, GENERAL | {"rule_id": "DOC03"}, GENERAL | {"rule_id": "DOC04"} | change))
    assert raised.value.line == 4
    assert raised.value.remedy


@pytest.mark.parametrize("since", ["2014-02-10", "2024-12-15", "2026-11-20"])
def test_two_equally_specific_rows_on_one_day_are_a_mistake(catalogue, since):
    first = GENERAL | {"flow": "E", "regime": "9610", "action": "off", "valid_to": "2026-11-20"}
    second = GENERAL | {"flow": "E", "regime": "9610", "action": "warn", "valid_from": since}
    with pytest.raises(ConfigurationError, match=rf"DOC02: two rows .* in force on {since}") as raised:
        check_catalogue(catalogue(GENERAL, first, second))
    assert "line 3" in raised.value.remedy or since == "2014-02-10"


@pytest.mark.parametrize("general", [{"rule_id": "DOC03"}, {"valid_to": "2024-12-31"}, {"flow": "I"}])
def test_a_row_of_one_regime_needs_one_for_all(catalogue, general):
    relaxed = GENERAL | {"flow": "E", "regime": "9610", "action": "off", "valid_from": "2024-12-15"}
    with pytest.raises(ConfigurationError, match=r"DOC02: in force for regime 9610 on .*, and no row of regime"):
        check_catalogue(catalogue(relaxed, GENERAL | general))


def test_a_parameter_is_not_forgotten(catalogue):
    window = GENERAL | {"rule_id": "DOC04", "action": "refuse", "parameter": "30", "valid_to": "2026-11-20"}
    with pytest.raises(ConfigurationError, match="DOC04: a parameter in other rows") as raised:
        check_catalogue(catalogue(window, window | {"parameter": "", "valid_from": "2026-11-21", "valid_to": ""}))
    assert raised.value.line == 3


def test_a_file_that_is_no_catalogue_is_named(tmp_path, catalogue):
    file = tmp_path / "other.csv"
    file.write_text("rule_id,action\nDOC02,wait\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="columns"):
        check_catalogue(file)
    file = catalogue(GENERAL)
    file.write_text(file.read_text("utf-8") + "DOC03,match,*\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="more or fewer values") as raised:
        check_catalogue(file)
    assert raised.value.line == 3


def test_a_rule_that_holds_has_a_remedy(catalogue):
    with pytest.raises(ConfigurationError, match="XYZ01: review, and nobody is told what to do") as raised:
        check_catalogue(catalogue(GENERAL, GENERAL | {"rule_id": "XYZ01", "action": "review"}))
    assert "rules.csv:3" in str(raised.value)
    assert "remedies.csv" in str(raised.value)
    assert check_catalogue(catalogue(GENERAL, GENERAL | {"rule_id": "XYZ01", "action": "warn"})) == 2


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("DOC02,nobody,list_missing,发送,send", "DOC02: no such party: nobody"),
        ("DOC02,payment,missing,发送,send", "DOC02: no such kind: missing"),
        ("DOC02,payment,list_missing,,send", "DOC02: remedy_zh is empty"),
        ("DOC02,payment,list_missing,发送", "DOC02: more or fewer values"),
        ("DOC02,payment,list_missing,发送,send\nDOC02,payment,list_missing,发送,send", "DOC02: a second remedy"),
    ],
)
def test_a_remedy_can_be_followed(catalogue, tmp_path, row, problem):
    remedies = tmp_path / "remedies.csv"
    remedies.write_text(f"rule_id,party,kind,remedy_zh,remedy_en\n{row}\n", "utf-8")
    with pytest.raises(ConfigurationError, match=problem) as raised:
        check_catalogue(catalogue(GENERAL), remedies)
    assert f"remedies.csv:{row.count(chr(10)) + 2}" in str(raised.value)
