"""Every fault the simulator knows: how often, what it breaks, and what a run is expected to make of it."""

from __future__ import annotations

from sandan.simulate.fault import CLOSED, LISTS, MISSING, SHARE, STAYS, Fault, fine, lost, review
from sandan.simulate.faults_imports import IMPORT_LISTS, LIMITS
from sandan.simulate.faults_numbers import NUMBERS
from sandan.simulate.faults_returns import RETURNS

_FILES = (
    lost("file_truncated", "broken_file", "the file ends in the middle", "order", "truncated"),
    lost("file_encoding", "broken_file", "declared UTF-8, written in GB18030", "payment", "encoding"),
    lost("file_encoding_waybill", "broken_file", "declared UTF-8, written in GB18030", "waybill", "encoding", "I"),
    lost("file_doctype", "broken_file", "the file carries a DOCTYPE with an entity", "waybill", "doctype"),
    lost("file_root", "broken_file", "the root is no known message", "declaration", "root"),
    lost("file_zip", "broken_file", "the archive is cut off", "order", "zip"),
    lost("file_member", "broken_file", "a member's checksum fails, its neighbour is read", "declaration", "member"),
    lost("file_member_xml", "broken_file", "a member is cut off, its neighbour is read", "payment", "member_xml"),
    lost("file_control", "broken_file", "a control character in the markup", "waybill", "control"),
    lost("file_local_bytes", "broken_local", "bytes that are no GB18030", "order", "local_bytes", "E"),
    lost("file_local_header", "broken_local", "a mapped column is missing", "order", "header", "E"),
    lost("line_json", "broken_line", "a line that is no JSON object", "payment", "json", "I"),
    lost("line_csv", "broken_line", "a row with too many fields", "waybill", "csv", "E"),
    fine("file_twice", "file_twice", "one file delivered twice on one day under two names"),
    fine("file_again", "file_again", "one file delivered again the next day"),
)

_RECORDS = (
    *(
        lost(f"{rule.lower()}_{name}", "bad_record", f"{rule} on the {name}", name, rule)
        for rule in ("FMT02", "FMT03", "FMT04")
        for name in (*LISTS, "declaration")
    ),
    *(
        lost(f"{rule.lower()}_{name}", "bad_record", f"{rule} on the {name}", name, rule)
        for rule in ("FMT05", "FMT06")
        for name in ("order", "declaration")
    ),
    lost("fmt07_declaration", "bad_record", "unit2 without qty2, or the reverse", "declaration", "FMT07"),
    lost("fmt_several", "bad_record", "three record rules at once", "declaration", "FMT02 FMT04 FMT05"),
    lost("fmt_two", "bad_record", "two record rules at once", "order", "FMT02 FMT03"),
    Fault("fmt02_event", "bad_event", "an event without its time", "released", (), STAYS, detail="FMT02"),
    Fault("fmt03_event", "bad_event", "an event whose time is none", "released", (), STAYS, detail="FMT03"),
    Fault("fmt05_event", "bad_event", "item numbers repeat", "released", (), STAYS, detail="FMT05", flow="E"),
    Fault("event_draft", "draft_event", "the closing event is a draft", "released", (), STAYS),
    Fault(
        "fmt_resent",
        "resent",
        "an order fails FMT03; the right one comes the next day",
        "waiting",
        ("DOC01",),
        "released the next day, closed a day later",
    ),
    fine("draft_bad", "draft_bad", "a draft fails FMT03, the declared record is right"),
    fine("odd_numbers", "odd_numbers", "signs, leading and trailing zeros: all good numbers"),
    fine("odd_spaces", "odd_spaces", "spaces, tabs and line ends round the values; empty optional elements"),
    fine("odd_elements", "odd_elements", "an unknown element, an element twice (the first counts), another order"),
    fine("odd_qty2", "odd_qty2", "qty2 of 0 with a unit2 is filled"),
)

_VERSIONS = (
    *(fine(f"ver01_{n}", "sent_twice", "the record again, newer", n) for n in (*LISTS, "declaration")),
    fine("ver01_changed", "sent_twice", "the same key with another amount", "payment", "changed"),
    fine("ver01_tie", "sent_twice", "the record again at the same second, in a later file", "order", "tie"),
    fine("ver01_next_day", "sent_twice", "the record again the next day", "declaration", "next"),
    *(fine(f"ver02_{n}_tie", "stale_tie", "a change of the same second", n) for n in (*LISTS, "declaration")),
    *(
        Fault(
            f"ver02_{n}",
            "stale_next",
            "an older change, the next day, of a case in review",
            "review",
            ("LOG02",),
            STAYS,
            n,
        )
        for n in (*LISTS, "declaration")
    ),
    *(lost(f"ver03_{n}", "no_target", "a change or delete of nothing", n, "") for n in (*LISTS, "declaration")),
    *(
        fine(f"ver04_{n}", "after_release", "a change or delete the day after the release", n)
        for n in (*LISTS, "declaration")
    ),
    *(fine(f"change_{n}", "change", "wrong first, changed the same day", n) for n in (*LISTS, "declaration")),
    *(
        Fault(f"repair_{n}", "repair", "wrong first, changed the next day", "review", (rule,), "released, closed", n)
        for n, rule in (("order", "ORD01"), ("payment", "PAY01"), ("waybill", "LOG02"), ("declaration", "WGT01"))
    ),
    Fault("delete_same_day", "delete_same_day", "accepted and deleted in one run", "cancelled", (), STAYS),
    Fault("delete_next_day", "delete_next_day", "deleted in review", "review", ("LOG02",), "cancelled, keeps LOG02"),
    Fault(
        "delete_again",
        "delete_again",
        "deleted in review, then declared anew",
        "review",
        ("WGT01",),
        "released the next day, closed a day later",
    ),
    *(
        Fault(
            f"delete_{n}",
            "delete_list",
            f"the {n} of a declaration in review is deleted",
            "review",
            ("LOG02",),
            f"waiting for the {n}",
            n,
        )
        for n in LISTS
    ),
    fine("draft_declared", "draft_declared", "a draft, then the record declared", "declaration"),
    fine("draft_order", "draft_declared", "a draft, then the record declared", "order"),
    lost("draft_only_order", "draft_only", "the order stays a draft", "order", ""),
    lost("draft_only_declaration", "draft_only", "the declaration stays a draft", "declaration", ""),
    Fault("cancel_review", "cancel", "cancel application in review", "review", ("LOG02",), "cancelled, keeps LOG02"),
    Fault("cancel_same_day", "cancel", "declared and cancelled in one run", "cancelled", (), STAYS, detail="same"),
    fine("cancel_released", "cancel", "cancel application after the release", detail="released"),
    Fault("cancel_stale", "cancel", "a cancel application that is older", "review", ("LOG02",), STAYS, detail="stale"),
    Fault(
        "cancel_by_number",
        "cancel",
        "the cancel application names the list's number only",
        "review",
        ("LOG02",),
        "cancelled, keeps LOG02",
        detail="number",
        flow="I",
    ),
    fine("cancel_unknown", "cancel", "cancel application of a declaration nobody knows", detail="unknown"),
)

_DOCUMENTS = (
    *(
        Fault(
            f"{MISSING[n].lower()}_never",
            "never",
            f"the {n} never comes",
            "waiting",
            (MISSING[n],),
            "refused with DOC04 after 30 days",
            n,
        )
        for n in LISTS
    ),
    Fault(
        "doc_all_never",
        "never",
        "no list comes",
        "waiting",
        ("DOC01", "DOC02", "DOC03"),
        "refused with DOC04 after 30 days",
        "order payment waybill",
    ),
    *(
        Fault(
            f"late_{n}",
            "late",
            f"the {n} comes 1 to 3 days later",
            "waiting",
            (MISSING[n],),
            "released when it comes, closed a day later",
            n,
            share=SHARE * 4,
        )
        for n in LISTS
    ),
    Fault(
        "late_two",
        "late",
        "order and payment come later",
        "waiting",
        ("DOC01", "DOC02"),
        "released when both are there",
        "order payment",
    ),
    Fault(
        "early_departure",
        "early_event",
        "leaves before its payment is there",
        "waiting",
        ("DOC02",),
        "closed in the run that releases it",
    ),
    *(
        Fault(
            f"doc04_{n}",
            "too_late",
            f"declared 45 days ago, the {n} missing",
            "refused",
            ("DOC04", MISSING[n]),
            STAYS,
            n,
        )
        for n in LISTS
    ),
    Fault(
        "doc04_after",
        "too_late",
        "the order comes when it is refused",
        "refused",
        ("DOC01", "DOC04"),
        STAYS,
        "order",
        "after",
    ),
    Fault(
        "doc04_reopened",
        "too_late",
        "the order comes with a change of the declaration",
        "refused",
        ("DOC01", "DOC04"),
        "released the next day, closed a day later",
        "order",
        "reopened",
    ),
)

_MATCHING = (
    review("ord01", "the order names another enterprise", "ORD01"),
    review("ord02_gnum", "a declared line the order does not have", "ORD02"),
    review("ord02_item_no", "the line's itemNo differs", "ORD02"),
    review("ord03_over", "declares more than was ordered", "ORD03", flow="E"),
    review("ord03_split", "two shipments, together more than ordered", "ORD03", flow="E", size=2),
    Fault(
        "ord03_next_day",
        "ord03_next_day",
        "a further shipment the next day, more than ordered",
        None,
        (),
        "the second in review with ORD03",
        flow="E",
        size=2,
    ),
    Fault(
        "ord03_freed",
        "freed",
        "the first shipment is deleted the next day",
        "review",
        ("ORD03",),
        "the second released, closed a day later",
        detail="ORD03",
        flow="E",
        size=2,
    ),
    Fault(
        "ord03_refused",
        "ord03_refused",
        "the first shipment is refused, so its quantity is free",
        "released",
        (),
        CLOSED,
        flow="E",
        size=2,
    ),
    Fault(
        "split_good",
        "split_good",
        "one order, two shipments within its quantity",
        "released",
        (),
        CLOSED,
        flow="E",
        size=2,
        share=SHARE * 4,
    ),
    fine("merged", "merged", "two orders become one, in one parcel and one declaration", flow="E"),
    review("ord04", "the declared price differs by 0.05", "ORD04", flow="E"),
    fine("ord04_tolerance", "ord04_tolerance", "the declared price differs by 0.01", flow="E"),
    review("ord05", "totalPrice is not qty times price", "ORD05", flow="E"),
    review("ord06", "declared in another currency than ordered", "ORD06", flow="E"),
    review("pay01", "the payment is not what was due", "PAY01"),
    fine("pay01_two", "two_payments", "two payments sum up to what was due"),
    Fault(
        "pay01_second",
        "two_payments",
        "the second payment comes the next day",
        "review",
        ("PAY01",),
        "released the next day, closed a day later",
        detail="late",
    ),
    fine("pay_again", "two_payments", "a further payment after the release changes nothing", detail="after"),
    review("pay02", "paid in another currency", "PAY02"),
    review("log01", "the waybill is 20 % heavier", "LOG01"),
    fine("log01_tolerance", "log01_tolerance", "the waybill is heavier by exactly 5 %"),
    review("log02", "the waybill has more pieces", "LOG02"),
    review("log04", "names the waybill of an earlier declaration", "LOG04", flow="E", size=2),
    Fault(
        "log04_freed",
        "freed",
        "the first declaration is deleted the next day",
        "review",
        ("LOG04",),
        "the second released, closed a day later",
        detail="LOG04",
        flow="E",
        size=2,
    ),
    review("wgt01", "net weight above gross weight", "WGT01"),
    review("hsc01", "a commodity code that does not exist", "HSC01", flow="E"),
    fine("hsc01_simplified", "hsc01_simplified", "simplified: only the first four digits must exist", flow="E"),
    Fault(
        "sim01",
        "sim01",
        "simplified, though under export control",
        None,
        (),
        "with no controls loaded: closed",
        flow="E",
    ),
    review("pty01", "a party that is not registered, or not any more", "PTY01"),
    review("many_review", "several rules at once", "LOG01", "LOG02", "ORD05", "WGT01", flow="E"),
    Fault(
        "many_waiting",
        "many_waiting",
        "a list is missing and others disagree",
        "waiting",
        ("DOC03", "ORD05", "PAY02"),
        STAYS,
        flow="E",
    ),
    Fault(
        "many_refused",
        "many_refused",
        "too late, and the payment is wrong",
        "refused",
        ("DOC03", "DOC04", "PAY01"),
        STAYS,
    ),
)

FAULTS: tuple[Fault, ...] = (
    *(*_FILES, *_RECORDS, *_VERSIONS, *_DOCUMENTS, *_MATCHING),
    *(*IMPORT_LISTS, *LIMITS, *RETURNS, *NUMBERS),
)
