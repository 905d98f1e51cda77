"""Gate *integrated_service*: what a small exporter is told is what the marts behind it say, no more and no less.

Each figure is counted anew from those marts. What a later run of the warehouse has changed is that run's to answer for.
"""

from __future__ import annotations

from great_expectations import expectations as gxe

from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite, of_run
from sandan.lists import PERSONAL

SCHEMA = "integrated_service"
KINDS = [
    "list_missing", "list_disagrees", "list_rejected", "paper_missing", "forex_missing", "return_due", "limit_near",
    "blocked",
]  # fmt: skip
MEASURES = ["matched", "held", "first_pass", "rule_failed", "rejected"]
#: enterprises of the run whose account no later run has touched
AS_OF_THE_RUN = """
    SELECT DISTINCT ebc_code FROM integrated_service.touched_exporters
    WHERE ebc_code NOT IN (SELECT ebc_code FROM integrated_service.exporter_entries WHERE run_date > {run_date})
"""
#: what holds a declaration of the run, and with how much; a warning holds nothing
HELD = """
    SELECT ebc_code, cop_no, NULL::INTEGER AS gnum, rule_id, goods_value_cny AS money
    FROM clearance.check_findings JOIN clearance.clearance_facts AS facts USING (ebc_code, cop_no)
    WHERE facts.changed_on = {run_date} AND status IN ('waiting', 'review', 'refused')
        AND action IN ('wait', 'review', 'refuse')
"""
#: what a pending or blocked item of the run lacks; how much is known of exchange alone
LACKING = """
    SELECT ebc_code, cop_no, gnum, rule_id, if(rule_id = 'REB14', coalesce(forex.open_cny, 0), NULL) AS money
    FROM public_service.rebate_findings JOIN public_service.rebate_eligibility AS items USING (ebc_code, cop_no, gnum)
    LEFT JOIN integrated_service.enterprise_forex_open AS forex USING (ebc_code, cop_no, gnum)
    WHERE items.changed_on = {run_date} AND verdict IN ('pending', 'blocked')
        AND action IN ('pending', 'exclude', 'block')
        AND NOT (rule_id = 'BLK06' AND relation_no IS NULL)
        AND NOT (rule_id = 'REB07' AND EXISTS (
            SELECT 1 FROM public_service.rebate_findings AS form
            WHERE (form.ebc_code, form.cop_no, form.gnum)
                = (rebate_findings.ebc_code, rebate_findings.cop_no, rebate_findings.gnum) AND form.rule_id = 'REB02'))
    UNION ALL
    SELECT ebc_code, cop_no, gnum, 'REB19', refund_amount FROM public_service.rebate_eligibility
    WHERE changed_on = {run_date} AND verdict = 'rebate' AND state = 'pre_refunded'
"""


def _lines(facts: str, touched: str, lines: str) -> ExpectNoRows:
    """Facts against the open lines of what the run touched, one to one, and the money of both."""
    return ExpectNoRows(
        query=f"""
        WITH facts AS ({facts}),
        touched AS ({touched}),
        lines AS (
            SELECT ebc_code, cop_no, gnum, rule_id, money_cny
            FROM integrated_service.enterprise_worklist AS lines SEMI JOIN touched
                ON lines.ebc_code = touched.ebc_code AND lines.cop_no = touched.cop_no
                AND lines.gnum IS NOT DISTINCT FROM touched.gnum
            WHERE closed_on IS NULL AND {lines}
        )
        SELECT concat_ws('/', coalesce(facts.ebc_code, lines.ebc_code), coalesce(facts.cop_no, lines.cop_no),
                   coalesce(facts.gnum, lines.gnum), coalesce(facts.rule_id, lines.rule_id))
               || CASE WHEN lines.ebc_code IS NULL THEN ': no line'
                       WHEN facts.ebc_code IS NULL THEN ': a line of nothing'
                       ELSE ': ' || lines.money_cny || ' at stake, by the marts ' || facts.money END AS observed
        FROM facts FULL JOIN lines
            ON facts.ebc_code = lines.ebc_code AND facts.cop_no = lines.cop_no
            AND facts.gnum IS NOT DISTINCT FROM lines.gnum AND facts.rule_id = lines.rule_id
        WHERE facts.ebc_code IS NULL OR lines.ebc_code IS NULL OR lines.money_cny <> facts.money
        """
    )


INTEGRATED_SERVICE = (
    Suite(
        table=f"{SCHEMA}.enterprise_worklist",
        rows=of_run(f"{SCHEMA}.enterprise_worklist", "changed_on"),
        expectations=(
            Expected(
                id="line_unique",
                says="what there is to do is told once",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || ' ' || fact_key || ': ' || count(*) || ' lines' AS observed
                    FROM integrated_service.enterprise_worklist SEMI JOIN {batch} USING (ebc_code, fact_key)
                    GROUP BY ebc_code, fact_key HAVING count(*) > 1
                    """
                ),
                protects="exporters, who would do it twice",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="line_kind_known",
                says="every kind is one of the published contract",
                holds=gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=KINDS),
                protects="readers of the contract",
                answers="rule owner",
                hurts="exporter",
            ),
            Expected(
                id="line_says_what_to_do",
                says="a line says who has to do what, in both languages, and what is at stake",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || ' ' || fact_key || ': '
                           || concat_ws(', ', coalesce(party, 'nobody'), coalesce(remedy_zh, 'nothing in Chinese'),
                               coalesce(remedy_en, 'nothing in English'), coalesce(money_cny::VARCHAR, 'no money'))
                           AS observed
                    FROM {batch}
                    WHERE party IS NULL OR remedy_zh IS NULL OR remedy_en IS NULL OR money_cny IS NULL OR money_cny < 0
                    """
                ),
                protects="exporters from lines that lead nowhere",
                answers="rule owner",
                hurts="exporter",
            ),
            Expected(
                id="closed_says_why",
                says="a closed line says why, an open one does not",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || ' ' || fact_key || ': ' || coalesce(closed_on::VARCHAR, 'open') || ', '
                           || coalesce(closed_because, 'without reason') AS observed
                    FROM {batch}
                    WHERE (closed_on IS NULL) <> (closed_because IS NULL)
                        OR closed_because NOT IN ('arrived', 'cancelled', 'expired') OR closed_on < opened_on
                    """
                ),
                protects="readers who count what was done",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="held_declaration_has_line",
                says="every rule that holds a declaration of the run has an open line with the value of the goods, "
                "and every open line of a declaration such a rule, but for limits that are only near",
                holds=_lines(
                    HELD,
                    "SELECT ebc_code, cop_no, NULL::INTEGER AS gnum FROM clearance.clearance_facts"
                    " WHERE changed_on = {run_date}",
                    "starts_with(fact_key, 'match|') AND (kind <> 'limit_near'"
                    " OR (ebc_code, cop_no, rule_id) IN (SELECT (ebc_code, cop_no, rule_id) FROM facts))",
                ),
                protects="exporters from goods that wait unseen",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="lacking_item_has_line",
                says="everything that a pending or blocked item of the run lacks has an open line, with the exchange "
                "that is open, and every open line of an item something that it lacks",
                holds=_lines(
                    LACKING,
                    "SELECT ebc_code, cop_no, gnum FROM public_service.rebate_eligibility"
                    " WHERE changed_on = {run_date}",
                    "starts_with(fact_key, 'rebate|')",
                ),
                protects="exporters from refunds that lapse unseen",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="rejected_line_has_record",
                says="a line of a rejected record that the run opened has its record in quarantine",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || ' ' || fact_key || ': no such record in quarantine' AS observed
                    FROM {batch} AS lines
                    WHERE starts_with(fact_key, 'record|') AND opened_on = {run_date} AND NOT EXISTS (
                        SELECT 1 FROM audit.quarantine
                        WHERE run_date = {run_date} AND starts_with(lines.fact_key, 'record|' || list || '|')
                            AND list_contains(rule_ids, lines.rule_id) AND (natural_key IS NULL
                                OR lines.fact_key = concat_ws('|', 'record', list, natural_key, lines.rule_id)))
                    """
                ),
                protects="exporters from lines about nothing",
                answers="data engineer",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table=f"{SCHEMA}.enterprise_rebate_finance",
        rows=of_run(f"{SCHEMA}.enterprise_rebate_finance", "changed_on"),
        expectations=(
            Expected(
                id="finance_is_sum",
                says="what an enterprise expects in all weeks is the refunds that stand, beside their estimates",
                holds=ExpectNoRows(
                    query=f"""
                    WITH touched AS ({AS_OF_THE_RUN}),
                    weeks AS (
                        SELECT ebc_code, sum(complete_cny) AS complete,
                               count(*) FILTER (WHERE refund_cny <> complete_cny + incomplete_cny) AS wrong
                        FROM integrated_service.enterprise_rebate_finance SEMI JOIN touched USING (ebc_code)
                        GROUP BY ALL
                    ),
                    facts AS (
                        SELECT ebc_code, sum(refund_amount) AS refund
                        FROM public_service.rebate_eligibility SEMI JOIN touched USING (ebc_code) GROUP BY ALL
                    )
                    SELECT ebc_code || ': weeks of ' || coalesce(complete, 0) || ', refunds of ' || coalesce(refund, 0)
                           || if(wrong > 0, ', ' || wrong || ' weeks are not their parts', '') AS observed
                    FROM facts FULL JOIN weeks USING (ebc_code)
                    WHERE coalesce(complete, 0) <> coalesce(refund, 0) OR wrong > 0
                    """
                ),
                protects="exporters who plan with this money",
                answers="data engineer",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table=f"{SCHEMA}.enterprise_advance",
        rows=of_run(f"{SCHEMA}.enterprise_advance", "changed_on"),
        expectations=(
            Expected(
                id="advance_within_rate",
                says="a limit is its rate of what is eligible less holds and reserve, and not below nothing",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || ': ' || advance_limit_cny || ', ' || advance_rate || ' of ' || eligible_cny
                           || ' less ' || held_cny || ' and ' || return_reserve_cny AS observed
                    FROM {batch}
                    WHERE advance_limit_cny IS DISTINCT FROM greatest(
                        0, round(eligible_cny * advance_rate, 2) - held_cny - return_reserve_cny)
                        OR advance_limit_cny > round(eligible_cny * advance_rate, 2) OR advance_rate NOT BETWEEN 0 AND 1
                    """
                ),
                protects="lenders, and exporters who would have to pay back",
                answers="rule owner",
                hurts="exporter",
            ),
            Expected(
                id="advance_on_weeks_to_come",
                says="eligible is what stands in the weeks from that of the run on",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || ': eligible ' || any_value(eligible_cny) || ', weeks to come '
                           || coalesce(sum(complete_cny), 0) AS observed
                    FROM {batch} LEFT JOIN integrated_service.enterprise_rebate_finance AS weeks
                        USING (ebc_code)
                    GROUP BY ebc_code
                    HAVING any_value(eligible_cny) <> coalesce(
                        sum(complete_cny) FILTER (WHERE week + 6 >= {run_date}), 0)
                    """
                ),
                protects="lenders from refunds that were paid already",
                answers="data engineer",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table=f"{SCHEMA}.enterprise_concentration",
        rows=of_run(f"{SCHEMA}.enterprise_concentration", "changed_on"),
        expectations=(
            Expected(
                id="concentration_is_sum",
                says="headings make up the refunds that stand, and the shares of a kind one",
                holds=ExpectNoRows(
                    query=f"""
                    WITH touched AS ({AS_OF_THE_RUN}),
                    facts AS (
                        SELECT ebc_code, sum(refund_amount) AS refund
                        FROM public_service.rebate_eligibility SEMI JOIN touched USING (ebc_code) GROUP BY ALL
                    ),
                    kinds AS (
                        SELECT ebc_code, kind, sum(refund_cny) AS refund, sum(share) AS share, count(*) AS names
                        FROM integrated_service.enterprise_concentration SEMI JOIN touched USING (ebc_code) GROUP BY ALL
                    )
                    SELECT ebc_code || ' ' || coalesce(kind, 'commodity') || ': ' || coalesce(kinds.refund, 0) || ' of '
                           || coalesce(facts.refund, 0) || ', shares of ' || coalesce(share, 0) AS observed
                    FROM facts FULL JOIN kinds USING (ebc_code)
                    WHERE abs(share - 1) > 0.00001 * names
                        OR (coalesce(kind, 'commodity') = 'commodity'
                            AND coalesce(kinds.refund, 0) <> coalesce(facts.refund, 0))
                        OR (kind = 'supplier' AND kinds.refund > facts.refund + 0.00001 * names)
                    """
                ),
                protects="lenders who look at who stands behind a refund",
                answers="data engineer",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table=f"{SCHEMA}.enterprise_forex",
        rows=of_run(f"{SCHEMA}.enterprise_forex", "changed_on"),
        expectations=(
            Expected(
                id="forex_is_sum",
                says="declared is the price of the exported items, open that of their open rows, and ages make up open",
                holds=ExpectNoRows(
                    query=f"""
                    WITH touched AS ({AS_OF_THE_RUN}),
                    declared AS (
                        SELECT ebc_code, items.currency, sum(total_price) AS declared
                        FROM public_service.rebate_eligibility SEMI JOIN touched USING (ebc_code)
                        JOIN clearance.clearance_items AS items USING (ebc_code, cop_no, gnum) GROUP BY ALL
                    ),
                    open_items AS (
                        SELECT ebc_code, currency, sum(open) AS open
                        FROM integrated_service.enterprise_forex_open SEMI JOIN touched USING (ebc_code) GROUP BY ALL
                    ),
                    told AS (SELECT * FROM {{batch}} SEMI JOIN touched USING (ebc_code))
                    SELECT ebc_code || ' ' || currency || ': declared ' || coalesce(told.declared, 0) || ' of '
                           || coalesce(declared.declared, 0) || ', open ' || coalesce(told.open, 0) || ' of '
                           || coalesce(open_items.open, 0) || ', ages of '
                           || coalesce(open_0_30 + open_31_90 + open_91_180 + open_over_180, 0) AS observed
                    FROM declared FULL JOIN told USING (ebc_code, currency)
                    LEFT JOIN open_items USING (ebc_code, currency)
                    WHERE told.declared IS DISTINCT FROM declared.declared
                        OR told.open IS DISTINCT FROM coalesce(open_items.open, 0)
                        OR told.open <> open_0_30 + open_31_90 + open_91_180 + open_over_180 OR overdue > told.open
                    """
                ),
                protects="exporters who owe exchange by a day",
                answers="data engineer",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table=f"{SCHEMA}.enterprise_logistics",
        rows=f"SELECT * FROM {SCHEMA}.enterprise_logistics WHERE month = strftime({{run_date}}, '%Y-%m')",
        expectations=(
            Expected(
                id="parcels_released",
                says="the parcels of a month are the declarations that its runs released",
                holds=ExpectNoRows(
                    query="""
                    WITH released AS (
                        SELECT ebc_code, count(*) AS parcels FROM matching.decisions
                        WHERE strftime(run_date, '%Y-%m') = strftime({run_date}, '%Y-%m')
                            AND released_at::DATE = run_date GROUP BY ALL
                    ),
                    told AS (SELECT ebc_code, sum(parcels) AS parcels FROM {batch} WHERE leg = 'all' GROUP BY ALL)
                    SELECT ebc_code || ': told ' || coalesce(told.parcels, 0) || ', released '
                           || coalesce(released.parcels, 0) AS observed
                    FROM released FULL JOIN told USING (ebc_code)
                    WHERE coalesce(told.parcels, 0) <> coalesce(released.parcels, 0)
                    """
                ),
                protects="exporters who choose carriers by these figures",
                answers="data engineer",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table=f"{SCHEMA}.enterprise_scorecard",
        rows=f"SELECT * FROM {SCHEMA}.enterprise_scorecard WHERE week = date_trunc('week', {{run_date}})",
        expectations=(
            Expected(
                id="measure_known",
                says="every measure is one of the published contract",
                holds=gxe.ExpectColumnValuesToBeInSet(column="measure", value_set=MEASURES),
                protects="readers of the contract",
                answers="rule owner",
                hurts="exporter",
            ),
            Expected(
                id="scorecard_counts_facts",
                says="what was held, and what each rule failed, is the first decisions of the week and their findings",
                holds=ExpectNoRows(
                    query="""
                    WITH firsts AS (
                        SELECT declaration_key, ebc_code, status, run_date FROM matching.decisions AS now
                        WHERE date_trunc('week', run_date) = date_trunc('week', {run_date})
                            AND decided_on = run_date AND status <> 'cancelled' AND NOT EXISTS (
                                SELECT 1 FROM matching.decisions AS before
                                WHERE (before.declaration_key, before.life_record_id)
                                    = (now.declaration_key, now.life_record_id) AND before.run_date < now.run_date)
                    ),
                    facts AS (
                        SELECT 'held' AS measure, ebc_code, '' AS rule_id,
                               count(*) FILTER (WHERE status IN ('waiting', 'review', 'refused')) AS hits
                        FROM firsts GROUP BY ebc_code
                        UNION ALL
                        SELECT 'rule_failed', findings.ebc_code, rule_id, count(*)
                        FROM firsts JOIN matching.findings USING (declaration_key, run_date)
                        GROUP BY findings.ebc_code, rule_id
                        UNION ALL
                        SELECT 'total', ebc_code, '', count(*) FROM firsts GROUP BY ebc_code
                    ),
                    told AS (
                        SELECT measure, ebc_code, coalesce(rule_id, '') AS rule_id, hits FROM {batch}
                        WHERE measure = 'held' OR (measure = 'rule_failed' AND hits > 0)
                        UNION ALL
                        SELECT 'total', ebc_code, '', total FROM {batch} WHERE measure = 'held'
                    )
                    SELECT ebc_code || ' ' || measure || ' ' || rule_id || ': told ' || coalesce(told.hits, 0)
                           || ', counted ' || coalesce(facts.hits, 0) AS observed
                    FROM facts FULL JOIN told USING (measure, ebc_code, rule_id)
                    WHERE coalesce(told.hits, 0) <> coalesce(facts.hits, 0)
                    """
                ),
                protects="exporters who are compared",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="few_peers_hidden",
                says="no figure of peers where fewer than five others stand behind it; shares are shares",
                holds=ExpectNoRows(
                    query="""
                    WITH counted AS (
                        SELECT *, count(*) OVER (PARTITION BY week, measure, list, source_id, rule_id) - 1 AS others
                        FROM {batch}
                    )
                    SELECT concat_ws(' ', ebc_code, measure, list, source_id, rule_id) || ': ' || share || ', median '
                           || coalesce(peer_median::VARCHAR, 'none') || ' of ' || peers AS observed
                    FROM counted
                    WHERE (others < 5 AND peer_median IS NOT NULL) OR peers <> others
                        OR share NOT BETWEEN 0 AND 1 OR hits > total
                    """
                ),
                protects="enterprises from being read out of a median of few",
                answers="data engineer",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table="columns of the integrated service",
        rows=f"SELECT * FROM information_schema.columns WHERE table_schema = '{SCHEMA}'",
        expectations=(
            Expected(
                id="nobody_named_to_exporters",
                says="no column of the integrated service holds a person's name, number, telephone or address",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT table_schema || '.' || table_name || '.' || column_name AS observed
                    FROM {{batch}} WHERE column_name IN {PERSONAL}
                    """
                ),
                protects="persons: buyers stay hashed",
                answers="data engineer",
                hurts="exporter",
            ),
        ),
    ),
)
