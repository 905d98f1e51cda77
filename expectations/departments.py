"""Of gate *public_service*: what departments hold is told once, and what differs belongs to what they hold."""

from __future__ import annotations

from great_expectations import expectations as gxe

from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite, of_run
from sandan.lists import PERSONAL

PAIR = ["ebc_code", "cop_no", "field", "department_a", "department_b"]
#: mismatches that the run wrote, and those of declarations that it told of
OF_DECLARATIONS_OF_RUN = """
SELECT * FROM public_service.department_mismatches WHERE changed_on = {run_date} OR (ebc_code, cop_no) IN (
    SELECT (ebc_code, cop_no) FROM public_service.department_exchange WHERE changed_on = {run_date}
)
"""

DEPARTMENTS = (
    Suite(
        table="public_service.department_exchange",
        rows=of_run("public_service.department_exchange", "changed_on"),
        expectations=(
            Expected(
                id="exchange_unique",
                says="a declaration has one row",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no"]),
                protects="departments, who would be told twice",
                answers="data engineer",
                hurts="department",
            ),
            Expected(
                id="exchange_tells_the_status",
                says="customs holds the published status of a declaration that changed in the run",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ': told ' || coalesce(told.customs_state, 'nothing')
                           || ', published as ' || facts.status AS observed
                    FROM {batch} AS told JOIN clearance.clearance_facts AS facts USING (ebc_code, cop_no)
                    WHERE facts.changed_on <= {run_date} AND told.customs_state IS DISTINCT FROM facts.status
                    """
                ),
                protects="departments that act on what customs decided",
                answers="rule owner",
                hurts="department",
            ),
            Expected(
                id="exchange_tells_the_refund",
                says="tax holds the refund of a declaration's items",
                holds=ExpectNoRows(
                    query="""
                    WITH sums AS (
                        SELECT ebc_code, cop_no, sum(refund_amount) AS refund FROM public_service.rebate_eligibility
                        GROUP BY ALL HAVING max(changed_on) <= {run_date}
                    )
                    SELECT ebc_code || '/' || cop_no || ': told ' || coalesce(told.tax_refund, 0) || ', by its items '
                           || sums.refund AS observed
                    FROM {batch} AS told JOIN sums USING (ebc_code, cop_no)
                    WHERE coalesce(told.tax_refund, 0) <> sums.refund
                    """
                ),
                protects="money: what departments see is what was granted",
                answers="rule owner",
                hurts="department",
            ),
        ),
    ),
    Suite(
        table="public_service.department_mismatches",
        rows=OF_DECLARATIONS_OF_RUN,
        expectations=(
            Expected(
                id="mismatch_unique",
                says="two departments differ in a field of a declaration once",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=PAIR),
                protects="counts of mismatches",
                answers="data engineer",
                hurts="department",
            ),
            Expected(
                id="mismatch_has_row",
                says="what differs belongs to a declaration that departments are shown, only the unknown to none",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' ' || field || ': '
                           || CASE WHEN field = 'declaration' THEN 'is known' ELSE 'no such declaration' END AS observed
                    FROM {batch} LEFT JOIN public_service.department_exchange AS told USING (ebc_code, cop_no)
                    WHERE (field = 'declaration') = (told.customs_state IS NOT NULL)
                    """
                ),
                protects="departments from complaints that lead nowhere",
                answers="data engineer",
                hurts="department",
            ),
        ),
    ),
    Suite(
        table="public_service.department_notices",
        rows=of_run("public_service.department_notices", "run_date"),
        expectations=(
            Expected(
                id="money_stays_with_banks",
                says="of what banks received nobody else is told",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' ' || field || ': ' || told || ' is told ' || value_b
                           AS observed
                    FROM {batch} WHERE department_b = 'forex' AND field IN ('amount', 'currency') AND told <> 'forex'
                                       AND value_b IS NOT NULL
                    """
                ),
                protects="enterprises, whose receipts are not for every department",
                answers="rule owner",
                hurts="department",
            ),
        ),
    ),
    Suite(
        table="columns of the public service",
        rows="SELECT * FROM information_schema.columns WHERE table_schema = 'public_service'",
        expectations=(
            Expected(
                id="nobody_named",
                says="no column of the public service holds a person's name, number, telephone or address",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT table_schema || '.' || table_name || '.' || column_name AS observed
                    FROM {{batch}} WHERE column_name IN {PERSONAL}
                    """
                ),
                protects="persons: from matching on they are left out",
                answers="data engineer",
                hurts="department",
            ),
        ),
    ),
)
