"""Whole files and lines that no reader can take, and files that come twice."""

from __future__ import annotations

from sandan.simulate.sink import EXTRA, MAIN
from sandan.simulate.stories.told import Told, story


@story("broken_file")
def broken_file(told: Told) -> None:
    """A record lies in a file that is quarantined whole."""
    case = told.case(national=True)
    name = told.fault.list_name
    told.send(case, name)
    told.t.send(case.sheet(name), 0, told.detail)
    told.expect(case)


@story("broken_local")
def broken_local(told: Told) -> None:
    """The same in the local platform's CSV."""
    case = told.case(national=True)
    told.send(case, "order")
    case.order.source = "local-orders"
    told.t.send(case.order, 0, told.detail)
    told.expect(case)


@story("broken_line")
def broken_line(told: Told) -> None:
    """A line that cannot be taken apart; its neighbours are read."""
    case = told.case(national=True)
    name = told.fault.list_name
    told.send(case, name)
    sheet = case.sheet(name)
    sheet.source = "wallet-payments" if told.detail == "json" else "express-waybills"
    record = told.t.record(sheet, "quarantined", ("FMT01",))
    line = record.body.rstrip("\r\n")
    record.body = line[: len(line) // 2] + "\n" if told.detail == "json" else line + ",,1\r\n"
    told.t.sink(sheet.source).put(record, MAIN)
    told.expect(case)


@story("file_twice")
def file_twice(told: Told) -> None:
    """A file of one payment, and the same bytes under a later name."""
    case = told.case(national=True)
    told.send(case, "payment")
    sink = told.t.sink(case.payments[0].source)
    sink.copy(sink.put_alone(told.t.record(case.payments[0])))
    told.fine(case)


@story("file_again")
def file_again(told: Told) -> None:
    """A file of one waybill, and the same bytes the next day."""
    case = told.case(national=True)
    told.send(case, "waybill")
    content = told.t.sink(case.waybill.source).put_alone(told.t.record(case.waybill))
    told.t.sink(case.waybill.source, 1).copy(content)
    told.fine(case)


@story("sent_twice")
def sent_twice(told: Told) -> None:
    """An appType 1 whose key is known: a duplicate, whatever it says."""
    case = told.case(national=True)
    told.send(case)
    sheet = case.sheet(told.fault.list_name)
    due = 1 if told.detail == "next" else 0
    again = told.t.resend(sheet, "1", told.second + 600, due)
    if told.detail == "changed":
        again.head["charge" if told.flow == "E" else "amountPaid"] = "9999.99"
    if told.detail == "tie":
        again.head["appTime"] = sheet.head["appTime"]
    told.t.send(again, due, EXTRA, "duplicate")
    told.fine(case)
