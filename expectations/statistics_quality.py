"""Gate *statistics*, second half: what a vintage says of its own quality is right, and bad enough to be looked at."""

from __future__ import annotations

from expectations.statistics import OF_VINTAGE, of_vintage
from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite

STATES = ("accepted", "superseded", "duplicate", "stale", "draft", "quarantined")
COUNTED = f"SELECT * FROM statistics.trade_items WHERE {OF_VINTAGE}"
#: share of a flow's value from which somebody should look before the figures go out
MUCH = 0.05

STATISTICS_QUALITY = (
    Suite(
        table="statistics.coverage",
        rows=of_vintage("coverage"),
        expectations=(
            Expected(
                id="records_accounted",
                says="every record of a source that came in the month is in one state",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT source_id || ' ' || list || ': ' || received || ' received, '
                           || {" + ".join(STATES)} || ' accounted for' AS observed
                    FROM {{batch}} WHERE received <> {" + ".join(STATES)}
                    """
                ),
                protects="the coverage that the quality report claims",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="source_heard",
                says="a source that sent before was heard of in the month",
                holds=ExpectNoRows(
                    query="""
                    SELECT source_id || ' ' || list || ': silent since ' || last_heard AS observed
                    FROM {batch} WHERE days_heard = 0
                    """
                ),
                protects="totals, from a source that has dried up",
                answers="source party",
                hurts="statistician",
                severity="warning",
            ),
        ),
    ),
    Suite(
        table="statistics.item_nonresponse",
        rows=of_vintage("item_nonresponse"),
        expectations=(
            Expected(
                id="nonresponse_of_all_items",
                says="non-response is counted over all items of a flow",
                holds=ExpectNoRows(
                    query=f"""
                    WITH counted AS (SELECT flow, count(*) AS items FROM ({COUNTED}) GROUP BY flow)
                    SELECT coalesce(batch.flow, counted.flow) || ' ' || coalesce(field, 'no field') || ': of '
                           || coalesce(batch.items, 0) || ' items, ' || coalesce(counted.items, 0) || ' counted'
                           AS observed
                    FROM {{batch}} AS batch FULL JOIN counted ON batch.flow = counted.flow
                    WHERE batch.items IS DISTINCT FROM counted.items OR missing_items > batch.items
                    """
                ),
                protects="the shares of the quality report",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="quantities_stated",
                says=f"items without quantity or net weight bear no more than {MUCH:.0%} of a flow's value",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT flow || ' ' || field || ': ' || missing_value_share || ' of the value' AS observed
                    FROM {{batch}} WHERE field IN ('qty1', 'net_weight_kg') AND missing_value_share > {MUCH}
                    """
                ),
                protects="quantities: a cell in which one is missing has none",
                answers="source party",
                hurts="statistician",
                severity="warning",
            ),
        ),
    ),
    Suite(
        table="statistics.unit_value_outliers",
        rows=of_vintage("unit_value_outliers"),
        expectations=(
            Expected(
                id="outliers_are_items",
                says="an outlier is a counted item, once, with its value and quantity",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT batch.ebc_code || '/' || batch.cop_no || ' item ' || batch.gnum || ': ' || batch.value_cny
                           || ' CNY, counted ' || coalesce(any_value(items.value_cny)::VARCHAR, 'not') AS observed
                    FROM {{batch}} AS batch LEFT JOIN ({COUNTED}) AS items
                        ON batch.ebc_code = items.ebc_code AND batch.cop_no = items.cop_no AND batch.gnum = items.gnum
                    GROUP BY batch.ebc_code, batch.cop_no, batch.gnum, batch.value_cny
                    HAVING count(*) <> 1 OR any_value(items.value_cny) IS DISTINCT FROM batch.value_cny
                        OR any_value(items.qty1) IS DISTINCT FROM any_value(batch.qty1)
                    """
                ),
                protects="clerks, from looking at what is not there",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="outliers_bear_little",
                says=f"items with an unlikely unit value bear no more than {MUCH:.0%} of a flow's value",
                holds=ExpectNoRows(
                    query=f"""
                    WITH flows AS (SELECT flow, sum(value_cny) AS value_cny FROM ({COUNTED}) GROUP BY flow)
                    SELECT flow || ': ' || sum(batch.value_cny) || ' of ' || any_value(flows.value_cny) || ' CNY'
                           AS observed
                    FROM {{batch}} AS batch JOIN flows USING (flow)
                    GROUP BY flow HAVING sum(batch.value_cny) > {MUCH} * any_value(flows.value_cny)
                    """
                ),
                protects="totals, from a value or quantity with a wrong point",
                answers="source party",
                hurts="statistician",
                severity="warning",
            ),
        ),
    ),
    Suite(
        table="statistics.revision_sizes",
        rows=of_vintage("revision_sizes"),
        expectations=(
            Expected(
                id="revision_is_explained",
                says="a flow's revision in CNY is the sum of its explained changes",
                holds=ExpectNoRows(
                    query=f"""
                    WITH explained AS (
                        SELECT flow, sum(change) AS change FROM statistics.trade_revisions
                        WHERE {OF_VINTAGE} AND measure = 'value_cny' GROUP BY flow
                    )
                    SELECT flow || ': from ' || coalesce(before, 0) || ' to ' || coalesce(after, 0) || ', explained '
                           || coalesce(change, 0) AS observed
                    FROM (SELECT * FROM {{batch}} WHERE measure = 'value_cny') FULL JOIN explained USING (flow)
                    WHERE coalesce(after, 0) - coalesce(before, 0) <> coalesce(change, 0)
                    """
                ),
                protects="the revision sizes of the quality report",
                answers="data engineer",
                hurts="auditor",
            ),
        ),
    ),
)
