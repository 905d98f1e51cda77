"""Gate *matched*: every declaration in scope is decided once, and its status follows from its findings."""

from __future__ import annotations

from great_expectations import expectations as gxe

from sandan.gates.as_usual import ExpectAsUsual
from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite, of_run

STATUSES = ["waiting", "review", "refused", "released", "closed", "cancelled", "returned"]
ACTIONS = ["wait", "review", "refuse", "warn"]
#: rules whose findings tell of persons
PERSON_RULES = ("PAY03", "BUY01", "BUY02", "LOG03", "LOG06")

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
                hurts="exporter",
            ),
            Expected(
                id="status_given",
                says="no declaration is without a status",
                holds=gxe.ExpectColumnValuesToNotBeNull(column="status"),
                protects="the enterprise that waits for an answer",
                answers="rule owner",
                hurts="exporter",
            ),
            Expected(
                id="decided_once",
                says="a declaration is decided at most once in a run",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no"]),
                protects="the published status from depending on the order of rows",
                answers="data engineer",
                hurts="exporter",
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
                hurts="exporter",
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
                hurts="exporter",
            ),
            Expected(
                id="released_has_three_lists",
                says="what is released has every list that the catalogue asks for in its flow and regime",
                holds=ExpectNoRows(
                    # what an event closed later was held against the catalogue of its own run
                    query="""
                    WITH lists AS (
                        SELECT declaration_key, ebc_code, cop_no, status, unnest([
                            struct_pack(rule_id := 'DOC01', list := 'order', there := has_order),
                            struct_pack(rule_id := 'DOC02', list := 'payment', there := has_payment),
                            struct_pack(rule_id := 'DOC03', list := 'waybill', there := has_waybill)
                        ], recursive := true)
                        FROM {batch} WHERE status IN ('released', 'closed') AND decided_on = {run_date}
                    )
                    SELECT lists.ebc_code || '/' || lists.cop_no || ': ' || lists.status || ' without '
                           || string_agg(list, ', ' ORDER BY list) AS observed
                    FROM lists
                    INNER JOIN matching.matched AS m USING (declaration_key)
                    INNER JOIN matching.rule_actions AS a
                        ON a.rule_id = lists.rule_id AND a.flow = m.flow
                        AND a.supervision_mode IS NOT DISTINCT FROM m.supervision_mode
                    WHERE there IS NOT TRUE AND a.action NOT IN ('warn', 'off')
                    GROUP BY lists.ebc_code, lists.cop_no, lists.status
                    """
                ),
                protects="the principle of the three lists",
                answers="rule owner",
                hurts="department",
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
                hurts="data engineer",
            ),
            Expected(
                id="failed_rules_are_findings",
                says="failed_rules names exactly the rules of the findings",
                holds=ExpectNoRows(
                    # what the run did not decide keeps the failed rules of the decision before
                    query="""
                    WITH found AS (
                        SELECT ebc_code, cop_no, list_sort(list(DISTINCT rule_id)) AS rules
                        FROM matching.findings WHERE run_date = {run_date} GROUP BY ALL
                    )
                    SELECT ebc_code || '/' || cop_no || ': failed_rules ' || coalesce(failed_rules::VARCHAR, 'null')
                           || ', findings ' || coalesce(rules, [])::VARCHAR AS observed
                    FROM {batch} LEFT JOIN found USING (ebc_code, cop_no)
                    WHERE decided_on = {run_date} AND status <> 'cancelled'
                      AND failed_rules IS DISTINCT FROM coalesce(rules, [])
                    """
                ),
                protects="the enterprise, which reads one and is judged by the other",
                answers="rule owner",
                hurts="exporter",
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
                hurts="exporter",
            ),
            Expected(
                id="rule_found_once",
                says="a declaration has one finding per rule",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no", "rule_id"]),
                protects="counts of failures per rule",
                answers="data engineer",
                hurts="statistician",
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
                hurts="exporter",
            ),
            Expected(
                id="action_of_catalogue",
                says="every finding has the action of the most specific row of the catalogue in force",
                holds=ExpectNoRows(
                    query="""
                    WITH due AS (
                        SELECT f.ebc_code, f.cop_no, f.rule_id, f.action,
                               arg_min(r.action, (r.flow = '*')::INT * 2 + (r.regime = '*')::INT) AS due
                        FROM {batch} AS f
                        INNER JOIN matching.matched AS m USING (declaration_key)
                        INNER JOIN reference.rules AS r
                            ON r.rule_id = f.rule_id AND r.flow IN ('*', m.flow)
                            AND (r.regime = '*' OR r.regime = m.supervision_mode)
                        WHERE {run_date} >= r.valid_from AND ({run_date} <= r.valid_to OR r.valid_to IS NULL)
                        GROUP BY ALL
                    )
                    SELECT ebc_code || '/' || cop_no || ' ' || rule_id || ': ' || action || ', catalogue ' || due
                           AS observed
                    FROM due WHERE action <> due
                    """
                ),
                protects="enterprises from being held where the catalogue lets go, and the other way round",
                answers="rule owner",
                hurts="exporter",
            ),
            Expected(
                id="rules_fail_as_usual",
                says="every rule fails on about as large a share of the declarations as usual",
                holds=ExpectAsUsual(
                    query="""
                    WITH decided AS (
                        SELECT count(*) AS n FROM matching.decisions
                        WHERE run_date = {run_date} AND decided_on = {run_date}
                    ), rules AS (
                        SELECT DISTINCT rule_id FROM matching.rule_actions WHERE action <> 'off'
                    )
                    SELECT rules.rule_id AS subject, count(found.rule_id) / n AS value, n AS total
                    FROM rules CROSS JOIN decided LEFT JOIN {batch} AS found ON rules.rule_id = found.rule_id
                    WHERE n > 0 GROUP BY rules.rule_id, n
                    """,
                    measure="share",
                ),
                protects="enterprises from a rule, or its reference data, that has changed by mistake",
                answers="rule owner",
                hurts="exporter",
                severity="warning",
            ),
            Expected(
                id="persons_masked",
                says="no finding shows a person's name, number, telephone or address in clear",
                holds=ExpectNoRows(
                    # masks leave one character at each end
                    query=f"""
                    SELECT ebc_code || '/' || cop_no || ' ' || rule_id AS observed
                    FROM {{batch}} WHERE rule_id IN {PERSON_RULES}
                      AND regexp_matches(expected || ' ' || observed, '[0-9][0-9][0-9]|[一-鿿][一-鿿]')
                    """
                ),
                protects="persons: findings are published",
                answers="data engineer",
                hurts="department",
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
                hurts="exporter",
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
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table="matching.item_taxes",
        rows=of_run("matching.item_taxes"),
        expectations=(
            Expected(
                id="taxes_not_negative",
                says="no tax is less than nothing",
                holds=ExpectNoRows(
                    query="""
                    SELECT replace(declaration_key, chr(31), '/') || ' item ' || gnum || ': tariff ' || tariff_due
                           || ', consumption tax ' || consumption_due || ', VAT ' || vat_due AS observed
                    FROM {batch} WHERE least(tariff_due, consumption_due, vat_due) < 0
                    """
                ),
                protects="the sum of taxes, which one wrong item would lower in silence",
                answers="rule owner",
                hurts="department",
            ),
            Expected(
                id="shares_add_up",
                says="the dutiable values of the items are exactly that of the declaration",
                holds=ExpectNoRows(
                    query="""
                    SELECT replace(declaration_key, chr(31), '/') || ': items '
                           || coalesce(sum(dutiable_value)::VARCHAR, 'null') || ', declaration '
                           || coalesce(any_value(declaration_value)::VARCHAR, 'null') AS observed
                    FROM {batch} GROUP BY declaration_key
                    HAVING sum(dutiable_value) IS DISTINCT FROM any_value(declaration_value)
                    """
                ),
                protects="money: freight and insurance are dutiable to the last cent",
                answers="data engineer",
                hurts="department",
            ),
        ),
    ),
    Suite(
        table="matching.admitted",
        rows=of_run("matching.admitted"),
        expectations=(
            Expected(
                id="released_is_admitted",
                says="the imports that the run released are those that it counts in their buyers' year",
                holds=ExpectNoRows(
                    query="""
                    WITH released AS (
                        SELECT declaration_key FROM matching.decisions
                        WHERE run_date = {run_date} AND decided_on = {run_date} AND flow = 'I'
                              AND released_at::DATE = {run_date}
                    )
                    SELECT replace(coalesce(b.declaration_key, r.declaration_key), chr(31), '/') || ': '
                           || if(b.declaration_key IS NULL, 'released, not counted', 'counted, not released')
                           AS observed
                    FROM {batch} AS b FULL JOIN released AS r ON b.declaration_key = r.declaration_key
                    WHERE b.declaration_key IS NULL OR r.declaration_key IS NULL
                    """
                ),
                protects="the annual limit, which holds only if every release counts once",
                answers="rule owner",
                hurts="department",
            ),
            Expected(
                id="year_within_limit",
                says="no buyer's year is above the annual limit by what the run released",
                holds=ExpectNoRows(
                    # hashes stay out of reports: the declaration names the case
                    query="""
                    WITH added AS (
                        SELECT buyer_hash, year, min(declaration_key) AS declaration_key, sum(dutiable_value) AS value
                        FROM {batch} WHERE buyer_hash IS NOT NULL GROUP BY buyer_hash, year HAVING bool_and(is_limited)
                    ), before AS (
                        SELECT buyer_hash, year, arg_max(total, run_date) AS value
                        FROM matching.annual_totals SEMI JOIN added USING (buyer_hash, year)
                        WHERE run_date < {run_date} GROUP BY buyer_hash, year
                    ), allowed AS (
                        SELECT parameter FROM reference.rules
                        WHERE rule_id = 'LIM02' AND flow = 'I' AND regime = '*' AND {run_date} >= valid_from
                              AND ({run_date} <= valid_to OR valid_to IS NULL)
                    )
                    SELECT replace(declaration_key, chr(31), '/') || ': the buyer''s ' || year || ' comes to '
                           || added.value + coalesce(before.value, 0) || ', the limit is ' || parameter AS observed
                    FROM added LEFT JOIN before USING (buyer_hash, year) CROSS JOIN allowed
                    WHERE added.value + coalesce(before.value, 0) > parameter
                    """
                ),
                protects="the annual limit of every buyer",
                answers="rule owner",
                hurts="department",
            ),
        ),
    ),
)
