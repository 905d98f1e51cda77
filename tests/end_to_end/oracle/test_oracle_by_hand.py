"""The oracle against cases worked out by hand from semantics.md; each test names the sentence it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from random import Random

import pytest

from . import bundles
from .decisions import list_usage
from .formats import faults, fits
from .oracle import Oracle, Readings
from .records import Delivered, Raw, received
from .rules import IMPORT_ONLY, IN_FORCE
from .small import (
    D1,
    D2,
    D3,
    ELEVEN,
    IMPORT_LISTS,
    LISTS,
    NINE,
    SOURCES,
    TEN,
    Register,
    Story,
    cancellation,
    declaration,
    departure,
    order,
    payment,
    waybill,
    with_,
)


@pytest.mark.parametrize(
    ("type_", "value", "good"),
    [
        ("C..3", "长长长", True),
        ("C..3", "abcd", False),
        ("C4", "abc", False),
        ("C3..4", "USA", True),
        ("N19,5", "+00000000000000000012.3400000", True),
        ("N19,5", "-12345678901234.12345", True),
        ("N19,5", "123456789012345", False),
        ("N19,5", "1.000001", False),
        ("N19,5", "1e3", False),
        ("N19,5", "1,000", False),
        ("N19,5", "１２", False),
        ("N9,0", "+7", True),
        ("N9,0", "7.0", False),
        ("N5,0", "100000", False),
        ("C14", "20260230120000", False),
        ("C14", "20261120235960", False),
        ("C8", "20240229", True),
    ],
)
def test_types(*, type_: str, value: str, good: bool) -> None:
    assert fits(type_, value) is good


@pytest.mark.parametrize(
    ("message", "raw", "rules"),
    [
        ("CEB603", declaration(), []),
        ("CEB621", declaration(flow="I"), []),
        ("CEB603", declaration(appTime=f"\t{NINE}\r\n", note=" "), []),
        ("CEB603", declaration(appTime=f"\u00a0{NINE}"), ["FMT03"]),
        ("CEB603", declaration(agentName=None), []),  # C..100*: may be absent
        ("CEB603", declaration(copNo=""), ["FMT02"]),  # a key part never
        ("CEB621", declaration(flow="I", copNo=None), ["FMT02"]),  # optional in the table, but a key part
        ("CEB403", payment(number=None), []),  # payNo alone may be absent
        ("CEB603", declaration(item_currency="999", packNo="x"), ["FMT03", "FMT04"]),
        ("CEB303", order(orderType="I"), ["FMT04"]),
        ("CEB303", order(orderType="B", appTime="20200630235959"), ["FMT04"]),
        ("CEB603", declaration(item_qty2="0"), ["FMT07"]),
        ("CEB603", declaration(item_qty2="0", item_unit2="035"), []),
        ("CEB603", Raw(declaration().head), ["FMT06"]),
        ("CEB303", Raw(order().head, [*order().items, dict(order().items[0], gnum="+01")]), ["FMT05"]),
        ("CEB509", Raw(departure().head), []),
        ("CEB509", Raw(departure().head, departure().items * 2), ["FMT05"]),
    ],
)
def test_record_rules(message: str, raw: Raw, rules: list[str]) -> None:
    file = Story().file(message, [raw])
    assert [faults(record) for record in received(D1, SOURCES[0], file)] == [rules]


def test_field_tables_differ_by_edition() -> None:
    file = Story().file("CEB505", [waybill(logisticsNo="W" * 40)])
    new, old = (faults(next(iter(received(D1, source, file)))) for source in (SOURCES[0], SOURCES[2]))
    assert (new, old) == (["FMT03"], [])


def test_three_lists_agreeing_release() -> None:
    life = Story().on(D1, **LISTS, CEB603=[declaration()]).life()
    assert (life.status, life.failed_rules, life.has) == ("released", [], (True, True, True))
    assert (life.matched_on, life.released_on, life.run_date) == (D1, D1, D1)


def test_lists_of_a_later_day_complete_it() -> None:
    story = Story().on(D1, CEB603=[declaration()])
    assert (story.life().status, story.life().failed_rules) == ("waiting", ["DOC01", "DOC02", "DOC03"])
    story.on(D2, **LISTS)
    assert (story.life().status, story.life().matched_on) == ("released", D2)


def test_new_key_is_accepted_and_a_second_one_duplicate_whatever_its_time_and_content() -> None:
    story = Story().on(D1, CEB303=[order(TEN), order(ELEVEN, freight="9"), order(NINE)])
    assert story.states == ["duplicate", "duplicate", "accepted"]


def test_change_supersedes_only_when_newer() -> None:
    changes = [order(time, appType="2") for time in (NINE, TEN)]
    assert Story().on(D1, CEB303=[order(), *changes]).states == ["superseded", "stale", "accepted"]


def test_equal_times_go_by_file_name_before_source() -> None:
    story = Story()
    files = [story.file("CEB303", [order()], "a", "b/z.xml"), story.file("CEB303", [order()], "b", "c/Z.xml")]
    assert story.deliver(D1, *files).states == ["duplicate", "accepted"]


def test_delete_leaves_no_current_record() -> None:
    story = Story().on(D1, CEB303=[order(), order(TEN, appType="3"), order(ELEVEN, appType="2")])
    assert story.states == ["superseded", "accepted", "quarantined VER03"]


def test_after_a_delete_an_older_new_record_is_accepted() -> None:
    story = Story().on(D1, CEB303=[order(TEN), order(ELEVEN, appType="3")]).on(D2, CEB303=[order(NINE)])
    assert story.states == ["superseded", "accepted", "accepted"]


def test_draft_is_judged_by_its_fields_and_not_applied() -> None:
    story = Story().on(D1, CEB303=[order(appStatus="1"), order(appStatus="1", currency="999")])
    assert story.states == ["draft", "quarantined FMT04"]
    assert not story.oracle.current["order"]


def test_released_in_an_earlier_run_closes_the_door_for_its_lists() -> None:
    story = Story().on(D1, **LISTS, CEB603=[declaration()])
    late = {"appType": "2", "appTime": ELEVEN}
    story.on(
        D2, CEB303=[order(**late)], CEB403=[payment(**late)], CEB505=[waybill(**late)], CEB603=[declaration(**late)]
    )
    assert story.states[4:] == ["quarantined VER04"] * 4


def test_released_in_the_same_run_does_not() -> None:
    assert Story().on(D1, **LISTS, CEB603=[declaration(), declaration(TEN, appType="3")]).life().cancelled


def test_ver04_comes_before_stale() -> None:
    story = Story().on(D1, **LISTS, CEB603=[declaration()]).on(D2, CEB303=[order("20261101090000", appType="2")])
    assert story.states[-1] == "quarantined VER04"


def test_further_payment_of_a_released_order_changes_nothing() -> None:
    story = Story().on(D1, **LISTS, CEB603=[declaration()]).on(D2, CEB403=[payment(number="T2")])
    assert (story.states[-1], story.life().status, story.life().run_date) == ("accepted", "released", D1)


def test_window_closes_after_thirty_days() -> None:
    story = Story().on(date(2026, 12, 20), CEB603=[declaration()])
    assert story.life().status == "waiting"
    story.on(D3)
    assert (story.life().status, story.life().failed_rules) == ("refused", ["DOC01", "DOC02", "DOC03", "DOC04"])
    assert story.life().findings == dict.fromkeys(("DOC01", "DOC02", "DOC03"), date(2026, 12, 20)) | {"DOC04": D3}


def test_refused_reopens_only_by_its_own_change() -> None:
    story = Story().on(D3, CEB603=[declaration()]).on(date(2026, 12, 22), **LISTS)
    assert (story.life().status, story.life().has) == ("refused", (False, False, False))
    story.on(date(2026, 12, 23), CEB603=[declaration("20261222090000", appType="2")])
    assert (story.life().status, story.life().declared) == ("released", D1)


def test_quantity_runs_over_declarations_in_rank() -> None:
    first = declaration(TEN, cop_no="C1", item_qty="1.5", item_totalPrice="15")
    second = declaration(NINE, cop_no="C2", item_qty="1", item_totalPrice="10", logisticsNo="W2")
    story = Story().on(D1, **LISTS, CEB603=[first, second])
    assert (story.life("C2").failed_rules, story.life("C1").failed_rules) == (["DOC03"], ["ORD03"])


def test_a_gnum_the_order_lacks_is_ord02_alone() -> None:
    assert Story().on(D1, **LISTS, CEB603=[declaration(item_gnum="7")]).life().failed_rules == ["ORD02"]


def test_first_in_rank_keeps_the_waybill_even_before_it_arrives() -> None:
    story = Story().on(D1, CEB603=[declaration(TEN, cop_no="C1"), declaration(NINE, cop_no="C2")])
    assert "LOG04" in story.life("C1").failed_rules
    assert "LOG04" not in story.life("C2").failed_rules


def test_released_ones_rank_first() -> None:
    story = Story().on(D1, **LISTS, CEB603=[declaration(TEN)]).on(D2, CEB603=[declaration(NINE, cop_no="C0")])
    assert story.life("C0").failed_rules == ["LOG04", "ORD03"]


def test_refused_ones_give_the_waybill_back() -> None:
    story = Story().on(D1, CEB603=[declaration("20261019090000"), declaration(TEN, cop_no="C2")])
    assert story.life("C1").status == "refused"
    assert "LOG04" not in story.life("C2").failed_rules


def test_a_declaration_without_waybill_takes_part_in_no_log_rule() -> None:
    none = [declaration(cop_no=c, logisticsNo=None) for c in ("C1", "C2")]
    assert {r for c in ("C1", "C2") for r in Story().on(D1, CEB603=none).life(c).failed_rules if r[0] == "L"} == set()


@pytest.mark.parametrize(
    ("lists", "declared", "rules"),
    [
        ({}, {"item_price": "10.01", "item_totalPrice": "20.02"}, []),
        ({}, {"item_price": "10.01001", "item_totalPrice": "20.02"}, ["ORD04"]),
        ({}, {"item_totalPrice": "20.01001"}, ["ORD05"]),
        ({}, {"item_currency": "502"}, ["ORD06"]),
        ({}, {"item_itemNo": None}, []),
        ({}, {"item_itemNo": "I2"}, ["ORD02"]),
        ({}, {"netWeight": "10.00001"}, ["WGT01"]),
        ({}, {"item_gcode": "6109990000"}, ["HSC01"]),
        ({}, {"item_gcode": "6109990000", "statisticsFlag": "A"}, []),
        ({}, {"packNo": "+01"}, []),
        ({"CEB303": [order(ebcCode=None)]}, {}, ["ORD01"]),
        ({"CEB403": [payment(amount="20.01")]}, {}, []),
        ({"CEB403": [payment(amount="20.01001")]}, {}, ["PAY01"]),
        ({"CEB403": [payment(number=None, amount="12"), payment(amount="8")]}, {}, []),
        ({"CEB403": [payment(amount="12"), payment(number="T2", amount="8", currency="502")]}, {}, ["PAY02"]),
        ({"CEB505": [waybill(grossWeight="10.5")]}, {}, []),
        ({"CEB505": [waybill(grossWeight="9.49999")]}, {}, ["LOG01"]),
        ({"CEB505": [waybill(packNo="2")]}, {}, ["LOG02"]),
    ],
)
def test_rules_at_their_edges(lists: dict[str, list[Raw]], declared: dict[str, str], rules: list[str]) -> None:
    life = Story().on(D1, **LISTS | lists, CEB603=[declaration(**declared)]).life()
    assert (life.failed_rules, life.status) == (rules, "review" if rules else "released")


def test_codes_declared_before_the_edition_are_not_judged() -> None:
    old = "20211231230000"
    lists = {code: [with_(raws[0], appTime=old)] for code, raws in LISTS.items()}
    assert Story().on(D1, **lists, CEB603=[declaration(old, item_gcode="9999999999")]).life().status == "released"


def test_register_is_skipped_when_not_loaded() -> None:
    known: Register = [(code, date(2026, 1, 1), None) for code in ("P", "E", "L", "PY")]
    cases: list[tuple[Register | None, list[str]]] = [(known, []), (known[:3], ["PTY01"]), (None, [])]
    for register, rules in cases:
        assert Story(register=register).on(D1, **LISTS, CEB603=[declaration()]).life().failed_rules == rules


def test_departure_closes_and_an_early_one_waits() -> None:
    story = Story().on(D1, CEB603=[declaration()], CEB509=[departure(ELEVEN), departure(TEN), departure(appStatus="1")])
    assert story.life().status == "waiting"
    story.on(D2, **LISTS)
    assert (story.life().status, story.life().released_on) == ("closed", D2)
    assert story.life().closed_at == datetime(2026, 11, 20, 10)


def test_a_close_does_not_move_the_run_date() -> None:
    story = Story().on(D1, **LISTS, CEB603=[declaration()]).on(D2, CEB509=[departure(appType="3")])
    assert (story.life().status, story.life().run_date) == ("closed", D1)


def test_deleted_in_its_first_run_is_cancelled_with_nothing_failed() -> None:
    life = Story().on(D1, CEB603=[declaration(), declaration(TEN, appType="3")]).life()
    assert (life.shown_status, life.failed_rules, life.findings) == ("cancelled", [], {})


def test_cancelled_keeps_its_last_verdict_and_a_new_life_starts_afresh() -> None:
    story = Story().on(D1, CEB603=[declaration()]).on(D2, CEB603=[declaration(TEN, appType="3")])
    assert (story.life().shown_status, story.life().run_date) == ("cancelled", D1)
    assert story.life().failed_rules == ["DOC01", "DOC02", "DOC03"]
    story.on(date(2026, 11, 22), CEB603=[declaration(NINE)])
    assert set(story.life().findings.values()) == {date(2026, 11, 22)}


@pytest.mark.parametrize("named", [{}, {"invtNo": None}, {"copNo": "C9", "invtNo": "534920261000000001"}])
def test_cancel_application_finds_its_declaration(named: dict[str, str | None]) -> None:
    story = Story().on(D1, CEB603=[declaration(invtNo="534920261000000001")], CEB605=[cancellation(**named)])
    assert (story.life().cancelled, story.states) == (True, ["superseded", "accepted"])


def test_cancel_application_has_the_version_rules() -> None:
    story = Story().on(D1, CEB603=[declaration(TEN)], CEB605=[cancellation(TEN), cancellation(copNo="C9", invtNo="X")])
    assert story.states[1:] == ["stale", "quarantined VER03"]
    story = Story().on(D1, **LISTS, CEB603=[declaration()]).on(D2, CEB605=[cancellation(ELEVEN)])
    assert story.states[-1] == "quarantined VER04"


def test_usage() -> None:
    story = Story().on(D1, CEB303=[order(), order(orderNo="O2")], CEB403=[payment()], CEB603=[declaration()])
    assert {(row[0], row[3]) for row in list_usage(story.oracle)} == {
        ("order", "waiting"),
        ("order", "unclaimed"),
        ("payment", "waiting"),
    }
    story.on(D2, CEB505=[waybill(grossWeight="99")])
    assert {(row[0], row[3]) for row in list_usage(story.oracle)} == {
        ("order", "matched"),
        ("order", "unclaimed"),
        ("payment", "matched"),
        ("waybill", "matched"),
    }


def test_repeated_files() -> None:
    story = Story()

    def same(source_id: str, path: str) -> Delivered:
        return story.file("CEB303", [order()], source_id, path, sha256="s")

    story.deliver(D1, same("b", "1.xml"), same("a", "2.xml"))
    story.deliver(D2, same("b", "3.xml")).deliver(D3, same("old", "4.xml"))
    found = [(file.source_id, file.state) for file in story.oracle.files]
    assert found == [("a", "read"), ("b", "repeated"), ("b", "repeated"), ("old", "read")]
    assert story.states == ["accepted", "duplicate"]


def _import(in_force: frozenset[str], lists: dict[str, list[Raw]] | None = None, **declared: str) -> Oracle:
    story = Story(in_force).on(D1, **IMPORT_LISTS | (lists or {}), CEB621=[declaration(flow="I", **declared)])
    return story.oracle


@pytest.mark.parametrize(
    ("lists", "declared", "rules"),
    [
        ({}, {}, []),
        ({}, {"buyerName": "别人", "buyerTelephone": "2"}, ["BUY01", "BUY02"]),
        ({}, {"freight": "4980.00001"}, ["LIM01"]),
        ({"CEB311": [order(flow="I", discount="0.02")]}, {}, ["ORD07"]),
        ({"CEB311": [order(flow="I", payCode="OTHER", payTransactionId="T9")]}, {}, ["PAY04", "PAY05"]),
        ({"CEB411": [payment(flow="I", payerName="别人")]}, {}, ["PAY03"]),
        (
            {"CEB511": [waybill(flow="I", consignee="x", orderNo="x", consigneeAddress="x")]},
            {},
            ["LOG03", "LOG05", "LOG06"],
        ),
    ],
)
def test_import_only_rules(lists: dict[str, list[Raw]], declared: dict[str, str], rules: list[str]) -> None:
    oracle = _import(IN_FORCE, lists, **declared)
    assert oracle.lives["E", "C1"].failed_rules == rules
    assert _import(IN_FORCE - IMPORT_ONLY, lists, **declared).lives["E", "C1"].failed_rules == []


@pytest.mark.parametrize(
    ("code", "flag", "rules"),
    [
        ("6109100010", "A", []),
        ("6109100010", "B", []),
        ("6109901000", "A", ["SIM01"]),
        ("6109901000", "B", []),
        ("6109000000", "A", ["SIM01"]),
    ],
)
def test_simplified_goods_are_under_no_control(code: str, flag: str, rules: list[str]) -> None:
    story = Story()
    controls = (("610990", "permit", D1, D1), ("610910", "duty", D2, D3))
    story.oracle.reference = replace(
        story.oracle.reference, hs_codes=frozenset(("6109", "610910", "610990")), controls=controls
    )
    story.on(D1, **LISTS, CEB603=[declaration(item_gcode=code, statisticsFlag=flag)])
    assert story.life().failed_rules == rules


@pytest.mark.parametrize(
    ("price", "tax_total", "rules"),
    [
        # within the limits: no tariff, 70 % of consumption tax (inside the price) and VAT
        ("100", "23.06", []),  # 17.64706 × 0.7 = 12.35, (100 + 17.64706) × 0.13 × 0.7 = 10.71
        ("100", "23.05", []),
        ("100", "23.04", ["TAX01"]),
        # the single item above the limit: all of it, tariff too
        ("6000", "2375.29", []),
        ("6000", "1383.53", ["TAX01"]),
    ],
)
def test_tax_of_a_declaration(price: str, tax_total: str, rules: list[str]) -> None:
    one = {"item_qty": "1", "item_price": price, "item_totalPrice": price}
    paid = str(Decimal(price) + Decimal(tax_total))
    story = Story()
    rates = [(D1, D3, Decimal("0.05"), Decimal("0.13"), Decimal("0.15"))]
    story.oracle.reference = replace(story.oracle.reference, duties={"6109100010": rates})
    lists = {
        "CEB311": [order(flow="I", goodsValue=price, taxTotal=tax_total, acturalPaid=paid, **one)],
        "CEB411": [payment(flow="I", amount=paid)],
        "CEB511": [waybill(flow="I")],
    }
    life = story.on(D1, **lists, CEB621=[declaration(flow="I", **one)]).life()
    assert (life.failed_rules, life.status) == (rules, "released")


def test_annual_limit_admits_in_rank() -> None:
    one = {"item_qty": "1", "item_price": "13000", "item_totalPrice": "13000"}
    declared = [
        declaration(time, cop_no=cop, flow="I", orderNo=f"O{cop}", logisticsNo=f"W{cop}", **one)
        for time, cop in ((TEN, "1"), (NINE, "2"), (NINE, "3"))
    ]
    orders = [order(flow="I", orderNo=f"O{c}", goodsValue="13000", acturalPaid="13000", **one) for c in "123"]
    payments = [payment(flow="I", number=c, amount="13000", orderNo=f"O{c}") for c in "123"]
    waybills = [waybill(flow="I", orderNo=f"O{c}", logisticsNo=f"W{c}") for c in "123"]
    story = Story().on(D1, CEB311=orders, CEB411=payments, CEB511=waybills, CEB621=declared)
    assert [story.life(c).failed_rules for c in "123"] == [["LIM02"], [], []]


def test_a_status_code_is_not_judged_and_an_earlier_event_moves_the_closing() -> None:
    late = {"CEB509": [departure(NINE)]}
    for final, closed_at in ((True, datetime(2026, 11, 20, 10)), (False, datetime(2026, 11, 20, 9))):
        story = Story(readings=Readings(close_is_final=final))
        story.on(D1, **LISTS, CEB603=[declaration()], CEB509=[departure(TEN)]).on(D2, **late)
        assert story.life().closed_at == closed_at
    raw = bundles.signing("L", "W1", "T", TEN, NINE, Random(0))  # noqa: S311
    assert Story().on(D1, CEB513=[raw]).states == ["accepted"]
