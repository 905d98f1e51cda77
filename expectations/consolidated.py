"""Gate *consolidated*: the forms of a month hold exactly what its lists hold, once. The run date is its last day."""

from __future__ import annotations

from great_expectations import expectations as gxe

from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite

MONTH = "strftime({run_date}, '%Y-%m')"
LINES_A_FORM = 50


def of_month(table: str) -> str:
    """The rows of the month."""
    return f"SELECT * FROM {table} WHERE month = {MONTH}"


CONSOLIDATED = (
    Suite(
        table="clearance.consolidation_members",
        # earlier months too: a list stands on the forms of one month; a later one is behind until it is run again
        rows=f"SELECT * FROM clearance.consolidation_members WHERE month <= {MONTH}",
        expectations=(
            Expected(
                id="member_once",
                says="an item stands on one line of one form, in all months",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no", "gnum"]),
                protects="exports from being declared, and rebated, twice",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="member_traceable",
                says="a member is an item of a closed export list with flag B, as declared less what came back",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT members.ebc_code || '/' || members.cop_no || ' item ' || members.gnum || ': '
                           || coalesce(facts.status || ', flag ' || coalesce(facts.statistics_flag, 'none')
                                       || ', declared ' || items.qty, 'no such item')
                           || ', on a form ' || coalesce(members.qty, 0) || ' and back ' || members.returned_qty
                           AS observed
                    FROM {{batch}} AS members
                    LEFT JOIN clearance.clearance_facts AS facts USING (ebc_code, cop_no)
                    LEFT JOIN clearance.clearance_items AS items USING (ebc_code, cop_no, gnum)
                    WHERE members.month = {MONTH} AND NOT coalesce(
                        facts.flow = 'E' AND facts.statistics_flag = 'B' AND facts.status IN ('closed', 'returned')
                        AND members.qty + members.returned_qty = items.qty
                        AND members.currency = items.currency AND members.unit = items.unit
                        AND (members.returned_qty > 0 OR (
                            members.total_price = items.total_price AND members.qty1 = items.qty1
                            AND members.qty2 IS NOT DISTINCT FROM items.qty2
                        )), false)
                    """
                ),
                protects="the form, which a rebate leans on",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="no_list_left_behind",
                says="every export list with flag B that closed by the end of the month stands on a form",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ': closed at ' || closed_at || ', on no form' AS observed
                    FROM clearance.clearance_facts ANTI JOIN {batch} USING (ebc_code, cop_no)
                    WHERE flow = 'E' AND statistics_flag = 'B' AND status = 'closed' AND changed_on <= {run_date}
                        AND closed_at < {run_date} + INTERVAL 1 DAY
                    """
                ),
                protects="enterprises from lists that are never declared",
                answers="data engineer",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table="clearance.consolidated_items",
        rows=of_month("clearance.consolidated_items"),
        expectations=(
            Expected(
                id="line_unique",
                says="a line number appears once in a form",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["form_no", "line_no"]),
                protects="every count of lines",
                answers="data engineer",
                hurts="department",
            ),
            Expected(
                id="fifty_lines",
                says="a form has at most fifty lines, numbered without gaps from 1",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT form_no || ': ' || count(*) || ' lines, numbers ' || min(line_no) || ' to ' || max(line_no)
                           AS observed
                    FROM {{batch}} GROUP BY form_no
                    HAVING count(*) > {LINES_A_FORM} OR min(line_no) <> 1 OR max(line_no) <> count(*)
                    """
                ),
                protects="the form, which customs would send back",
                answers="data engineer",
                hurts="department",
            ),
            Expected(
                id="lines_are_sums",
                says="quantities and amounts of a line are exactly the sums of its members, in one unit and currency",
                holds=ExpectNoRows(
                    query=f"""
                    WITH sums AS (
                        SELECT form_no, line_no, unit, unit1, unit2, currency, count(*) AS n, sum(qty) AS qty,
                               sum(qty1) AS qty1, sum(qty2) AS qty2, sum(total_price) AS total_price,
                               if(count(*) = count(value_cny), sum(value_cny), NULL) AS value_cny
                        FROM clearance.consolidation_members WHERE month = {MONTH} GROUP BY ALL
                    )
                    SELECT coalesce(lines.form_no, sums.form_no) || ' line ' || coalesce(lines.line_no, sums.line_no)
                           || ': ' || coalesce(lines.qty || ' for ' || lines.total_price, 'no sum') || ', members '
                           || coalesce(sums.qty || ' for ' || sums.total_price, 'none of this unit and currency')
                           AS observed
                    FROM {{batch}} AS lines FULL JOIN sums
                        ON lines.form_no = sums.form_no AND lines.line_no = sums.line_no
                        AND lines.unit = sums.unit AND lines.unit1 = sums.unit1
                        AND lines.unit2 IS NOT DISTINCT FROM sums.unit2 AND lines.currency = sums.currency
                    WHERE lines.qty IS DISTINCT FROM sums.qty OR lines.qty1 IS DISTINCT FROM sums.qty1
                        OR lines.qty2 IS DISTINCT FROM sums.qty2 OR lines.members IS DISTINCT FROM sums.n
                        OR lines.total_price IS DISTINCT FROM sums.total_price
                        OR lines.value_cny IS DISTINCT FROM sums.value_cny
                    """
                ),
                protects="quantities and money, to the last digit",
                answers="data engineer",
                hurts="department",
            ),
        ),
    ),
    Suite(
        table="clearance.consolidated_declarations",
        rows=of_month("clearance.consolidated_declarations"),
        expectations=(
            Expected(
                id="form_unique",
                says="a form number is given once",
                holds=gxe.ExpectColumnValuesToBeUnique(column="form_no"),
                protects="everything that refers to a form",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="form_totals",
                says="a form counts its lines and members, and has their exact total in each currency",
                holds=ExpectNoRows(
                    query=f"""
                    WITH totals AS (
                        SELECT form_no, currency, count(*) AS lines, sum(members) AS members,
                               sum(total_price) AS total_price
                        FROM clearance.consolidated_items WHERE month = {MONTH} GROUP BY ALL
                    ),
                    items AS (
                        SELECT form_no, sum(lines) AS lines, sum(members) AS members,
                               map(list(currency ORDER BY currency), list(total_price ORDER BY currency)) AS totals
                        FROM totals GROUP BY form_no
                    )
                    SELECT coalesce(forms.form_no, items.form_no) || ': ' || coalesce(forms.lines, 0) || ' lines, '
                           || coalesce(forms.total_prices::VARCHAR, 'none') || '; its lines: '
                           || coalesce(items.lines || ', ' || items.totals::VARCHAR, 'none') AS observed
                    FROM {{batch}} AS forms FULL JOIN items ON forms.form_no = items.form_no
                    WHERE forms.lines IS DISTINCT FROM items.lines OR forms.members IS DISTINCT FROM items.members
                        OR forms.total_prices IS DISTINCT FROM items.totals::MAP(VARCHAR, DECIMAL(19, 5))
                    """
                ),
                protects="money: the form and its lines must tell the same sum",
                answers="data engineer",
                hurts="department",
            ),
        ),
    ),
    Suite(
        table="clearance.consolidation_counts",
        rows=of_month("clearance.consolidation_counts"),
        expectations=(
            Expected(
                id="month_counted",
                says="the month has one row, and a rule",
                holds=ExpectNoRows(
                    query="""
                    SELECT count(*) || ' rows, rule ' || coalesce(max(rule_version), 'none') AS observed
                    FROM {batch} HAVING count(*) <> 1 OR max(rule_version) IS NULL
                    """
                ),
                protects="later months, which begin where this one ends",
                answers="data engineer",
                hurts="data engineer",
            ),
            Expected(
                id="every_list_accounted",
                says="lists that closed are consolidated, simplified or back: nothing else, and nothing missing",
                holds=ExpectNoRows(
                    query="""
                    SELECT closed || ' closed; ' || consolidated || ' consolidated, ' || left_out_simplified
                           || ' simplified, ' || left_out_returned || ' returned' AS observed
                    FROM {batch} WHERE closed <> consolidated + left_out_simplified + left_out_returned
                    """
                ),
                protects="the auditor's sum of lists",
                answers="data engineer",
                hurts="auditor",
            ),
        ),
    ),
)
