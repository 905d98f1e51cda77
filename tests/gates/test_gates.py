"""The gates hold on good tables, and each critical expectation stops the run on its own violation."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from sandan.errors import GateFailedError
from sandan.gates import STAGES, check, results
from sandan.gates.suites import suites_of

if TYPE_CHECKING:
    from sandan.home import Home

RUN_DATE = date(2026, 11, 20)
Execute = Callable[[str], None]

#: stage, expectation, the change that breaks it, what the message then shows
VIOLATIONS = (
    ("received", "file_state_known", "UPDATE raw.files SET state = 'lost' WHERE file_id = 3", "1 of 34: lost"),
    ("received", "file_state_given", "UPDATE raw.files SET state = NULL WHERE file_id = 3", "1 of 34"),
    ("received", "file_id_unique", "UPDATE raw.files SET file_id = 101 WHERE file_id = 102", "2 of 34: 101"),
    ("received", "file_records_loaded", "DELETE FROM raw.payments", "rest.xml (read): announced 4, loaded 3"),
    ("received", "file_records_loaded", "INSERT INTO raw.orders VALUES ('2026-11-20', 9, 3)", "announced 0, loaded 1"),
    ("received", "quarantine_has_reason", "UPDATE raw.files SET reason = ' ' WHERE file_id = 4", "platform/broken.xml"),
    ("received", "landed_source_present", "UPDATE raw.files SET source_id = 'other'", "platform: files landed, none"),
    ("received", "record_id_unique", "UPDATE raw.payments SET record_id = 22", "2 of 16: 22"),
    (
        "received",
        "record_has_file",
        "INSERT INTO raw.orders VALUES ('2026-11-20', 5, 77)",
        "order record 5: no file 77",
    ),
    ("received", "item_has_record", "INSERT INTO raw.order_items VALUES ('2026-11-20', 5, 1)", "item of record 5"),
    ("staged", "record_state_known", "UPDATE audit.record_states SET state = 'x' WHERE record_id = 23", "1 of 16: x"),
    ("staged", "record_state_given", "UPDATE audit.record_states SET state = NULL WHERE record_id = 23", "1 of 16"),
    ("staged", "record_in_one_state", "UPDATE audit.record_states SET record_id = 23 WHERE record_id = 24", "23"),
    ("staged", "every_record_has_state", "DELETE FROM audit.record_states WHERE record_id = 21", "payment record 21"),
    ("staged", "every_state_has_record", "DELETE FROM raw.payments", "payment record 21: in a state"),
    ("staged", "file_adds_up", "DELETE FROM audit.record_states WHERE record_id = 21", "bb: received 4, in states 3"),
    (
        "staged",
        "quarantine_complete",
        "DELETE FROM audit.quarantine WHERE position = 2",
        "records: 1 quarantined, 0 in",
    ),
    ("staged", "quarantine_complete", "DELETE FROM audit.quarantine WHERE position IS NULL", "files: 1 quarantined, 0"),
    ("staged", "quarantine_names_rules", "UPDATE audit.quarantine SET rule_ids = []", "platform/rest.xml position 2"),
    (
        "staged",
        "quarantine_gives_reason",
        "UPDATE audit.quarantine SET reason = NULL",
        "platform/broken.xml: no reason",
    ),
    ("staged", "one_current_record", "UPDATE staging.current_records SET key = 'k', list = 'order'", "key=k"),
    ("matched", "status_known", "UPDATE matching.decisions SET status = 'lost' WHERE cop_no = '1'", "1 of 4: lost"),
    ("matched", "status_given", "UPDATE matching.decisions SET status = NULL WHERE cop_no = '1'", "1 of 4"),
    ("matched", "decided_once", "UPDATE matching.decisions SET cop_no = '1'", "4 of 4: ebc_code=E cop_no=1"),
    (
        "matched",
        "everything_in_scope_decided",
        "DELETE FROM matching.decisions WHERE cop_no = '0' AND run_date = '2026-11-20'",
        "E/0: not decided",
    ),
    (
        "matched",
        "everything_in_scope_decided",
        "DELETE FROM matching.decisions WHERE cop_no = '1'",
        "E/1: not decided",
    ),
    (
        "matched",
        "status_follows_findings",
        "UPDATE matching.findings SET action = 'refuse'",
        "E/2: waiting, findings say refused",
    ),
    (
        "matched",
        "status_follows_findings",
        "UPDATE matching.findings SET cop_no = '0'",
        "E/0: closed, findings say waiting",
    ),
    (
        "matched",
        "released_has_three_lists",
        "UPDATE matching.decisions SET has_order = NULL, has_waybill = false WHERE cop_no = '1'",
        "E/1: released without order, waybill",
    ),
    (
        "matched",
        "released_has_three_lists",
        "UPDATE matching.decisions SET has_payment = false WHERE cop_no = '0'",
        "E/0: closed without payment",
    ),
    (
        "matched",
        "failed_rules_sorted",
        "UPDATE matching.decisions SET failed_rules = ['WGT01', 'DOC01'] WHERE cop_no = '2'",
        "E/2: [WGT01, DOC01]",
    ),
    ("matched", "failed_rules_sorted", "UPDATE matching.decisions SET failed_rules = NULL", "E/1: null"),
    (
        "matched",
        "failed_rules_are_findings",
        "DELETE FROM matching.findings WHERE rule_id = 'WGT01'",
        "failed_rules [DOC01, WGT01], findings [DOC01]",
    ),
    ("matched", "action_known", "UPDATE matching.findings SET action = 'pray'", "2 of 2: pray"),
    ("matched", "rule_found_once", "UPDATE matching.findings SET rule_id = 'DOC01'", "rule_id=DOC01"),
    (
        "matched",
        "rule_in_force",
        "UPDATE matching.findings SET rule_id = 'OLD01' WHERE rule_id = 'WGT01'",
        "OLD01: not",
    ),
    (
        "matched",
        "rule_in_force",
        "UPDATE matching.findings SET rule_id = 'XXX99' WHERE rule_id = 'WGT01'",
        "XXX99: not",
    ),
    (
        "matched",
        "action_of_catalogue",
        "UPDATE matching.findings SET action = 'warn' WHERE rule_id = 'WGT01'",
        "E/2 WGT01: warn, catalogue review",
    ),
    ("matched", "action_of_catalogue", "UPDATE matching.matched SET supervision_mode = '9710'", "wait, catalogue off"),
    (
        "matched",
        "persons_masked",
        "UPDATE matching.findings SET rule_id = 'BUY01', observed = 'ID number 110101199001011234'",
        "E/2 BUY01",
    ),
    ("matched", "persons_masked", "UPDATE matching.findings SET rule_id = 'LOG03', expected = '张三丰'", "E/2 LOG03"),
    ("matched", "found_not_ahead", "UPDATE matching.findings SET found_on = '2026-11-21'", "found on 2026-11-21"),
    ("matched", "finding_has_decision", "UPDATE matching.findings SET cop_no = '9'", "E/9 DOC01: not decided"),
    (
        "matched",
        "taxes_not_negative",
        "UPDATE matching.item_taxes SET vat_due = -0.01 WHERE gnum = 1",
        "E/3 item 1: tariff 0.00000, consumption tax 0.00000, VAT -0.01000",
    ),
    (
        "matched",
        "shares_add_up",
        "UPDATE matching.item_taxes SET dutiable_value = 6.66666 WHERE gnum = 2",
        "E/3: items 9.99999, declaration 10.00000",
    ),
    ("matched", "shares_add_up", "UPDATE matching.item_taxes SET dutiable_value = NULL", "items null, declaration 10"),
    ("matched", "released_is_admitted", "DELETE FROM matching.admitted", "E/3: released, not counted"),
    (
        "matched",
        "released_is_admitted",
        "UPDATE matching.decisions SET released_at = NULL",
        "E/3: counted, not released",
    ),
    (
        "matched",
        "year_within_limit",
        "UPDATE matching.admitted SET dutiable_value = 10.00001",
        "E/3: the buyer's 2026 comes to 26000.00001, the limit is 26000",
    ),
    ("marts", "tax_unique", "UPDATE clearance.import_taxes SET gnum = 1", "gnum=1"),
    ("marts", "tax_has_item", "UPDATE clearance.import_taxes SET gnum = gnum + 1", "E/1 item 3: no such item"),
    ("marts", "fact_unique", "UPDATE clearance.clearance_facts SET cop_no = '1'", "2 of 2: ebc_code=E cop_no=1"),
    ("marts", "fact_status_known", "UPDATE clearance.clearance_facts SET status = 'x' WHERE cop_no = '1'", "1 of 2: x"),
    (
        "marts",
        "return_status_matches",
        "UPDATE clearance.clearance_facts SET return_status = '800'",
        "waiting with 800",
    ),
    (
        "marts",
        "return_status_matches",
        "UPDATE clearance.clearance_facts SET status = 'cancelled'",
        "cancelled with 120",
    ),
    ("marts", "items_add_up", "UPDATE clearance.clearance_items SET value_cny = 10.00001 WHERE gnum = 1", "30.00001"),
    (
        "marts",
        "items_add_up",
        "DELETE FROM clearance.clearance_items WHERE gnum = 2",
        "2 items worth 30.00000, its items: 1",
    ),
    ("marts", "items_add_up", "DELETE FROM clearance.clearance_items WHERE cop_no = '2'", "its items: 0 worth null"),
    (
        "marts",
        "returned_when_all_is_back",
        "UPDATE clearance.clearance_items SET returned_qty = 3 WHERE gnum = 2",
        "E/1: released, all of it has come back",
    ),
    (
        "marts",
        "returned_when_all_is_back",
        "UPDATE clearance.clearance_facts SET status = 'returned' WHERE cop_no = '1'",
        "E/1: returned, not all of it",
    ),
    (
        "marts",
        "returned_within_declared",
        "UPDATE clearance.clearance_items SET returned_qty = 2.00001 WHERE cop_no = '1' AND gnum = 1",
        "E/1 item 1: declared 2.00000, returned 2.00001",
    ),
    (
        "marts",
        "returned_items_add_up",
        "DELETE FROM clearance.returned_items WHERE guid = 'B'",
        "E/1 item 1: 2.00000 back, by its returns 1.50000",
    ),
    ("marts", "returned_item_unique", "UPDATE clearance.returned_items SET guid = 'A'", "guid=A gnum=1"),
    (
        "marts",
        "late_gives_nothing_back",
        "UPDATE clearance.returned_items SET in_time = false WHERE gnum = 2",
        "E/1 item 2: 2.00000 given back",
    ),
    ("marts", "item_unique", "UPDATE clearance.clearance_items SET gnum = 1", "gnum=1"),
    (
        "marts",
        "item_has_fact",
        "DELETE FROM clearance.clearance_facts WHERE cop_no = '2'",
        "E/2 item 1: no declaration",
    ),
    (
        "marts",
        "every_month_has_rate",
        "INSERT INTO clearance.missing_rates VALUES ('502', '2026-11', 3)",
        "502 in 2026-11",
    ),
    ("marts", "finding_unique", "INSERT INTO clearance.check_findings FROM clearance.check_findings", "rule_id=DOC01"),
    ("marts", "finding_has_fact", "UPDATE clearance.check_findings SET cop_no = '9'", "E/9 DOC01: no declaration"),
    ("marts", "usage_known", "UPDATE clearance.list_usage SET usage = 'lost'", "1 of 1: lost"),
    ("marts", "usage_unique", "INSERT INTO clearance.list_usage FROM clearance.list_usage", "list=order key=P|1"),
    ("marts", "conservation", "UPDATE audit.conservation SET superseded = 1", "received 12, in states 13"),
    ("marts", "receipt_unique", "INSERT INTO exchange.receipts FROM exchange.receipts LIMIT 1", "R21"),
    ("marts", "everything_answered", "DELETE FROM exchange.receipts WHERE receipt_id = 'R22'", "no receipt R22"),
    ("marts", "everything_answered", "DELETE FROM exchange.receipts WHERE message = 'CEB900'", "no receipt F4"),
    (
        "marts",
        "receipt_tells_the_status",
        "UPDATE exchange.receipts SET return_status = '800'",
        "D24: told 800, published as waiting",
    ),
    (
        "marts",
        "no_personal_data",
        "ALTER TABLE clearance.list_usage ADD COLUMN buyer_name VARCHAR",
        "list_usage.buyer_name",
    ),
    (
        "public_service",
        "exchange_unique",
        "UPDATE public_service.department_exchange SET cop_no = '1'",
        "ebc_code=E cop_no=1",
    ),
    (
        "public_service",
        "exchange_tells_the_status",
        "UPDATE public_service.department_exchange SET customs_state = 'released'",
        "E/2: told released, published as waiting",
    ),
    (
        "public_service",
        "exchange_tells_the_refund",
        "UPDATE public_service.department_exchange SET tax_refund = NULL",
        "E/1: told 0.00000, by its items 65.00000",
    ),
    (
        "public_service",
        "mismatch_unique",
        "UPDATE public_service.department_mismatches SET department_b = 'tax'",
        "ebc_code=E cop_no=1 field=amount department_a=customs department_b=tax",
    ),
    (
        "public_service",
        "mismatch_has_row",
        "UPDATE public_service.department_mismatches SET cop_no = '8' WHERE cop_no = '3'",
        "E/8 party: no such declaration",
    ),
    (
        "public_service",
        "mismatch_has_row",
        "UPDATE public_service.department_mismatches SET cop_no = '3' WHERE cop_no = '9'",
        "E/3 declaration: is known",
    ),
    (
        "public_service",
        "money_stays_with_banks",
        "UPDATE public_service.department_notices SET value_b = '50'",
        "E/1 amount: customs is told 50",
    ),
    (
        "public_service",
        "nobody_named",
        "ALTER TABLE public_service.forex_allocations ADD COLUMN payer_name VARCHAR",
        "public_service.forex_allocations.payer_name",
    ),
    (
        "public_service",
        "item_judged_once",
        "UPDATE public_service.rebate_eligibility SET cop_no = '1'",
        "ebc_code=E cop_no=1 gnum=1",
    ),
    ("public_service", "verdict_known", "UPDATE public_service.rebate_eligibility SET verdict = 'x'", "3 of 3: x"),
    (
        "public_service",
        "export_judged",
        "DELETE FROM public_service.rebate_eligibility WHERE cop_no = '3'",
        "E/3 item 1: not judged",
    ),
    (
        "public_service",
        "refund_given",
        "UPDATE public_service.rebate_eligibility SET refund_amount = NULL WHERE cop_no = '3'",
        "1 of 3",
    ),
    (
        "public_service",
        "no_refund_without_papers",
        "UPDATE staging.current_records SET is_live = false WHERE record_id = 41",
        "E/1 item 1: rebate of 65.00000 without closed form",
    ),
    (
        "public_service",
        "no_refund_without_papers",
        "UPDATE staging.stg_closings SET declaration_no = '9'",
        "E/1 item 1: rebate of 65.00000 without closed form",
    ),
    (
        "public_service",
        "no_refund_without_papers",
        "UPDATE staging.current_records SET is_live = false WHERE record_id = 44",
        "M/2 item 1: rebate of 50.00000 without claim",
    ),
    (
        "public_service",
        "no_refund_without_papers",
        "UPDATE staging.current_records SET is_live = false WHERE record_id = 47",
        "E/1 item 1: rebate of 65.00000 without taxpayer, filing",
    ),
    (
        "public_service",
        "no_refund_without_papers",
        "UPDATE staging.stg_taxpayers SET vat_status = 'S' WHERE record_id = 48",
        "M/2 item 1: rebate of 50.00000 without taxpayer, filing",
    ),
    (
        "public_service",
        "no_refund_without_papers",
        "UPDATE staging.stg_taxpayers SET valid_to = '2026-11-04' WHERE record_id = 47",
        "E/1 item 1: rebate of 65.00000 without taxpayer, filing",
    ),
    (
        "public_service",
        "no_refund_without_papers",
        "UPDATE staging.stg_taxpayers SET rebate_filed_on = '2026-12-01' WHERE record_id = 47",
        "E/1 item 1: rebate of 65.00000 without filing",
    ),
    (
        "public_service",
        "no_refund_without_papers",
        "UPDATE public_service.rebate_eligibility SET rebate_rate = NULL WHERE cop_no = '2'",
        "M/2 item 1: rebate of 50.00000 without rate",
    ),
    (
        "public_service",
        "no_refund_without_papers",
        "UPDATE staging.current_records SET is_live = false WHERE record_id = 49",
        "M/2 item 1: rebate of 50.00000 without return",
    ),
    (
        "public_service",
        "no_refund_without_invoices",
        "DELETE FROM public_service.invoice_allocations WHERE invoice_line = 1",
        "E/1 item 1: 65.00000 on 500.00000, invoices bear 300.00000",
    ),
    (
        "public_service",
        "no_refund_without_invoices",
        "UPDATE staging.current_records SET is_live = false WHERE record_id = 45",
        "bear 500.00000, not valid: |I",
    ),
    (
        "public_service",
        "no_refund_without_invoices",
        "UPDATE staging.stg_invoices SET kind = 'O' WHERE record_id = 32",
        "not valid: |I",
    ),
    (
        "public_service",
        "no_refund_without_invoices",
        "UPDATE staging.stg_invoices SET state = 'A' WHERE record_id = 32",
        "not valid: |I",
    ),
    (
        "public_service",
        "no_refund_without_invoices",
        "UPDATE staging.stg_invoices SET buyer_id = 'C' WHERE record_id = 32",
        "not valid: |I",
    ),
    (
        "public_service",
        "no_refund_without_invoices",
        "UPDATE staging.stg_invoices SET red_of = 'X' WHERE record_id = 32",
        "not valid: |I",
    ),
    (
        "public_service",
        "no_refund_without_invoices",
        "UPDATE staging.stg_invoices SET state = 'N' WHERE record_id = 34",
        "not valid: |I",
    ),
    (
        "public_service",
        "no_refund_without_exchange",
        "UPDATE public_service.rebate_eligibility SET forex_received = 94.99998",
        "E/1 item 1: granted 65.00000, received 94.99998 of 95.00000",
    ),
    (
        "public_service",
        "no_refund_without_exchange",
        "UPDATE public_service.forex_allocations SET amount = 94.99999 WHERE cop_no = '1'",
        "received 95.00000 of 95.00000, by receipts 94.99999",
    ),
    (
        "public_service",
        "refund_follows_verdict",
        "UPDATE public_service.rebate_eligibility SET verdict = 'blocked', reason_rules = ['BLK01']",
        "E/1 item 1: blocked [BLK01], refund 65.00000",
    ),
    (
        "public_service",
        "refund_follows_verdict",
        "UPDATE public_service.rebate_eligibility SET deadline = '2026-11-19'",
        "E/3 item 1: pending [REB07], refund 0.00000",
    ),
    (
        "public_service",
        "refund_is_base_by_rate",
        "UPDATE public_service.rebate_eligibility SET rebate_rate = 0.12998",
        "E/1 item 1: 65.00000, 500.00000 × 0.12998",
    ),
    (
        "public_service",
        "entries_are_the_refund",
        "DELETE FROM public_service.rebate_entries WHERE run_date = '2026-11-19'",
        "E/1 item 1: entered -26.00000, refund 65.00000",
    ),
    (
        "public_service",
        "entry_once",
        "UPDATE public_service.rebate_entries SET period = '202611'",
        "ebc_code=M cop_no=2 gnum=1 taxpayer_id=C period=202611",
    ),
    ("public_service", "cause_known", "UPDATE public_service.rebate_entries SET cause = 'x'", "3 of 3: x"),
    (
        "public_service",
        "entries_of_a_month_are_its_lines",
        "DELETE FROM public_service.rebate_entries WHERE amount = -60",
        "C 202610: entered 60.00000, lines 0.00000",
    ),
    (
        "public_service",
        "entries_of_a_month_are_its_lines",
        "UPDATE public_service.rebate_entries SET taxpayer_id = 'T' WHERE amount = 50",
        "C 202611: entered 0.00000, lines 50.00000",
    ),
    (
        "public_service",
        "within_the_invoice",
        "UPDATE staging.stg_invoice_items SET net_amount = 399.99 WHERE gnum = 2",
        "|I line 2: allotted 8.00000 for 400.00000, invoiced 8.00000 for 399.99000",
    ),
    (
        "public_service",
        "within_the_invoice",
        "UPDATE staging.current_records SET is_live = false WHERE record_id = 32",
        "|I line 1: allotted 4.00000 for 200.00000, no such line",
    ),
    (
        "public_service",
        "invoice_used_once",
        "UPDATE public_service.invoice_allocations SET relation_no = 'Q' WHERE cop_no = '9'",
        "|I line 2: Q and R of T",
    ),
    (
        "public_service",
        "within_the_receipt",
        "UPDATE staging.stg_forex SET netted_fees = 9.99",
        "B|X: allotted 100.00000, received 99.99000",
    ),
    (
        "public_service",
        "within_the_receipt",
        "UPDATE staging.current_records SET is_live = false WHERE record_id = 33",
        "B|X: allotted 100.00000, none",
    ),
    (
        "public_service",
        "within_the_receipt",
        "UPDATE staging.stg_forex SET kind = 'D'",
        "received 100.00000, deemed without a reason",
    ),
    (
        "public_service",
        "totals_are_sums",
        "UPDATE public_service.rebate_totals SET refund_amount = 65.01 WHERE taxpayer_id = 'T'",
        "T 202611: 65.01000 of 1 lines; the lines: 65.00000 of 1",
    ),
    (
        "public_service",
        "totals_are_sums",
        "DELETE FROM public_service.rebate_totals WHERE taxpayer_id = 'T'",
        "T 202611: no total of 0 lines",
    ),
    (
        "public_service",
        "credit_refund_shared",
        "UPDATE public_service.credit_refunds SET ending_credit = 49",
        "C 202611: refundable 50.00000 of 91.00000, lines 50.00000",
    ),
    (
        "public_service",
        "credit_refund_shared",
        "UPDATE public_service.rebate_eligibility SET method = 'T'",
        "C 202611: refundable 50.00000 of 91.00000, lines 0",
    ),
    (
        "consolidated",
        "member_once",
        """INSERT INTO clearance.consolidation_members
        SELECT * REPLACE ('2026-10' AS month) FROM clearance.consolidation_members""",
        "ebc_code=E cop_no=3 gnum=1",
    ),
    (
        "consolidated",
        "member_traceable",
        "UPDATE clearance.clearance_facts SET status = 'cancelled' WHERE cop_no = '3'",
        "E/3 item 1: cancelled, flag B, declared 2.00000, on a form 2.00000 and back 0.00000",
    ),
    (
        "consolidated",
        "member_traceable",
        "UPDATE clearance.clearance_facts SET statistics_flag = 'A' WHERE cop_no = '3'",
        "E/3 item 1: closed, flag A",
    ),
    (
        "consolidated",
        "member_traceable",
        "UPDATE clearance.consolidation_members SET returned_qty = 2 WHERE gnum = 2",
        "E/3 item 2: closed, flag B, declared 4.00000, on a form 1.00000 and back 2.00000",
    ),
    ("consolidated", "member_traceable", "DELETE FROM clearance.clearance_items WHERE cop_no = '3'", "no such item"),
    (
        "consolidated",
        "no_list_left_behind",
        "UPDATE clearance.clearance_facts SET statistics_flag = 'B'",
        "E/4: closed at 2026-11-19 08:00:00, on no form",
    ),
    (
        "consolidated",
        "line_unique",
        "INSERT INTO clearance.consolidated_items FROM clearance.consolidated_items",
        "form_no=F line_no=1",
    ),
    (
        "consolidated",
        "fifty_lines",
        """INSERT INTO clearance.consolidated_items (month, form_no, line_no)
        SELECT '2026-11', 'F', 2 + i FROM range(50) AS t (i)""",
        "F: 51 lines, numbers 1 to 51",
    ),
    (
        "consolidated",
        "lines_are_sums",
        "UPDATE clearance.consolidated_items SET total_price = 22.50001",
        "F line 1: 3.00000 for 22.50001, members 3.00000 for 22.50000",
    ),
    (
        "consolidated",
        "lines_are_sums",
        "UPDATE clearance.consolidation_members SET unit1 = '007' WHERE gnum = 2",
        "F line 1: 3.00000 for 22.50000, members 2.00000 for 20.00000",
    ),
    (
        "consolidated",
        "form_unique",
        "INSERT INTO clearance.consolidated_declarations FROM clearance.consolidated_declarations",
        "2 of 2: F",
    ),
    (
        "consolidated",
        "form_totals",
        "UPDATE clearance.consolidated_declarations SET total_prices = MAP {'142': 22.5, '502': 1}",
        "F: 1 lines, {142=22.50000, 502=1.00000}; its lines: 1, {142=22.50000}",
    ),
    ("consolidated", "month_counted", "DELETE FROM clearance.consolidation_counts", "0 rows, rule none"),
    (
        "consolidated",
        "every_list_accounted",
        "UPDATE clearance.consolidation_counts SET closed = 3",
        "3 closed; 1 consolidated, 1 simplified, 0 returned",
    ),
    (
        "integrated_service",
        "line_unique",
        (
            "INSERT INTO integrated_service.enterprise_worklist FROM integrated_service.enterprise_worklist"
            " WHERE rule_id = 'REB07'"
        ),
        "E rebate|E|3|1|REB07: 2 lines",
    ),
    (
        "integrated_service",
        "line_kind_known",
        "UPDATE integrated_service.enterprise_worklist SET kind = 'x' WHERE rule_id = 'REB07'",
        "1 of 6: x",
    ),
    (
        "integrated_service",
        "line_says_what_to_do",
        "UPDATE integrated_service.enterprise_worklist SET party = NULL, remedy_en = NULL WHERE rule_id = 'REB07'",
        "E rebate|E|3|1|REB07: nobody, 报, nothing in English, 2.60000",
    ),
    (
        "integrated_service",
        "line_says_what_to_do",
        "UPDATE integrated_service.enterprise_worklist SET money_cny = -1 WHERE rule_id = 'FMT02'",
        "enterprise, 补, fill, -1.00000",
    ),
    (
        "integrated_service",
        "closed_says_why",
        "UPDATE integrated_service.enterprise_worklist SET closed_because = NULL",
        "E match|E|1|DOC01: 2026-11-20, without reason",
    ),
    (
        "integrated_service",
        "closed_says_why",
        "UPDATE integrated_service.enterprise_worklist SET closed_because = 'arrived' WHERE rule_id = 'FMT02'",
        "E record|waybill|L|1|FMT02: open, arrived",
    ),
    (
        "integrated_service",
        "held_declaration_has_line",
        "DELETE FROM integrated_service.enterprise_worklist WHERE cop_no = '2' AND rule_id = 'DOC01'",
        "E/2/DOC01: no line",
    ),
    (
        "integrated_service",
        "held_declaration_has_line",
        "UPDATE integrated_service.enterprise_worklist SET closed_on = NULL, closed_because = NULL WHERE cop_no = '1'",
        "E/1/DOC01: a line of nothing",
    ),
    (
        "integrated_service",
        "held_declaration_has_line",
        "UPDATE clearance.clearance_facts SET goods_value_cny = 6 WHERE cop_no = '2'",
        "E/2/DOC01: 5.00000 at stake, by the marts 6.00000",
    ),
    (
        "integrated_service",
        "lacking_item_has_line",
        "DELETE FROM integrated_service.enterprise_worklist WHERE rule_id = 'REB07'",
        "E/3/1/REB07: no line",
    ),
    (
        "integrated_service",
        "lacking_item_has_line",
        "DELETE FROM public_service.rebate_findings WHERE rule_id = 'REB07'",
        "E/3/1/REB07: a line of nothing",
    ),
    (
        "integrated_service",
        "lacking_item_has_line",
        "UPDATE integrated_service.enterprise_worklist SET money_cny = 5 WHERE rule_id = 'REB14'",
        "E/3/1/REB14: 5.00000 at stake, by the marts 4.00000",
    ),
    (
        "integrated_service",
        "rejected_line_has_record",
        (
            "UPDATE integrated_service.enterprise_worklist SET fact_key = 'record|waybill|L|2|FMT02'"
            " WHERE rule_id = 'FMT02'"
        ),
        "E record|waybill|L|2|FMT02: no such record",
    ),
    (
        "integrated_service",
        "finance_is_sum",
        "DELETE FROM integrated_service.enterprise_rebate_finance WHERE week = '2026-11-09'",
        "E: weeks of 45.00000, refunds of 65.00000",
    ),
    (
        "integrated_service",
        "finance_is_sum",
        "UPDATE integrated_service.enterprise_rebate_finance SET refund_cny = 3 WHERE complete_cny = 0",
        "1 weeks are not their parts",
    ),
    (
        "integrated_service",
        "advance_within_rate",
        "UPDATE integrated_service.enterprise_advance SET advance_limit_cny = 45 WHERE ebc_code = 'E'",
        "E: 45.00000, 0.80000 of 45.00000 less 5.00000 and 1.00000",
    ),
    (
        "integrated_service",
        "advance_within_rate",
        "UPDATE integrated_service.enterprise_advance SET advance_limit_cny = -20 WHERE ebc_code = 'M'",
        "M: -20.00000",
    ),
    (
        "integrated_service",
        "advance_on_weeks_to_come",
        (
            "UPDATE integrated_service.enterprise_advance SET eligible_cny = 65, advance_limit_cny = 46"
            " WHERE ebc_code = 'E'"
        ),
        "E: eligible 65.00000",
    ),
    (
        "integrated_service",
        "concentration_is_sum",
        "UPDATE integrated_service.enterprise_concentration SET refund_cny = 64 WHERE name = '8517'",
        "E commodity: 64.00000 of 65.00000",
    ),
    (
        "integrated_service",
        "concentration_is_sum",
        "DELETE FROM integrated_service.enterprise_concentration WHERE name = 'T'",
        "E supplier: 40.00000 of 65.00000, shares of 0.61538",
    ),
    (
        "integrated_service",
        "concentration_is_sum",
        "DELETE FROM integrated_service.enterprise_concentration WHERE ebc_code = 'M'",
        "M commodity: 0.00000 of 50.00000",
    ),
    (
        "integrated_service",
        "forex_is_sum",
        "DELETE FROM integrated_service.enterprise_forex_open",
        "E 142: declared 20.00000 of 20.00000, open 4.00000 of 0",
    ),
    (
        "integrated_service",
        "forex_is_sum",
        "UPDATE integrated_service.enterprise_forex SET open_0_30 = 3 WHERE currency = '142'",
        "ages of 3.00000",
    ),
    (
        "integrated_service",
        "forex_is_sum",
        "DELETE FROM integrated_service.enterprise_forex WHERE currency = '502'",
        "E 502: declared 0.00000 of 100.00000",
    ),
    (
        "integrated_service",
        "parcels_released",
        "UPDATE integrated_service.enterprise_logistics SET parcels = 2 WHERE leg = 'all'",
        "E: told 2, released 1",
    ),
    (
        "integrated_service",
        "measure_known",
        (
            "UPDATE integrated_service.enterprise_scorecard SET measure = 'x'"
            " WHERE measure = 'first_pass' AND ebc_code = 'E1'"
        ),
        "1 of 9: x",
    ),
    (
        "integrated_service",
        "scorecard_counts_facts",
        "UPDATE integrated_service.enterprise_scorecard SET hits = 1 WHERE measure = 'held'",
        "E held : told 1, counted 2",
    ),
    (
        "integrated_service",
        "scorecard_counts_facts",
        "DELETE FROM integrated_service.enterprise_scorecard WHERE rule_id = 'WGT01'",
        "E rule_failed WGT01: told 0, counted 1",
    ),
    (
        "integrated_service",
        "few_peers_hidden",
        "UPDATE integrated_service.enterprise_scorecard SET peer_median = 0.5 WHERE measure = 'held'",
        "E held: 0.50000, median 0.50000 of 0",
    ),
    (
        "integrated_service",
        "few_peers_hidden",
        "DELETE FROM integrated_service.enterprise_scorecard WHERE ebc_code = 'E5'",
        "median 0.50000 of 5",
    ),
    (
        "integrated_service",
        "nobody_named_to_exporters",
        "ALTER TABLE integrated_service.enterprise_worklist ADD COLUMN buyer_name VARCHAR",
        "integrated_service.enterprise_worklist.buyer_name",
    ),
    (
        "statistics",
        "item_counted_once",
        "INSERT INTO statistics.trade_items SELECT * FROM statistics.trade_items WHERE vintage_no = 2 AND gnum = 2",
        "E/3 item 2: 2 times",
    ),
    (
        "statistics",
        "item_in_its_month",
        "UPDATE clearance.clearance_facts SET closed_at = '2026-12-01' WHERE cop_no = '3'",
        "E/3: counted at 2026-11-19 08:00:00",
    ),
    (
        "statistics",
        "item_in_its_month",
        "UPDATE clearance.clearance_facts SET status = 'cancelled' WHERE cop_no = '4'",
        "E/4: counted at 2026-11-19 08:00:00",
    ),
    (
        "statistics",
        "item_valued",
        "UPDATE statistics.trade_items SET value_usd = NULL WHERE gnum = 2",
        "E/3 item 2: 10.00000 CNY, no USD",
    ),
    ("statistics", "item_valued", "UPDATE statistics.trade_items SET value_cny = -1 WHERE gnum = 2", "-1.00000 CNY"),
    (
        "statistics",
        "net_weight_shared",
        "UPDATE statistics.trade_items SET net_weight_kg = 0.251 WHERE gnum = 2",
        "E/3: 0.50000 kg, its items 0.50100",
    ),
    (
        "statistics",
        "no_form_beside_its_lists",
        "INSERT INTO statistics.forms_counted VALUES ('E', '3', 1, 1, 'F', 2)",
        "E/3 item 1: counted as 1.00000, on form F as 2.00000",
    ),
    (
        "statistics",
        "every_item_accounted",
        "DELETE FROM statistics.trade_exclusions WHERE reason = 'waiting'",
        "E: 6 items, 3 counted, 2 left out",
    ),
    (
        "statistics",
        "exclusion_has_reason",
        "UPDATE statistics.trade_exclusions SET reason = NULL WHERE reason = 'waiting'",
        "1 of 2",
    ),
    (
        "statistics",
        "cells_are_sums",
        "UPDATE statistics.trade_cells SET value_cny = value_cny + 0.00001 WHERE hs_code = '9503'",
        "E 9610 9503 HKG 5 5349: 1 for 30.00001, items 1 for 30.00000",
    ),
    (
        "statistics",
        "cells_are_sums",
        "UPDATE statistics.trade_cells SET qty1 = 1 WHERE vintage_no = 2 AND hs_code = '61091000'",
        "E 9610 61091000 HKG 5 5349 011: 2 for 30.00000, items 2 for 30.00000",
    ),
    (
        "statistics",
        "cells_are_sums",
        "DELETE FROM statistics.trade_cells WHERE hs_code = '9503'",
        "E 9610 9503 HKG 5 5349: 0 for no value, items 1 for 30.00000",
    ),
    (
        "statistics",
        "returns_are_sums",
        "UPDATE statistics.trade_returns SET returned_value_usd = 2",
        "E 9610 33049900 HKG 5 5349: 1 for 5.00000, items 1 for 5.00000",
    ),
    (
        "statistics",
        "cell_unique",
        "UPDATE statistics.trade_cells SET hs_code = '9503', unit1 = NULL",
        "E 9610 9503 HKG 5 5349: 3 times",
    ),
    (
        "statistics",
        "revisions_explain_the_difference",
        "DELETE FROM statistics.trade_revisions WHERE cause = 'rate'",
        "61091000 HKG 5 5349 011: value_cny 15.00000, causes say 10.00000; value_usd 2.00000, causes say 1.00000",
    ),
    (
        "statistics",
        "revisions_explain_the_difference",
        "UPDATE statistics.trade_revisions SET change = 0.2 WHERE measure = 'net_weight_kg' AND hs_code = '61091000'",
        "E 9610 61091000 HKG 5 5349 011: net_weight_kg 0.25000, causes say 0.20000",
    ),
    (
        "statistics",
        "revisions_explain_the_difference",
        "DELETE FROM statistics.trade_revisions WHERE hs_code = '9503' AND measure = 'qty1'",
        "E 9610 9503 HKG 5 5349: qty1 1.00000, causes say 0.00000",
    ),
    (
        "statistics",
        "revisions_explain_the_difference",
        "UPDATE statistics.trade_revisions SET hs_code = '95030089' WHERE measure = 'returned_value_usd'",
        "E 9610 95030089 HKG 5 5349: returned_value_usd 0.00000, causes say 1.00000",
    ),
    (
        "statistics",
        "published_are_sums",
        "DELETE FROM statistics.trade_published WHERE hs_code = '9503' AND hs_level = 8 AND partner = 'ALL'",
        "E 8 9503 ALL: no value CNY, items 30.00000",
    ),
    (
        "statistics",
        "published_are_sums",
        "UPDATE statistics.trade_published SET net_weight_kg = 2 WHERE flow = 'E' AND hs_level = 0",
        "E 0 TOTAL ALL: 60.00000 CNY, items 60.00000",
    ),
    (
        "statistics",
        "published_are_sums",
        "UPDATE statistics.trade_cells SET net_weight_kg = NULL WHERE hs_code = '9503'",
        "E 0 TOTAL ALL: 60.00000 CNY, items 60.00000",
    ),
    (
        "statistics",
        "published_are_sums",
        "UPDATE statistics.trade_published SET items = 1 WHERE hs_code = '33049900' AND partner = 'HKG'",
        "RE 8 33049900 HKG: 5.00000 CNY, items 5.00000",
    ),
    (
        "statistics",
        "published_counts",
        "UPDATE statistics.trade_published SET enterprises = 20 WHERE flow = 'E' AND hs_level = 0 AND partner = 'ALL'",
        "E 0 TOTAL ALL: no lists, 20 enterprises, counted none and none",
    ),
    (
        "statistics",
        "published_counts",
        """
        INSERT INTO statistics.trade_returns
        SELECT * EXCLUDE (i) REPLACE ('L' || i AS cop_no) FROM statistics.trade_returns, range(19) AS t (i)
        """,
        "RE 8 33049900 HKG: no lists, no enterprises, counted 20 and none",
    ),
    (
        "statistics",
        "published_counts",
        """
        INSERT INTO statistics.trade_items
        SELECT * EXCLUDE (i) REPLACE ('E' || i AS ebc_code) FROM statistics.trade_items, range(19) AS t (i)
        WHERE vintage_no = 2 AND gnum = 2
        """,
        "E 0 TOTAL HKG: no lists, no enterprises, counted none and 20",
    ),
    (
        "statistics",
        "hidden_is_empty",
        "UPDATE statistics.trade_published SET enterprises = 1 WHERE hs_code = '95' AND partner = 'HKG'",
        "E 2 95 HKG: C",
    ),
    (
        "statistics",
        "hidden_is_empty",
        "UPDATE statistics.trade_published SET value_usd = NULL WHERE hs_code = '33' AND partner = 'HKG'",
        "RE 2 33 HKG: F",
    ),
    (
        "statistics",
        "published_adds_up",
        "UPDATE statistics.trade_published SET value_usd = 0.5 WHERE hs_code = '33' AND partner = 'HKG'",
        "RE 2 33 HKG: 5.00000 CNY, its parts 5.00000",
    ),
    (
        "statistics",
        "published_adds_up",
        "UPDATE statistics.trade_published SET value_cny = 4 WHERE hs_code = '33049900' AND partner = 'HKG'",
        "RE 6 330499 HKG: 5.00000 CNY, its parts 4.00000",
    ),
    (
        "statistics",
        "no_unsafe_cell_alone",
        "UPDATE statistics.trade_published SET conf_status = 'F' WHERE hs_code = '95' AND partner = 'HKG'",
        "E 0 TOTAL HKG: one part is hidden, and follows from the others",
    ),
    (
        "statistics",
        "hidden_stays_hidden",
        "UPDATE statistics.trade_published SET conf_status = 'F' WHERE vintage_no = 2 AND hs_code = '61'",
        "E 2 61 HKG: hidden by vintage 1",
    ),
    (
        "statistics",
        "hidden_stays_hidden",
        "DELETE FROM statistics.trade_published WHERE vintage_no = 2 AND hs_code = '6205' AND partner = 'HKG'",
        "E 8 6205 HKG: hidden by vintage 1",
    ),
    (
        "statistics",
        "published_are_sums",
        "DELETE FROM statistics.trade_published WHERE vintage_no = 1 AND hs_code = '6205' AND partner = 'HKG'",
        "E 8 6205 HKG: no value CNY, items none",
    ),
    (
        "statistics",
        "published_are_sums",
        (
            "UPDATE statistics.trade_published SET conf_status = 'F', value_cny = 0 "
            "WHERE vintage_no = 2 AND hs_code = '6205'"
        ),
        "E 8 6205 HKG: 0.00000 CNY, items none",
    ),
    (
        "statistics",
        "records_accounted",
        "UPDATE statistics.coverage SET stale = 0",
        "platform order: 6 received, 5 accounted for",
    ),
    (
        "statistics",
        "nonresponse_of_all_items",
        "UPDATE statistics.item_nonresponse SET items = 2 WHERE field = 'qty1'",
        "E qty1: of 2 items, 3 counted",
    ),
    (
        "statistics",
        "nonresponse_of_all_items",
        "DELETE FROM statistics.item_nonresponse",
        "E no field: of 0 items, 3 counted",
    ),
    (
        "statistics",
        "outliers_are_items",
        "INSERT INTO statistics.unit_value_outliers VALUES ('2026-11', 2, 'E', '3', 9, 'E', 1, 2)",
        "E/3 item 9: 2.00000 CNY, counted not",
    ),
    (
        "statistics",
        "outliers_are_items",
        "INSERT INTO statistics.unit_value_outliers VALUES ('2026-11', 2, 'E', '3', 1, 'E', 1, 2)",
        "E/3 item 1: 2.00000 CNY, counted 20.00000",
    ),
    (
        "statistics",
        "revision_is_explained",
        "UPDATE statistics.revision_sizes SET after = 61 WHERE measure = 'value_cny'",
        "E: from 15.00000 to 61.00000, explained 45.00000",
    ),
)


def test_good_tables_pass_all_gates(home: Home) -> None:
    for stage in STAGES:
        assert check(home, RUN_DATE, stage) == []


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda v: f"{v[0]}-{v[1]}")
def test_violation_stops_the_run(home: Home, execute: Execute, violation: tuple[str, str, str, str]) -> None:
    stage, expectation, change, shown = violation
    execute(change)

    with pytest.raises(GateFailedError) as stopped:
        check(home, RUN_DATE, stage)

    line = next(f for f in stopped.value.failures if f" · {expectation}: " in f)
    assert shown in line
    assert "answers: " in line
    assert f"gate {stage} stopped" in str(stopped.value)
    assert line in str(stopped.value)
    assert stopped.value.report == home.data_docs / "index.html"
    assert not home.data_docs.exists(), "pages are built once a run, by the task data_docs"
    assert str(stopped.value.report) in str(stopped.value)
    # the next task can write at once, and finds the observation in the results
    with duckdb.connect(home.warehouse) as warehouse:
        row = warehouse.execute(
            "SELECT success, severity, observed FROM audit.gate_results WHERE expectation = ?", [expectation]
        ).fetchone()
    assert row is not None
    assert row[:2] == (False, "critical")
    assert shown in row[2]


def test_every_critical_expectation_has_a_violation() -> None:
    critical = {
        (stage, e.id) for stage in STAGES for s in suites_of(stage) for e in s.expectations if e.severity == "critical"
    }
    assert critical == {(stage, expectation) for stage, expectation, _, _ in VIOLATIONS}


WAIVED = "UPDATE public_service.rebate_actions SET rule_id = '{}', action = 'off' WHERE supervision_mode = '9610'"


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("REB14", "UPDATE public_service.rebate_eligibility SET forex_received = 0"),
        ("REB15", "UPDATE staging.current_records SET is_live = false WHERE record_id = 49"),
        ("REB18", "UPDATE staging.stg_invoices SET kind = 'O' WHERE record_id = 32"),
        ("BLK04", "UPDATE public_service.invoice_allocations SET relation_no = 'Q' WHERE cop_no = '9'"),
    ],
)
def test_what_the_catalogue_does_not_ask_for_is_not_missed(
    home: Home, execute: Execute, rule: str, change: str
) -> None:
    execute(change)
    with pytest.raises(GateFailedError):
        check(home, RUN_DATE, "public_service")
    execute(WAIVED.format(rule))
    assert check(home, RUN_DATE, "public_service") == []


#: stage, warning, the change that raises it and nothing else
DOUBTS = (
    (
        "received",
        "few_files_quarantined",
        "UPDATE raw.files SET state = 'quarantined', reason = 'r' WHERE records = 0",
    ),
    (
        "received",
        "some_file_read",
        """
        UPDATE raw.files SET state = 'repeated', records = 0;
        TRUNCATE raw.orders; TRUNCATE raw.order_items; TRUNCATE raw.payments; TRUNCATE raw.waybills;
        TRUNCATE raw.declarations
        """,
    ),
    (
        "received",
        "no_new_element",
        "INSERT INTO audit.source_shapes VALUES ('2026-11-20', 'platform', 'order', 'size', 'unread', 12, 12)",
    ),
    (
        "received",
        "no_element_vanished",
        "DELETE FROM audit.source_shapes WHERE run_date = '2026-11-20' AND name = 'orderNo'",
    ),
    (
        "received",
        "no_new_code",
        "INSERT INTO audit.source_shapes VALUES ('2026-11-20', 'platform', 'order', 'unit = 999', 'code', 3, 12)",
    ),
    ("staged", "app_time_not_ahead", "UPDATE staging.current_records SET app_time = '2026-11-22 00:00:00'"),
    (
        "staged",
        "few_records_quarantined",
        """
        UPDATE audit.record_states SET state = 'quarantined' WHERE record_id BETWEEN 1001 AND 1004;
        INSERT INTO audit.quarantine
        SELECT quarantine.* REPLACE (i AS position) FROM audit.quarantine, range(3, 7) AS t (i) WHERE position = 2
        """,
    ),
    ("staged", "goods_value_not_negative", "UPDATE staging.stg_orders SET goods_value = -1"),
    ("statistics", "source_heard", "UPDATE statistics.coverage SET vintage_no = 2"),
    ("statistics", "quantities_stated", "UPDATE statistics.item_nonresponse SET missing_value_share = 0.06"),
    (
        "statistics",
        "outliers_bear_little",
        "INSERT INTO statistics.unit_value_outliers VALUES ('2026-11', 2, 'E', '3', 1, 'E', 1, 20)",
    ),
)


@pytest.mark.parametrize("doubt", DOUBTS, ids=lambda d: d[1])
def test_warning_lets_the_run_go_on(
    home: Home, execute: Execute, caplog: pytest.LogCaptureFixture, doubt: tuple[str, str, str]
) -> None:
    stage, expectation, change = doubt
    execute(change)

    warnings = check(home, RUN_DATE, stage)

    assert len(warnings) == 1
    assert f" · {expectation}: expected: " in warnings[0]
    assert warnings[0] in caplog.text


def test_edges_of_warnings_hold(home: Home, execute: Execute) -> None:
    # a code in two records; a new source's first day, of which everything is new
    execute("""
        INSERT INTO audit.source_shapes VALUES
            ('2026-11-20', 'platform', 'order', 'unit = 999', 'code', 2, 12),
            ('2026-11-20', 'newcomer', 'order', 'size', 'unread', 9, 9),
            ('2026-11-20', 'newcomer', 'order', 'unit = 999', 'code', 9, 9)
    """)
    assert check(home, RUN_DATE, "received") == []
    execute("""
        UPDATE staging.current_records SET app_time = '2026-11-21 23:59:59';
        UPDATE audit.record_states SET state = 'quarantined' WHERE record_id BETWEEN 1001 AND 1003;
        INSERT INTO audit.quarantine
        SELECT quarantine.* REPLACE (i AS position) FROM audit.quarantine, range(3, 6) AS t (i) WHERE position = 2
    """)
    assert check(home, RUN_DATE, "staged") == []


@pytest.mark.parametrize(("before", "told"), [(2, 1), (3, 0)])
def test_a_code_of_a_few_records_is_told_once_it_is_in_many(
    home: Home, execute: Execute, before: int, told: int
) -> None:
    execute(f"""
        INSERT INTO audit.source_shapes VALUES
            ('2026-11-19', 'platform', 'order', 'unit = 999', 'code', {before}, 12),
            ('2026-11-20', 'platform', 'order', 'unit = 999', 'code', 9, 12)
    """)
    warnings = check(home, RUN_DATE, "received")
    assert ["platform: unit = 999, 9 of 12" in warning for warning in warnings] == [True] * told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        # the mapping reads what nobody read, under the name of its element
        ("UPDATE audit.source_shapes SET name = 'item.shade', kind = 'element' WHERE name = 'colour' AND {today}", 0),
        # the code list has grown
        ("UPDATE audit.source_shapes SET name = 'unit = 999', kind = 'code' WHERE name = 'colour' AND NOT {today}", 0),
        # the mapping has ceased to read it
        ("UPDATE audit.source_shapes SET kind = 'unread' WHERE name = 'orderNo' AND {today}", 0),
        ("UPDATE audit.source_shapes SET filled = 2 WHERE name = 'orderNo' AND {today}", 0),
        ("UPDATE audit.source_shapes SET filled = 1 WHERE name = 'orderNo' AND {today}", 1),
    ],
)
def test_what_is_still_sent_has_not_vanished(home: Home, execute: Execute, change: str, told: int) -> None:
    execute(change.format(today="run_date = '2026-11-20'"))
    vanished = [warning for warning in check(home, RUN_DATE, "received") if " · no_element_vanished: " in warning]
    assert ["platform: orderNo, there on all 5 days before" in warning for warning in vanished] == [True] * told


def learned(subject: str, expectation: str, value: str) -> str:
    """History of the working days and weekends of six weeks before the run."""
    return f"""
        INSERT INTO audit.gate_results (run_date, expectation, subject, value)
        SELECT DATE '2026-11-20' - CAST(i AS INTEGER), '{expectation}', '{subject}', {value} FROM range(1, 43) AS t (i)
    """


#: stage, expectation, subject, its history by day i before, what is then said
UNUSUAL = (
    ("received", "records_as_usual", "platform", "100", "platform: 16, usual 50 to 150"),
    ("received", "records_as_usual", "silent", "100", "silent: 0, usual 50 to 150"),
    ("staged", "quarantine_as_usual", "platform", "0.9", "platform: 6.2%, usual 50.0% to 100.0%"),
    ("matched", "rules_fail_as_usual", "DOC01", "0.99", "DOC01: 25.0%, usual 50.0% to 100.0%"),
    ("marts", "values_as_usual", "export, CNY", "100 + i % 2", "export, CNY: 17.50, usual 50"),
)


@pytest.mark.parametrize("unusual", UNUSUAL, ids=lambda u: f"{u[1]}-{u[2]}")
def test_unusual_figures_are_told_with_their_bounds(home: Home, execute: Execute, unusual: tuple[str, ...]) -> None:
    stage, expectation, subject, value, said = unusual
    results.prepare(home)
    execute(learned(subject, expectation, value))

    (warning,) = check(home, RUN_DATE, stage)

    assert f" · {expectation}: " in warning
    assert said in warning
    with duckdb.connect(home.warehouse) as warehouse:
        (row,) = warehouse.execute(
            "SELECT success, lower <= upper, basis, hurts FROM audit.gate_results WHERE run_date = $1 AND subject = $2"
            " AND expectation = $3",
            [RUN_DATE, subject, expectation],
        ).fetchall()
    assert row[:2] == (False, True)
    assert "working days" in row[2]
    assert row[3] in {"statistician", "exporter"}


@pytest.mark.parametrize(
    ("stage", "change", "cause"),
    [
        ("marts", "ALTER TABLE clearance.list_usage DROP COLUMN usage", "usage"),
        ("matched", "ALTER TABLE matching.decisions DROP COLUMN has_order", "has_order"),
        ("staged", "ALTER TABLE staging.current_records DROP COLUMN app_time", "app_time"),  # asked for by a warning
    ],
)
def test_broken_sql_stops_the_run(home: Home, execute: Execute, stage: str, change: str, cause: str) -> None:
    execute(change)

    with pytest.raises(GateFailedError, match=rf"could not be evaluated: .*{cause}"):
        check(home, RUN_DATE, stage)


def test_missing_table_stops_the_run(home: Home, execute: Execute) -> None:
    execute("DROP TABLE clearance.missing_rates")

    with pytest.raises(GateFailedError, match=r"could not be evaluated: .*missing_rates"):
        check(home, RUN_DATE, "marts")


def test_results_replace_those_of_the_same_run(home: Home) -> None:
    for stage in ("received", "staged", "received"):
        check(home, RUN_DATE, stage)

    with duckdb.connect(home.warehouse) as warehouse:
        rows = warehouse.execute("SELECT stage, suite, expectation, bounds FROM audit.gate_results").fetchall()
    # what an earlier attempt observed at a later gate is not an observation of this one
    assert {row[0] for row in rows} == {"received"}
    # the one that learns has a row for its one source
    assert len(rows) == len(set(rows)) == sum(len(s.expectations) for s in suites_of("received"))
    assert ("received", "raw.files", "file_state_known", "one of read, repeated, quarantined") in rows
    assert ("received", "raw.files", "file_records_loaded", "0 rows") in rows
    assert ("received", "raw.files", "few_files_quarantined", "at least 95% of the rows: one of read, repeated") in rows
    kept = home.report_of(RUN_DATE) / "gates"
    assert [f.name for f in kept.iterdir()] == ["received.json"]
    assert {s["suite_name"] for s in json.loads((kept / "received.json").read_text())} == {
        "raw.files", "raw records", "audit.source_shapes", "raw items",
    }  # fmt: skip


def test_no_such_gate(home: Home) -> None:
    with pytest.raises(ValueError, match="no gate 'published'"):
        check(home, RUN_DATE, "published")


def test_rows_of_other_runs_are_not_judged(home: Home, execute: Execute) -> None:
    execute("UPDATE raw.files SET state = 'lost' WHERE run_date < '2026-11-20'")
    assert check(home, RUN_DATE, "received") == []


def test_importing_the_package_does_not_import_great_expectations() -> None:
    code = "import sys, sandan.gates; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own code
