"""Gate *public_service*: no refund without every paper, none twice or beyond its papers; sums are sums."""

from __future__ import annotations

from great_expectations import expectations as gxe

from expectations.departments import DEPARTMENTS
from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite, of_run

ITEM = "ebc_code || '/' || cop_no || ' item ' || gnum"
VERDICTS = ["rebate", "exempt", "taxed", "pending", "blocked"]
CAUSES = ["granted", "returned", "settled", "withdrawn", "corrected"]
#: a key of the staging as the marts show it (macro shown_key)
SHOWN_KEY = r"replace(replace(replace(key, '\', '\\'), '|', '\|'), chr(31), '|')"

PUBLIC_SERVICE = (
    Suite(
        table="public_service.rebate_eligibility",
        rows=of_run("public_service.rebate_eligibility", "changed_on"),
        expectations=(
            Expected(
                id="item_judged_once",
                says="an exported item has one verdict",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no", "gnum"]),
                protects="every sum of refunds",
                answers="data engineer",
            ),
            Expected(
                id="verdict_known",
                says="every verdict is one of the published contract",
                holds=gxe.ExpectColumnValuesToBeInSet(column="verdict", value_set=VERDICTS),
                protects="readers of the contract",
                answers="rule owner",
            ),
            Expected(
                id="export_judged",
                says="every item of an export list that closed in the run has a verdict",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT {ITEM} || ': not judged' AS observed
                    FROM public_service.exported_items ANTI JOIN {{batch}} USING (ebc_code, cop_no, gnum)
                    WHERE run_date = {{run_date}} AND NOT EXISTS (
                        SELECT 1 FROM public_service.rebate_eligibility AS later
                        WHERE (later.ebc_code, later.cop_no, later.gnum)
                            = (exported_items.ebc_code, exported_items.cop_no, exported_items.gnum)
                            AND later.changed_on > {{run_date}})
                    """
                ),
                protects="exporters from goods that nobody looks at",
                answers="data engineer",
            ),
            Expected(
                id="no_refund_without_papers",
                says="a refund has a closed form, a claim, a rate, and invoices (免退) or the month's return (免抵退)",
                holds=ExpectNoRows(
                    query=f"""
                    WITH invoiced AS (
                        SELECT ebc_code, cop_no, gnum, sum(amount) AS amount
                        FROM public_service.invoice_allocations GROUP BY ALL
                    )
                    SELECT {ITEM} || ': ' || coalesce(verdict, 'no verdict') || ' of ' || refund_amount || ' without '
                           || concat_ws(', ', if(declaration_no IS NULL, 'form', NULL),
                               if(relation_no IS NULL, 'claim', NULL),
                               if(taxpayer_id IS NULL, 'taxpayer', NULL), if(rebate_rate IS NULL, 'rate', NULL),
                               if(method = 'T' AND invoiced.amount IS DISTINCT FROM base_amount, 'invoices', NULL),
                               if(method = 'C' AND credits.refundable IS NULL, 'return', NULL)) AS observed
                    FROM {{batch}} AS lines
                    LEFT JOIN invoiced USING (ebc_code, cop_no, gnum)
                    LEFT JOIN public_service.credit_refunds AS credits USING (taxpayer_id, period)
                    WHERE refund_amount <> 0 AND NOT coalesce(
                        declaration_no IS NOT NULL AND relation_no IS NOT NULL AND taxpayer_id IS NOT NULL
                        AND rebate_rate > 0 AND CASE method
                            WHEN 'T' THEN invoiced.amount = base_amount
                            WHEN 'C' THEN credits.refundable IS NOT NULL END,
                        false)
                    """
                ),
                protects="the treasury",
                answers="rule owner",
            ),
            Expected(
                id="no_refund_without_exchange",
                says="a refund has exchange received; but a pre-refund, or one whose exchange may come again in time",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT {ITEM} || ': ' || state || ' ' || refund_amount || ', received ' || forex_received
                           AS observed
                    FROM {{batch}}
                    WHERE refund_amount <> 0 AND forex_received <= 0 AND state <> 'pre_refunded'
                        AND NOT (verdict = 'pending' AND reason_rules = ['REB14'] AND deadline >= {{run_date}})
                    """
                ),
                protects="the treasury",
                answers="rule owner",
            ),
            Expected(
                id="refund_follows_verdict",
                says="only a rebate is refunded, and until its deadline what lacks exchange alone",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT {ITEM} || ': ' || verdict || ' ' || reason_rules::VARCHAR || ', refund ' || refund_amount
                           AS observed
                    FROM {{batch}}
                    WHERE (verdict = 'rebate') <> (reason_rules = [])
                        OR (refund_amount <> 0 AND verdict <> 'rebate'
                            AND NOT (verdict = 'pending' AND reason_rules = ['REB14']))
                        OR (verdict = 'pending' AND deadline < {{run_date}})
                    """
                ),
                protects="the treasury, and exporters",
                answers="rule owner",
            ),
            Expected(
                id="refund_is_base_by_rate",
                says="a refund by invoices is its base × its rate, to the cent",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT {ITEM} || ': ' || refund_amount || ', ' || base_amount || ' × ' || rebate_rate AS observed
                    FROM {{batch}}
                    WHERE method = 'T' AND refund_amount <> 0
                        AND refund_amount IS DISTINCT FROM round(base_amount * rebate_rate, 2)
                    """
                ),
                protects="money, to the cent",
                answers="rule owner",
            ),
            Expected(
                id="entries_are_the_refund",
                says="what was entered for an item, over all runs, is the refund that stands",
                holds=ExpectNoRows(
                    query=f"""
                    WITH entered AS (
                        SELECT ebc_code, cop_no, gnum, sum(amount) AS amount
                        FROM public_service.rebate_entries WHERE run_date <= {{run_date}} GROUP BY ALL
                    )
                    SELECT {ITEM} || ': entered ' || coalesce(entered.amount, 0) || ', refund ' || refund_amount
                           AS observed
                    FROM {{batch}} LEFT JOIN entered USING (ebc_code, cop_no, gnum)
                    WHERE coalesce(entered.amount, 0) <> refund_amount
                    """
                ),
                protects="the auditor's account of every cent",
                answers="data engineer",
            ),
        ),
    ),
    Suite(
        table="public_service.rebate_entries",
        rows=of_run("public_service.rebate_entries"),
        expectations=(
            Expected(
                id="entry_once",
                says="a run enters an item once",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no", "gnum"]),
                protects="the account of refunds",
                answers="data engineer",
            ),
            Expected(
                id="cause_known",
                says="every cause is one of the published contract",
                holds=gxe.ExpectColumnValuesToBeInSet(column="cause", value_set=CAUSES),
                protects="readers of the contract",
                answers="rule owner",
            ),
        ),
    ),
    Suite(
        table="public_service.invoice_allocations",
        rows=of_run("public_service.invoice_allocations", "changed_on"),
        expectations=(
            Expected(
                id="within_the_invoice",
                says="of an invoice line no more is allotted than it bears, in quantity and in money",
                holds=ExpectNoRows(
                    query=f"""
                    WITH touched AS (SELECT DISTINCT invoice, invoice_line FROM {{batch}}),
                    allotted AS (
                        SELECT invoice, invoice_line, sum(qty) AS qty, sum(amount) AS amount
                        FROM public_service.invoice_allocations SEMI JOIN touched USING (invoice, invoice_line)
                        GROUP BY ALL
                    ),
                    records AS (
                        SELECT {SHOWN_KEY} AS invoice,
                               arg_max(record_id, run_date) AS record_id, arg_max(is_live, run_date) AS is_live
                        FROM staging.current_records WHERE list = 'invoice' AND run_date <= {{run_date}} GROUP BY ALL
                    )
                    SELECT invoice || ' line ' || invoice_line || ': allotted ' || coalesce(allotted.qty || ' for '
                           || allotted.amount, 'unknown')
                           || coalesce(', invoiced ' || items.qty || ' for ' || items.net_amount, ', no such line')
                           AS observed
                    FROM allotted LEFT JOIN records USING (invoice)
                    LEFT JOIN staging.stg_invoice_items AS items
                        ON records.record_id = items.record_id AND allotted.invoice_line = items.gnum
                        AND records.is_live
                    WHERE NOT coalesce(allotted.qty <= items.qty AND allotted.amount <= items.net_amount, false)
                        OR allotted.qty < 0 OR allotted.amount < 0
                    """
                ),
                protects="the treasury from an invoice that is used up",
                answers="rule owner",
            ),
            Expected(
                id="invoice_used_once",
                says="an invoice line stands behind one relation",
                holds=ExpectNoRows(
                    query="""
                    WITH touched AS (SELECT DISTINCT invoice, invoice_line FROM {batch})
                    SELECT invoice || ' line ' || invoice_line || ': ' || min(relation_no) || ' and '
                           || max(relation_no)
                           || ' of ' || min(taxpayer_id)
                           || if(min(taxpayer_id) <> max(taxpayer_id), ' and another', '') AS observed
                    FROM public_service.invoice_allocations SEMI JOIN touched USING (invoice, invoice_line)
                    GROUP BY invoice, invoice_line HAVING count(DISTINCT (taxpayer_id, relation_no)) > 1
                    """
                ),
                protects="the treasury from an invoice that is used twice",
                answers="rule owner",
            ),
        ),
    ),
    Suite(
        table="public_service.forex_allocations",
        rows=of_run("public_service.forex_allocations", "changed_on"),
        expectations=(
            Expected(
                id="within_the_receipt",
                says="no more is allotted of a receipt of exchange than was received and netted",
                holds=ExpectNoRows(
                    query=f"""
                    WITH touched AS (SELECT DISTINCT receipt FROM {{batch}}),
                    allotted AS (
                        SELECT receipt, sum(amount) AS amount
                        FROM public_service.forex_allocations SEMI JOIN touched USING (receipt)
                        WHERE changed_on <= {{run_date}} GROUP BY ALL
                    ),
                    records AS (
                        SELECT {SHOWN_KEY} AS receipt,
                               arg_max(record_id, run_date) AS record_id
                        FROM staging.current_records WHERE list = 'forex' AND run_date <= {{run_date}} GROUP BY ALL
                    )
                    SELECT receipt || ': allotted ' || allotted.amount
                           || coalesce(', received ' || (forex.amount + coalesce(netted_fees, 0)), ', none') AS observed
                    FROM allotted LEFT JOIN records USING (receipt)
                    LEFT JOIN staging.stg_forex AS forex USING (record_id)
                    WHERE NOT coalesce(allotted.amount <= forex.amount + coalesce(netted_fees, 0), false)
                    """
                ),
                protects="the treasury from exchange that is counted twice",
                answers="rule owner",
            ),
        ),
    ),
    Suite(
        table="public_service.rebate_totals",
        rows=of_run("public_service.rebate_totals", "changed_on"),
        expectations=(
            Expected(
                id="totals_are_sums",
                says="the total of a taxpayer's month is the sum of its lines",
                holds=ExpectNoRows(
                    query="""
                    WITH sums AS (
                        SELECT taxpayer_id, period, count(*) AS items, sum(refund_amount) AS refund_amount
                        FROM public_service.rebate_eligibility
                        WHERE period IS NOT NULL AND taxpayer_id IS NOT NULL GROUP BY ALL
                    ),
                    touched AS (
                        SELECT taxpayer_id, period FROM {batch}
                        UNION
                        SELECT taxpayer_id, period FROM public_service.rebate_eligibility
                        WHERE changed_on = {run_date} AND period IS NOT NULL AND taxpayer_id IS NOT NULL
                    )
                    SELECT taxpayer_id || ' ' || period || ': ' || coalesce(totals.refund_amount::VARCHAR, 'no total')
                           || ' of ' || coalesce(totals.items, 0) || ' lines; the lines: '
                           || coalesce(sums.refund_amount, 0) || ' of '
                           || coalesce(sums.items, 0) AS observed
                    FROM touched LEFT JOIN public_service.rebate_totals AS totals USING (taxpayer_id, period)
                    LEFT JOIN sums USING (taxpayer_id, period)
                    WHERE totals.refund_amount IS DISTINCT FROM sums.refund_amount
                        OR totals.items IS DISTINCT FROM sums.items
                    """
                ),
                protects="money: a month and its lines must tell the same sum",
                answers="data engineer",
            ),
        ),
    ),
    Suite(
        table="public_service.credit_refunds",
        rows=of_run("public_service.credit_refunds", "changed_on"),
        expectations=(
            Expected(
                id="credit_refund_shared",
                says="a manufacturer's month refunds the smaller of credit and 免抵退税额, shared by its lines",
                holds=ExpectNoRows(
                    query="""
                    WITH sums AS (
                        SELECT taxpayer_id, period, sum(refund_amount) AS refund_amount
                        FROM public_service.rebate_eligibility WHERE method = 'C' GROUP BY ALL
                    )
                    SELECT taxpayer_id || ' ' || period || ': refundable ' || refundable || ' of ' || credit_refund
                           || ', lines ' || coalesce(sums.refund_amount, 0) AS observed
                    FROM {batch} LEFT JOIN sums USING (taxpayer_id, period)
                    WHERE refundable <> greatest(least(ending_credit, credit_refund), 0)
                        OR refundable + exempt_credit <> credit_refund OR coalesce(sums.refund_amount, 0) <> refundable
                    """
                ),
                protects="manufacturers and the treasury",
                answers="rule owner",
            ),
        ),
    ),
    *DEPARTMENTS,
)
