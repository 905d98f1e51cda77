"""Changes, deletes, drafts and cancel applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate.parties import EXPORT_ENTERPRISES, IMPORT_ENTERPRISES
from sandan.simulate.sheet import Sheet, grams, guid, kilograms
from sandan.simulate.sink import EXTRA
from sandan.simulate.stories.told import Told, add_amount, paid_element, story

if TYPE_CHECKING:
    from sandan.simulate.case import Case

HOUR = 3600


def make_wrong(case: Case, name: str) -> None:
    """Break the list so that the declaration fails ORD01, PAY01, LOG02 or WGT01."""
    sheet = case.sheet(name)
    if name == "order":
        others = EXPORT_ENTERPRISES if case.flow == "E" else IMPORT_ENTERPRISES
        sheet.head["ebcCode"] = next(p.code for p in others if p.code != case.declaration.head["ebcCode"])
    elif name == "payment":
        add_amount(sheet.head, paid_element(sheet), 1000)
    elif name == "waybill":
        sheet.head["packNo"] = "2"
    else:
        sheet.head["netWeight"] = kilograms(grams(sheet.head["grossWeight"]) + 500)


@story("stale_tie")
def stale_tie(told: Told) -> None:
    """A change that is not newer: the same second, a later file."""
    case = told.case(national=True)
    told.send(case)
    sheet = case.sheet(told.fault.list_name)
    stale = told.change(sheet, 0)
    stale.head["appTime"] = sheet.head["appTime"]
    told.t.send(stale, 0, EXTRA, "stale")
    told.fine(case)


@story("stale_next")
def stale_next(told: Told) -> None:
    """An older change of a case in review arrives the next day."""
    case = told.case(national=True)
    case.waybill.head["packNo"] = "2"
    told.send(case)
    told.expect(case)
    sheet = case.sheet(told.fault.list_name)
    told.t.send(told.t.resend(sheet, "23"[told.turn % 2], told.second - 100 * HOUR), 1, EXTRA, "stale")


@story("no_target")
def no_target(told: Told) -> None:
    """The first record of a key is a change or a delete."""
    case = told.case(national=True)
    name = told.fault.list_name
    told.send(case, name)
    case.sheet(name).head["appType"] = "23"[told.turn % 2]
    told.t.send(case.sheet(name), 0, state="quarantined", rules=("VER03",))
    told.expect(case)


@story("after_release")
def after_release(told: Told) -> None:
    """What is released can be changed no more."""
    case = told.case(national=True)
    told.send(case)
    told.fine(case)
    sheet = case.sheet(told.fault.list_name)
    late = told.t.resend(sheet, "23"[told.turn % 2], told.second, 1)
    told.t.send(late, 1, EXTRA, "quarantined", ("VER04",))


@story("change")
def change(told: Told) -> None:
    """Wrong first, right an hour later."""
    case = told.case(national=True)
    sheet = case.sheet(told.fault.list_name)
    right = told.change(sheet, HOUR)
    make_wrong(case, told.fault.list_name)
    told.send(case)[told.fault.list_name].becomes("superseded")
    told.t.send(right, 0, EXTRA)
    told.fine(case)


@story("repair")
def repair(told: Told) -> None:
    """In review, changed the next day, released then."""
    case = told.case(national=True)
    right = told.change(case.sheet(told.fault.list_name), 0, 1)
    make_wrong(case, told.fault.list_name)
    told.send(case)[told.fault.list_name].becomes("superseded", 1)
    told.expect(case)
    told.t.send(right, 1, EXTRA)
    told.released(case, 1)


@story("delete_same_day")
def delete_same_day(told: Told) -> None:
    """Declared and deleted within one run."""
    case = told.case(national=True)
    told.send(case)["declaration"].becomes("superseded")
    told.t.send(told.delete(case.declaration, HOUR), 0, EXTRA)
    told.expect(case)


@story("delete_next_day")
def delete_next_day(told: Told) -> None:
    """Deleted in review: cancelled, and keeps what it failed last."""
    case = told.case(national=True)
    case.waybill.head["packNo"] = "2"
    told.send(case)["declaration"].becomes("superseded", 1)
    told.expect(case)
    told.t.send(told.delete(case.declaration, 0, 1), 1, EXTRA)
    told.t.decide(case, "cancelled", told.fault.failed, 1)


@story("delete_again")
def delete_again(told: Told) -> None:
    """Deleted in review and declared anew: a new life of the key."""
    case = told.case(national=True)
    anew = told.t.resend(case.declaration, "1", told.second + HOUR, 1)
    make_wrong(case, "declaration")
    told.send(case)["declaration"].becomes("superseded", 1)
    told.expect(case)
    told.t.send(told.delete(case.declaration, 0, 1), 1, EXTRA)
    told.t.send(anew, 1, EXTRA)
    told.released(case, 1)


@story("delete_list")
def delete_list(told: Told) -> None:
    """A list of a declaration in review is deleted: it waits for that list again."""
    case = told.case(national=True)
    case.waybill.head["packNo"] = "2"
    name = told.fault.list_name
    told.send(case)[name].becomes("superseded", 1)
    told.expect(case)
    told.t.send(told.delete(case.sheet(name), 0, 1), 1, EXTRA)
    failed = {"order": ("DOC01", "LOG02"), "payment": ("DOC02", "LOG02"), "waybill": ("DOC03",)}[name]
    told.t.decide(case, "waiting", failed, 1)


@story("draft_declared")
def draft_declared(told: Told) -> None:
    """A draft is kept and changes nothing."""
    case = told.case(national=True)
    sheet = case.sheet(told.fault.list_name)
    draft = told.t.resend(sheet, "1", told.second - 100 * HOUR)
    draft.head["appStatus"] = "1"
    told.t.send(draft, 0, state="draft")
    told.send(case)
    told.fine(case)


@story("draft_only")
def draft_only(told: Told) -> None:
    """Nobody ever declares the draft."""
    case = told.case(national=True)
    name = told.fault.list_name
    told.send(case, name)
    case.sheet(name).head["appStatus"] = "1"
    told.t.send(case.sheet(name), 0, state="draft")
    told.expect(case)


@story("cancel")
def cancel(told: Told) -> None:
    """CEB605 or CEB623; it acts like an appType 3, before the decisions of its run."""
    case = told.case(national=True)
    kind = told.detail
    if kind in {"", "stale", "number"}:
        case.waybill.head["packNo"] = "2"
    if kind == "number":
        case.declaration.head["invtNo"] = list_number(told, case)
    records = told.send(case)
    if kind in {"released", "unknown"}:
        told.fine(case)
    else:
        told.expect(case)
    if kind == "same":
        records["declaration"].becomes("superseded")
        told.t.send(application(told, case, told.second + HOUR), 0)
    elif kind == "stale":
        told.t.send(application(told, case, told.second - 100 * HOUR), 1, state="stale")
    elif kind == "released":
        told.t.send(application(told, case, 86400 + told.second), 1, state="quarantined", rules=("VER04",))
    elif kind == "unknown":
        sheet = application(told, case, told.second + HOUR)
        sheet.head["copNo"] += "X"
        told.t.send(sheet, 0, state="quarantined", rules=("VER03",))
    else:
        records["declaration"].becomes("superseded", 1)
        sheet = application(told, case, 86400 + told.second)
        if kind == "number":
            sheet.head["copNo"] = ""
        told.t.send(sheet, 1)
        told.t.decide(case, "cancelled", told.fault.failed, 1)


def list_number(told: Told, case: Case) -> str:
    """A number as customs gives lists: office, year, flow and nine digits, here of the day and the declaration.

    No number that a run gives: those begin with the day itself.
    """
    day = told.t.clock.day
    serial = f"{400 + day.timetuple().tm_yday}{case.number % 10**6:06d}"
    return f"{case.declaration.head['customsCode']}{day.year}{told.flow}{serial}"


def application_head(told: Told, case: Case, second: int) -> dict[str, str]:
    """How an application about the case's declaration begins."""
    return {
        "guid": guid(told.t.rng),
        "appType": "1",
        "appTime": told.t.clock.stamp(second),
        "appStatus": "2",
        "customsCode": case.declaration.head["customsCode"],
    }


def application(told: Told, case: Case, second: int) -> Sheet:
    """A cancel application for the case's declaration."""
    of = case.declaration.head
    head = application_head(told, case, second)
    invt_no = list_number(told, case)
    if told.flow == "E":
        names = ("agentCode", "agentName", "ebcCode", "ebcName")
        head |= {"copNo": of["copNo"], "invtNo": invt_no, "reason": "\u8ba2\u5355\u53d6\u6d88"}
        return Sheet("CEB605", "export-cancellations", head | {n: of[n] for n in names} | {"note": ""}, [])
    copied = (
        "orderNo ebpCode ebpName ebcCode ebcName logisticsNo logisticsCode logisticsName copNo preNo invtNo "
        "buyerIdType buyerIdNumber buyerName buyerTelephone agentCode agentName"
    ).split()
    head |= {n: of[n] for n in copied}
    head |= {"invtNo": invt_no, "reason": "\u8ba2\u5355\u53d6\u6d88", "note": ""}
    return Sheet("CEB623", "import-cancellations", head, [])
