"""Gate *public_service*: no refund without every paper, none twice or beyond its papers; sums are sums."""

from __future__ import annotations

from great_expectations import expectations as gxe

from expectations.departments import DEPARTMENTS
from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite, of_run

ITEM = "ebc_code || '/' || cop_no || ' item ' || gnum"
VERDICTS = ["rebate", "exempt", "taxed", "pending", "blocked"]
CAUSES = ["granted", "returned", "settled", "withdrawn", "corrected"]


def shown(key: str) -> str:
    """A key of the staging as the marts show it (macro shown_key)."""
    return rf"replace(replace(replace({key}, '\', '\\'), '|', '\|'), chr(31), '|')"


def live(list_name: str, model: str, named_in: str, columns: str) -> str:
    """The papers of a list that are current at the end of the run, of the keys that `named_in` joins them to."""
    return f"""
        SELECT record_id, {columns} FROM staging.{model} AS papers JOIN (
            SELECT arg_max(record_id, run_date) AS record_id
            FROM staging.current_records
            SEMI JOIN (SELECT {list_name}_key AS key FROM staging.{model} SEMI JOIN {named_in}) AS named USING (key)
            WHERE list = '{list_name}' AND run_date <= {{run_date}}
            GROUP BY key HAVING arg_max(is_live, run_date)
        ) AS live USING (record_id)
    """


#: rules that the catalogue switches off, by item: what they ask for is not missed
WAIVED = """
    SELECT ebc_code, cop_no, gnum, rule_id
    FROM public_service.rebate_actions AS off
    JOIN public_service.rebate_eligibility AS exports USING (export_date)
    JOIN public_service.exported_items AS items USING (ebc_code, cop_no, gnum, supervision_mode)
    WHERE off.action = 'off'
"""
REFUNDED = "SELECT * FROM {batch} AS lines WHERE refund_amount <> 0"

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
                hurts="auditor",
            ),
            Expected(
                id="verdict_known",
                says="every verdict is one of the published contract",
                holds=gxe.ExpectColumnValuesToBeInSet(column="verdict", value_set=VERDICTS),
                protects="readers of the contract",
                answers="rule owner",
                hurts="exporter",
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
                hurts="exporter",
            ),
            Expected(
                id="refund_given",
                says="every item has a refund, be it 0",
                holds=gxe.ExpectColumnValuesToNotBeNull(column="refund_amount"),
                protects="sums of refunds, which would pass over it",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="no_refund_without_papers",
                says="a refund has a closing, a claim, a registered taxpayer, a rate, and invoices (免退) or the "
                "month's return (免抵退), as they stand at the end of the run",
                holds=ExpectNoRows(
                    query=f"""
                    WITH refunded AS ({REFUNDED}),
                    closings AS ({
                        live(
                            "closing",
                            "stg_closings",
                            "refunded USING (form_no)",
                            "form_no, declaration_no, export_date",
                        )
                    }),
                    claims AS ({
                        live(
                            "export_claim",
                            "stg_export_claims",
                            "refunded USING (taxpayer_id, relation_no, form_no, line_no)",
                            "taxpayer_id, relation_no, form_no, line_no, period",
                        )
                    }),
                    taxpayers AS ({
                        live(
                            "taxpayer",
                            "stg_taxpayers",
                            "refunded USING (taxpayer_id)",
                            "taxpayer_id, party_code, vat_status, rebate_method, rebate_filed_on, valid_from, valid_to",
                        )
                    }),
                    returns AS ({
                        live(
                            "vat_return",
                            "stg_vat_returns",
                            "refunded USING (taxpayer_id, period)",
                            "taxpayer_id, period",
                        )
                    }),
                    registered AS (
                        SELECT lines.ebc_code, cop_no, gnum,
                               bool_or(rebate_method = method
                                   AND rebate_filed_on <= last_day(strptime(period, '%Y%m'))) AS is_filed
                        FROM refunded AS lines JOIN taxpayers
                            ON (taxpayers.taxpayer_id, party_code) = (lines.taxpayer_id, lines.ebc_code)
                            AND export_date BETWEEN valid_from AND coalesce(valid_to, export_date)
                        WHERE vat_status = 'G' GROUP BY ALL
                    ),
                    lacking AS (
                        SELECT lines.*, unnest(['REB02', 'REB04', 'REB05', 'REB06', 'REB07', 'REB15']) AS rule_id,
                               unnest(['closed form', 'taxpayer', 'filing', 'rate', 'claim', 'return']) AS paper,
                               unnest([
                                   closings.record_id IS NULL, registered.is_filed IS NULL,
                                   NOT coalesce(registered.is_filed, false), NOT coalesce(rebate_rate > 0, false),
                                   claims.record_id IS NULL, method = 'C' AND returns.record_id IS NULL
                               ]) AS lacks
                        FROM refunded AS lines
                        LEFT JOIN closings USING (form_no, declaration_no, export_date)
                        LEFT JOIN claims USING (taxpayer_id, relation_no, form_no, line_no, period)
                        LEFT JOIN returns USING (taxpayer_id, period)
                        LEFT JOIN registered USING (ebc_code, cop_no, gnum)
                    )
                    SELECT {ITEM} || ': ' || any_value(verdict) || ' of ' || any_value(refund_amount) || ' without '
                           || string_agg(paper, ', ' ORDER BY rule_id) AS observed
                    FROM lacking ANTI JOIN ({WAIVED}) AS waived USING (ebc_code, cop_no, gnum, rule_id)
                    WHERE lacks GROUP BY ebc_code, cop_no, gnum
                    """
                ),
                protects="the treasury",
                answers="rule owner",
                hurts="department",
            ),
            Expected(
                id="no_refund_without_invoices",
                says="the base of a refund (免退) is borne by claimed, valid special invoices to the taxpayer",
                holds=ExpectNoRows(
                    query=f"""
                    WITH refunded AS ({REFUNDED} AND method = 'T'),
                    purchases AS ({
                        live(
                            "purchase_claim",
                            "stg_purchase_claims",
                            "refunded USING (taxpayer_id, relation_no)",
                            "taxpayer_id, relation_no, invoice_key, invoice_line",
                        )
                    }),
                    claimed AS (SELECT invoice_key, invoice_key AS red_of FROM purchases),
                    invoices AS ({
                        live(
                            "invoice",
                            "stg_invoices",
                            "claimed USING (invoice_key)",
                            "invoice_key, kind, state, buyer_id, red_of",
                        )
                    }),
                    reds AS ({live("invoice", "stg_invoices", "claimed USING (red_of)", "red_of, state")}),
                    parts AS (
                        SELECT parts.*, unnest(['REB08', 'REB09', 'REB18']) AS rule_id,
                               unnest([
                                   purchases.record_id IS NULL OR invoices.record_id IS NULL,
                                   invoices.state <> 'N' OR invoices.red_of IS NOT NULL
                                       OR invoices.buyer_id <> taxpayer_id
                                       OR invoice_key IN (SELECT red_of FROM reds WHERE state = 'N'),
                                   invoices.kind NOT IN ('S', 'I')
                               ]) AS lacks
                        FROM public_service.invoice_allocations AS parts
                        SEMI JOIN refunded USING (ebc_code, cop_no, gnum)
                        LEFT JOIN (SELECT *, {shown("invoice_key")} AS invoice FROM purchases)
                            AS purchases USING (taxpayer_id, relation_no, invoice, invoice_line)
                        LEFT JOIN invoices USING (invoice_key)
                    ),
                    faults AS (
                        SELECT ebc_code, cop_no, gnum,
                               string_agg(DISTINCT invoice, ', ' ORDER BY invoice) AS invoices
                        FROM parts ANTI JOIN ({WAIVED}) AS waived USING (ebc_code, cop_no, gnum, rule_id)
                        WHERE lacks GROUP BY ALL
                    ),
                    borne AS (
                        SELECT ebc_code, cop_no, gnum, sum(amount) AS amount FROM parts WHERE rule_id = 'REB08'
                        GROUP BY ALL
                    )
                    SELECT {ITEM} || ': ' || refund_amount || ' on ' || coalesce(base_amount::VARCHAR, 'no base')
                           || ', invoices bear ' || coalesce(borne.amount, 0)
                           || coalesce(', not valid: ' || faults.invoices, '') AS observed
                    FROM refunded LEFT JOIN borne USING (ebc_code, cop_no, gnum)
                    LEFT JOIN faults USING (ebc_code, cop_no, gnum)
                    WHERE borne.amount IS DISTINCT FROM base_amount OR faults.invoices IS NOT NULL
                    """
                ),
                protects="the treasury",
                answers="rule owner",
                hurts="department",
            ),
            Expected(
                id="no_refund_without_exchange",
                says="a refund has the exchange that is due, by its receipts; but a pre-refund, or one whose exchange "
                "may come again in time",
                # what is due is rounded, what is received is cut off
                holds=ExpectNoRows(
                    query=f"""
                    WITH refunded AS (
                        {REFUNDED} AND state <> 'pre_refunded'
                            AND NOT (verdict = 'pending' AND reason_rules = ['REB14'] AND deadline >= {{run_date}})
                    ),
                    receipts AS (
                        SELECT ebc_code, cop_no, gnum, sum(amount) AS amount
                        FROM public_service.forex_allocations SEMI JOIN refunded USING (ebc_code, cop_no, gnum)
                        GROUP BY ALL
                    )
                    SELECT {ITEM} || ': ' || state || ' ' || refund_amount || ', received ' || forex_received || ' of '
                           || forex_due || ', by receipts ' || coalesce(receipts.amount, 0) AS observed
                    FROM (SELECT *, 'REB14' AS rule_id FROM refunded) AS refunded
                    ANTI JOIN ({WAIVED}) AS waived USING (ebc_code, cop_no, gnum, rule_id)
                    LEFT JOIN receipts USING (ebc_code, cop_no, gnum)
                    WHERE NOT coalesce(
                        forex_received + 0.00002 > forex_due AND forex_received <= coalesce(receipts.amount, 0), false)
                    """
                ),
                protects="the treasury",
                answers="rule owner",
                hurts="department",
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
                hurts="exporter",
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
                hurts="exporter",
            ),
            Expected(
                id="entries_are_the_refund",
                says="what was entered for an item, over all runs, is the refund that stands",
                holds=ExpectNoRows(
                    query=f"""
                    WITH entered AS (
                        SELECT ebc_code, cop_no, gnum, sum(amount) AS amount
                        FROM public_service.rebate_entries SEMI JOIN {{batch}} AS lines USING (ebc_code, cop_no, gnum)
                        WHERE run_date <= {{run_date}} GROUP BY ALL
                    )
                    SELECT {ITEM} || ': entered ' || coalesce(entered.amount, 0) || ', refund ' || refund_amount
                           AS observed
                    FROM {{batch}} LEFT JOIN entered USING (ebc_code, cop_no, gnum)
                    WHERE coalesce(entered.amount, 0) <> refund_amount
                    """
                ),
                protects="the auditor's account of every cent",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="entries_of_a_month_are_its_lines",
                says="what was entered for a taxpayer's month, over all runs, is the sum of its lines",
                # a later run has entered on top, or moved lines away: its own gate looks
                holds=ExpectNoRows(
                    query="""
                    WITH touched AS (
                        SELECT taxpayer_id, period FROM {batch} AS lines
                        WHERE taxpayer_id IS NOT NULL AND period IS NOT NULL
                        UNION
                        SELECT taxpayer_id, period
                        FROM public_service.rebate_entries SEMI JOIN {batch} AS lines USING (ebc_code, cop_no, gnum)
                    ),
                    entered AS (
                        SELECT taxpayer_id, period, sum(amount) AS amount, max(run_date) AS last_on
                        FROM public_service.rebate_entries SEMI JOIN touched USING (taxpayer_id, period) GROUP BY ALL
                    ),
                    lines AS (
                        SELECT taxpayer_id, period, sum(refund_amount) AS amount, max(changed_on) AS last_on
                        FROM public_service.rebate_eligibility SEMI JOIN touched USING (taxpayer_id, period)
                        GROUP BY ALL
                    )
                    SELECT taxpayer_id || ' ' || period || ': entered ' || coalesce(entered.amount, 0) || ', lines '
                           || coalesce(lines.amount, 0) AS observed
                    FROM touched LEFT JOIN entered USING (taxpayer_id, period)
                    LEFT JOIN lines USING (taxpayer_id, period)
                    WHERE coalesce(entered.amount, 0) <> coalesce(lines.amount, 0)
                        AND greatest(entered.last_on, lines.last_on) <= {run_date}
                    """
                ),
                protects="the auditor's account of every month",
                answers="data engineer",
                hurts="auditor",
            ),
        ),
    ),
    Suite(
        table="public_service.rebate_entries",
        rows=of_run("public_service.rebate_entries"),
        expectations=(
            Expected(
                id="entry_once",
                says="a run enters an item once for a taxpayer's month",
                holds=gxe.ExpectCompoundColumnsToBeUnique(
                    column_list=["ebc_code", "cop_no", "gnum", "taxpayer_id", "period"]
                ),
                protects="the account of refunds",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="cause_known",
                says="every cause is one of the published contract",
                holds=gxe.ExpectColumnValuesToBeInSet(column="cause", value_set=CAUSES),
                protects="readers of the contract",
                answers="rule owner",
                hurts="auditor",
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
                        SELECT {shown("key")} AS invoice,
                               arg_max(record_id, run_date) AS record_id, arg_max(is_live, run_date) AS is_live
                        FROM staging.current_records SEMI JOIN touched ON {shown("key")} = touched.invoice
                        WHERE list = 'invoice' AND run_date <= {{run_date}} GROUP BY ALL
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
                hurts="department",
            ),
            Expected(
                id="invoice_used_once",
                says="an invoice line stands behind one relation",
                holds=ExpectNoRows(
                    query=f"""
                    WITH touched AS (SELECT DISTINCT invoice, invoice_line FROM {{batch}})
                    SELECT invoice || ' line ' || invoice_line || ': ' || min(relation_no) || ' and '
                           || max(relation_no)
                           || ' of ' || min(taxpayer_id)
                           || if(min(taxpayer_id) <> max(taxpayer_id), ' and another', '') AS observed
                    FROM (SELECT *, 'BLK04' AS rule_id FROM public_service.invoice_allocations) AS parts
                    SEMI JOIN touched USING (invoice, invoice_line)
                    ANTI JOIN ({WAIVED}) AS waived USING (ebc_code, cop_no, gnum, rule_id)
                    GROUP BY invoice, invoice_line HAVING count(DISTINCT (taxpayer_id, relation_no)) > 1
                    """
                ),
                protects="the treasury from an invoice that is used twice",
                answers="rule owner",
                hurts="department",
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
                    forex AS (
                        SELECT {shown("key")} AS receipt, arg_max(record_id, run_date) AS record_id
                        FROM staging.current_records SEMI JOIN touched ON {shown("key")} = touched.receipt
                        WHERE list = 'forex' AND run_date <= {{run_date}}
                        GROUP BY ALL HAVING arg_max(is_live, run_date)
                    )
                    SELECT receipt || ': allotted ' || allotted.amount
                           || coalesce(', received ' || (papers.amount + coalesce(netted_fees, 0)), ', none')
                           || if(kind = 'D' AND deemed_reason IS NULL, ', deemed without a reason', '') AS observed
                    FROM allotted LEFT JOIN forex USING (receipt)
                    LEFT JOIN staging.stg_forex AS papers USING (record_id)
                    WHERE NOT coalesce(allotted.amount <= papers.amount + coalesce(netted_fees, 0), false)
                        OR (kind = 'D' AND deemed_reason IS NULL)
                    """
                ),
                protects="the treasury from exchange that is counted twice",
                answers="rule owner",
                hurts="department",
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
                    WITH touched AS (
                        SELECT taxpayer_id, period FROM {batch}
                        UNION
                        SELECT taxpayer_id, period FROM public_service.rebate_eligibility
                        WHERE changed_on = {run_date} AND period IS NOT NULL AND taxpayer_id IS NOT NULL
                    ),
                    sums AS (
                        SELECT taxpayer_id, period, count(*) AS items, sum(refund_amount) AS refund_amount
                        FROM public_service.rebate_eligibility SEMI JOIN touched USING (taxpayer_id, period)
                        GROUP BY ALL
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
                hurts="auditor",
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
                        FROM public_service.rebate_eligibility SEMI JOIN {batch} AS months USING (taxpayer_id, period)
                        WHERE method = 'C' GROUP BY ALL
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
                hurts="exporter",
            ),
        ),
    ),
    *DEPARTMENTS,
)
