"""Declared without a number, answered with one, and named by it and nothing else: three runs with their receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree

from sandan import warehouse
from sandan.exchange import write_day
from sandan.home import PROJECT, Home

from . import bundles
from .small import with_
from .test_returns_by_hand import DAYS, RANDOM, Files, land, lists, merged, published, returned, run

if TYPE_CHECKING:
    from datetime import date

    from .records import Raw

FIRST, SECOND, THIRD = DAYS
NEVER_SEEN = "534920260000000000"


def unnumbered(name: str, flow: str) -> Files:
    """A declaration as most are sent, and its lists."""
    sent, code = lists(name, flow), "CEB621" if flow == "I" else "CEB603"
    return sent | {code: [with_(raw, invtNo=None) for raw in sent[code]]}


def waiting(name: str, flow: str) -> Files:
    """The same without a waybill, so that it may still be cancelled."""
    return {code: sent for code, sent in unnumbered(name, flow).items() if code not in {"CEB505", "CEB511"}}


def declared(name: str, time: str, app_type: str) -> Files:
    """One more record of an export declaration."""
    (raw,) = unnumbered(name, "E")["CEB603"]
    return {"CEB603": [with_(raw, appTime=time, appType=app_type)]}


def cancelled(name: str, flow: str, number: str, time: str) -> Files:
    """A cancel application; an export one has a copNo of its own."""
    (of,) = lists(name, flow)["CEB621" if flow == "I" else "CEB603"]
    names: dict[str, str | None] = {"copNo": None if flow == "I" else f"{name}-2", "invtNo": number}
    return {"CEB623" if flow == "I" else "CEB605": [with_(bundles.cancellation(of, time, RANDOM), **names)]}


def back(name: str, flow: str, number: str, lines: dict[int, str]) -> Files:
    raw: Raw = returned(name, lines, "20261122080000", invtNo=number, copNo=None)
    return {"CEB625" if flow == "I" else "CEB213": [raw]}


def given(home: Home, day: date) -> dict[str, str]:
    """The numbers that the receipts of a day give, by copNo; of a key with two lives that of the second."""
    receipts = sorted(file for code in ("CEB604", "CEB622") for file in home.exchange.glob(f"*/{day}/{code}-*.xml"))
    heads = [head for file in receipts for head in etree.parse(file).iter("{*}InventoryReturn")]
    heads.sort(key=lambda head: head.findtext("{*}returnTime"))
    return {head.findtext("{*}copNo"): head.findtext("{*}invtNo") for head in heads}


def answered(home: Home, day: date, *files: Files) -> dict[str, str]:
    """What the receipts of the day give, once its files are run."""
    land(home, day, merged(*files))
    run(home, day, "staged")  # one gate makes the table of results that is published
    write_day(home, day)
    return given(home, day)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(root=tmp_path_factory.mktemp("numbers"), sources=PROJECT / "sources")
    number = answered(
        home,
        FIRST,
        *(unnumbered(name, flow) for name, flow in (("OUT", "E"), ("IN", "I"), ("OTHER", "E"))),
        *(waiting(name, flow) for name, flow in (("HELD-E", "E"), ("HELD-I", "I"), ("AGAIN", "E"), ("ANEW", "E"))),
    )
    anew = answered(
        home,
        SECOND,
        back("OUT", "E", number["OUT"], {1: "2", 2: "1"}),
        back("IN", "I", number["IN"], {1: "0.5"}),
        back("OTHER", "E", NEVER_SEEN, {1: "2", 2: "1"}),
        cancelled("HELD-E", "E", number["HELD-E"], "20261122080000"),
        cancelled("HELD-I", "I", number["HELD-I"], "20261122080000"),
        *(declared(name, "20261122080000", "3") for name in ("AGAIN", "ANEW")),
        *(declared(name, "20261122090000", "1") for name in ("AGAIN", "ANEW")),
    )
    assert anew["AGAIN"] != number["AGAIN"]
    answered(
        home,
        THIRD,
        cancelled("AGAIN", "E", number["AGAIN"], "20261124080000"),
        cancelled("ANEW", "E", anew["ANEW"], "20261124080000"),
    )
    return home


def test_what_names_a_given_number_finds_its_declaration(home: Home) -> None:
    assert published(home, "cop_no, status", "clearance_facts") == [
        ("AGAIN", "waiting"),  # the number was that of the life before
        ("ANEW", "cancelled"),
        ("HELD-E", "cancelled"),
        ("HELD-I", "cancelled"),
        ("IN", "released"),
        ("OTHER", "released"),
        ("OUT", "returned"),
    ]


def test_as_much_comes_back_as_the_return_says(home: Home) -> None:
    columns = "cop_no, gnum, cast(returned_qty as double), received_on, in_time"
    assert published(home, columns, "returned_items") == [
        ("IN", 1, 0.5, SECOND, True),
        ("OUT", 1, 2, SECOND, True),
        ("OUT", 2, 1, SECOND, True),
    ]


def test_the_number_of_an_earlier_life_names_nothing(home: Home) -> None:
    with warehouse.connect(home, read_only=True) as connection:
        states = connection.execute(
            "select run_date, state, rule_ids from audit.record_states where list = 'cancellation' order by all"
        ).fetchall()
    assert states == [
        (SECOND, "accepted", []),
        (SECOND, "accepted", []),
        (THIRD, "accepted", []),
        (THIRD, "quarantined", ["VER03"]),
    ]


def test_the_last_day_again_finds_the_same(home: Home) -> None:
    before = published(home, "*", "clearance_facts"), published(home, "*", "returned_items")
    run(home, THIRD)
    assert (published(home, "*", "clearance_facts"), published(home, "*", "returned_items")) == before
