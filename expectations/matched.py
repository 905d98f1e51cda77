"""Gate *matched*: every declaration in scope is decided once, and its status follows from its findings."""

from __future__ import annotations

from great_expectations import expectations as gxe

from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite, of_run

STATUSES = ["waiting", "review", "refused", "released", "closed", "cancelled", "returned"]
ACTIONS = ["wait", "review", "refuse", "warn"]

MATCHED = (
    Suite(
        table="matching.decisions",
        rows=of_run("matching.decisions"),
        expectations=(
            Expected(
                id="status_known",
                says="every status is one of the published contract",
                holds=gxe.ExpectColumnValuesToBeInSet(column="status", value_set=STATUSES),
                protects="readers of the contract",
                answers="rule owner",
            ),
            Expected(
                id="status_given",
                says="no declaration is without a status",
                holds=gxe.ExpectColumnValuesToNotBeNull(column="status"),
                protects="the enterprise that waits for an answer",
                answers="rule owner",
            ),
            Expected(
                id="decided_once",
                says="a declaration is decided at most once in a run",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no"]),
                protects="the published status from depending on the order of rows",
                answers="data engineer",
            ),
            Expected(
                id="everything_in_scope_decided",
                says="every declaration that is new, changed, or was left waiting or in review is decided",
                holds=ExpectNoRows(
                    query="""
                    WITH scope AS (
                        SELECT key AS declaration_key FROM staging.current_records
                        WHERE run_date = {run_date} AND list = 'declaration'
                        UNION
                        SELECT declaration_key FROM matching.decisions
                        WHERE status IN ('waiting', 'review')
                          AND run_date = (SELECT max(run_date) FROM matching.decisions WHERE run_date < {run_date})
                    )
                    SELECT replace(declaration_key, chr(31), '/') || ': not decided' AS observed
                    FROM scope ANTI JOIN {batch} USING (declaration_key)
                    """
                ),
                protects="the backlog: a declaration that drops out of it waits for ever",
                answers="data engineer",
            ),
            Expected(
                id="status_follows_findings",
                says="refuse makes refused, else wait makes waiting, else review makes review, else released or closed",
                holds=ExpectNoRows(
                    query="""
                    WITH judged AS (
                        SELECT ebc_code, cop_no, list(DISTINCT action) AS actions
                        FROM matching.findings WHERE run_date = {run_date} GROUP BY ALL
                    ), compared AS (
                        SELECT ebc_code, cop_no, status,
                               CASE WHEN list_contains(actions, 'refuse') THEN 'refused'
                                    WHEN list_contains(actions, 'wait') THEN 'waiting'
                                    WHEN list_contains(actions, 'review') THEN 'review'
                                    ELSE 'released' END AS derived
                        FROM {batch} LEFT JOIN judged USING (ebc_code, cop_no)
                        WHERE status NOT IN ('cancelled', 'returned')
                    )
                    SELECT ebc_code || '/' || cop_no || ': ' || status || ', findings say ' || derived AS observed
                    FROM compared WHERE if(status = 'closed', 'released', status) IS DISTINCT FROM derived
                    """
                ),
                protects="goods from being released, or held, against the rules",
                answers="rule owner",
            ),
            Expected(
                id="released_has_three_lists",
                says="what is released or closed has order, payment and waybill",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ': ' || status || ' without '
                           || concat_ws(', ', if(has_order, NULL, 'order'), if(has_payment, NULL, 'payment'),
                                        if(has_waybill, NULL, 'waybill')) AS observed
                    FROM {batch}
                    WHERE status IN ('released', 'closed') AND (has_order AND has_payment AND has_waybill) IS NOT TRUE
                    """
                ),
                protects="the principle of the three lists",
                answers="rule owner",
            ),
            Expected(
                id="failed_rules_sorted",
                says="failed_rules is a sorted list without repeats",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ': ' || coalesce(failed_rules::VARCHAR, 'null') AS observed
                    FROM {batch} WHERE failed_rules IS DISTINCT FROM list_sort(list_distinct(failed_rules))
                                       OR failed_rules IS NULL
                    """
                ),
                protects="readers who compare the lists of two runs",
                answers="data engineer",
            ),
            Expected(
                id="failed_rules_are_findings",
                says="failed_rules names exactly the rules of the findings",
                holds=ExpectNoRows(
                    # closed, cancelled and returned keep the failed rules of the decision before
                    query="""
                    WITH found AS (
                        SELECT ebc_code, cop_no, list_sort(list(DISTINCT rule_id)) AS rules
                        FROM matching.findings WHERE run_date = {run_date} GROUP BY ALL
                    )
                    SELECT ebc_code || '/' || cop_no || ': failed_rules ' || coalesce(failed_rules::VARCHAR, 'null')
                           || ', findings ' || coalesce(rules, [])::VARCHAR AS observed
                    FROM {batch} LEFT JOIN found USING (ebc_code, cop_no)
                    WHERE status NOT IN ('closed', 'cancelled', 'returned')
                      AND failed_rules IS DISTINCT FROM coalesce(rules, [])
                    """
                ),
                protects="the enterprise, which reads one and is judged by the other",
                answers="rule owner",
            ),
        ),
    ),
    Suite(
        table="matching.findings",
        rows=of_run("matching.findings"),
        expectations=(
            Expected(
                id="action_known",
                says="every finding waits, reviews, refuses or warns",
                holds=gxe.ExpectColumnValuesToBeInSet(column="action", value_set=ACTIONS),
                protects="the derivation of the status",
                answers="rule owner",
            ),
            Expected(
                id="rule_found_once",
                says="a declaration has one finding per rule",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no", "rule_id"]),
                protects="counts of failures per rule",
                answers="data engineer",
            ),
            Expected(
                id="rule_in_force",
                says="every rule is in the catalogue and in force on the day of the run",
                holds=ExpectNoRows(
                    query="""
                    SELECT rule_id || ': not in force, ' || count(*) || ' findings' AS observed
                    FROM {batch} ANTI JOIN (
                        SELECT rule_id FROM reference.rules
                        WHERE {run_date} >= valid_from AND ({run_date} <= valid_to OR valid_to IS NULL)
                    ) USING (rule_id)
                    GROUP BY rule_id
                    """
                ),
                protects="enterprises from being held by a rule without a legal source",
                answers="rule owner",
            ),
            Expected(
                id="found_not_ahead",
                says="no finding dates from after the run",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' ' || rule_id || ': found on '
                           || coalesce(found_on::VARCHAR, 'no day') AS observed
                    FROM {batch} WHERE (found_on <= {run_date}) IS NOT TRUE
                    """
                ),
                protects="deadlines that count from the day of the finding",
                answers="data engineer",
            ),
            Expected(
                id="finding_has_decision",
                says="every finding belongs to a declaration decided in this run",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' ' || rule_id || ': not decided' AS observed
                    FROM {batch} ANTI JOIN (
                        SELECT ebc_code, cop_no FROM matching.decisions WHERE run_date = {run_date}
                    ) USING (ebc_code, cop_no)
                    """
                ),
                protects="the worklists from findings that lead nowhere",
                answers="data engineer",
            ),
        ),
    ),
)
