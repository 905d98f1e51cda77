"""Gate *statistics*: a vintage counts every item of its month once, and publishes sums of them that tell of nobody."""

from __future__ import annotations

from great_expectations import expectations as gxe

from expectations.consolidated import MONTH
from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite

#: the vintage at work, and the rows that it wrote
VINTAGE = f"(SELECT max(vintage_no) FROM main.vintages_begun WHERE month = {MONTH})"
OF_VINTAGE = f"period = {MONTH} AND vintage_no = {VINTAGE}"
IN_MONTH = "BETWEEN date_trunc('month', {run_date}) AND {run_date} + INTERVAL 1 DAY - INTERVAL 1 MICROSECOND"
CELL = ("flow", "supervision_mode", "hs_code", "partner", "transport_mode", "customs_code", "unit1")
SUMS = ("value_cny", "value_usd", "net_weight_kg", "qty1")
COLUMNS = ", ".join(CELL)
SAME_CELL = " AND ".join(f"cells.{column} IS NOT DISTINCT FROM sums.{column}" for column in CELL)


def of_vintage(table: str) -> str:
    """The rows of the vintage at work."""
    return f"SELECT * FROM statistics.{table} WHERE {OF_VINTAGE}"


def sums_of(table: str, count: str, prefix: str) -> str:
    """The cells of a table of items: a measure that an item lacks has no sum."""
    sums = ", ".join(f"if(count(*) = count({prefix}{m}), sum({prefix}{m}), NULL) AS {prefix}{m}" for m in SUMS)
    return f"SELECT {COLUMNS}, count(*) AS {count}, {sums} FROM statistics.{table} WHERE {OF_VINTAGE} GROUP BY ALL"


def differ(count: str, prefix: str) -> str:
    """Whether a cell is not the sum of its items; one without any has zeros."""
    measures = [f"cells.{prefix}{m} IS DISTINCT FROM if(sums.{count} IS NULL, 0, sums.{prefix}{m})" for m in SUMS]
    return " OR ".join([f"coalesce(cells.{count}, 0) <> coalesce(sums.{count}, 0)", *measures])


def cells_are_sums(table: str, count: str, prefix: str = "") -> ExpectNoRows:
    """A query of the cells that are not exactly the sums of the rows of `table`."""
    return ExpectNoRows(
        query=f"""
        WITH sums AS ({sums_of(table, count, prefix)})
        SELECT concat_ws(' ', {", ".join(f"coalesce(cells.{column}, sums.{column})" for column in CELL)}) || ': '
               || coalesce(cells.{count}, 0) || ' for ' || coalesce(cells.{prefix}value_cny::VARCHAR, 'no value')
               || ', items ' || coalesce(sums.{count}, 0) || ' for '
               || coalesce(sums.{prefix}value_cny::VARCHAR, 'no value') AS observed
        FROM {{batch}} AS cells FULL JOIN sums ON {SAME_CELL}
        WHERE {differ(count, prefix)}
        """
    )


#: the measures that are revised; of one that an item lacks, before or after, no change is known
REVISED = ("items", *SUMS, "returns", *(f"returned_{measure}" for measure in SUMS))
CHANGED = ", ".join(f"if(count(*) = count({m}), sum(if(is_now, {m}, -{m})), NULL) AS {m}" for m in REVISED)
CAUSED = ", ".join(f"sum(change) FILTER (measure = '{m}') AS {m}" for m in REVISED)
#: those whose causes say something else; a cell that neither vintage has did not change
UNEXPLAINED = ", ".join(
    f"CASE WHEN if(cells.flow IS NULL, 0, cells.{m}) <> coalesce(sums.{m}, 0) "
    f"THEN '{m} ' || coalesce(cells.{m}, 0) || ', causes say ' || coalesce(sums.{m}, 0) END"
    for m in REVISED
)
SHOWN = "concat_ws(' ', flow, hs_level, hs_code, partner)"
#: the levels of goods and partners of tables for publication, and where a row stands in each
LEVELS = "(VALUES (0), (2), (4), (6), (8)) AS codes (hs_level), (VALUES (true), (false)) AS totals (is_total)"
AT_LEVEL = """
    if(hs_level = 0, 'TOTAL', left(hs_code, hs_level)) AS hs_code, if(is_total, 'ALL', partner) AS partner
"""
#: what went and what came back, as tables for publication add it up; counts below 20 are in none of them
ADDED_UP = f"""
    WITH rows AS (
        SELECT flow, hs_code, partner, unit1, items, qty1, value_cny, value_usd, net_weight_kg
        FROM statistics.trade_cells WHERE {OF_VINTAGE} AND items > 0
        UNION ALL
        SELECT 'R' || flow, hs_code, partner, unit1, returns, returned_qty1, returned_value_cny, returned_value_usd,
               returned_net_weight_kg
        FROM statistics.trade_cells WHERE {OF_VINTAGE} AND returns > 0
    ),
    levels AS (
        SELECT * REPLACE ({AT_LEVEL}, if(hs_level = 8, unit1, NULL) AS unit1) FROM rows, {LEVELS}
    )
    SELECT flow, hs_level, hs_code, partner, sum(value_cny) AS value_cny, sum(value_usd) AS value_usd,
           if(count(*) = count(net_weight_kg), sum(net_weight_kg), NULL) AS net_weight_kg,
           if(count(*) = least(count(qty1), count(unit1)) AND min(unit1) = max(unit1), sum(qty1), NULL) AS qty1,
           if(sum(items) < 20, NULL, sum(items)) AS items
    FROM levels GROUP BY flow, hs_level, hs_code, partner
"""
HIDDEN_BEFORE = f"""
    SELECT flow, hs_level, hs_code, partner, min(vintage_no) AS vintage_no FROM statistics.trade_published
    WHERE period = {MONTH} AND vintage_no < {VINTAGE} AND conf_status = 'C' GROUP BY ALL
"""
#: lists and enterprises behind them, counted once more from the items; lists at eight digits and single partners alone
COUNTED = f"""
    WITH lists AS (
        SELECT DISTINCT flow, hs_code, partner, ebc_code, cop_no FROM statistics.trade_items WHERE {OF_VINTAGE}
        UNION ALL
        SELECT DISTINCT 'R' || flow, hs_code, partner, ebc_code, cop_no
        FROM statistics.trade_returns WHERE {OF_VINTAGE}
    ),
    contributors AS (
        SELECT flow, hs_code, partner, ebc_code, count(*) AS lists FROM lists GROUP BY ALL
    ),
    levels AS (SELECT * REPLACE ({AT_LEVEL}) FROM contributors, {LEVELS})
    SELECT flow, hs_level, hs_code, partner, count(DISTINCT ebc_code) AS enterprises,
           if(hs_level = 8 AND partner <> 'ALL', sum(lists), NULL) AS declarations
    FROM levels GROUP BY flow, hs_level, hs_code, partner
"""
#: a total that is not hidden, with its parts: of all partners each, and of a code those of the next level
PARTS = f"""
    WITH parts AS (
        SELECT *, 'partners' AS kind, hs_level AS level, hs_code AS code, 'ALL' AS partners
        FROM {{batch}} WHERE partner <> 'ALL'
        UNION ALL
        SELECT *, 'codes', hs_level - 2, if(hs_level = 2, 'TOTAL', left(hs_code, hs_level - 2)), partner
        FROM {{batch}} WHERE hs_level > 0
    )
    SELECT totals.*, parts.kind,
           count_if(parts.conf_status = 'C') AS hidden, coalesce(bool_or(hidden.unsafe), false) AS has_unsafe,
           sum(parts.value_cny) AS parts_cny, sum(parts.value_usd) AS parts_usd, sum(parts.net_weight_kg) AS parts_kg
    FROM {{batch}} AS totals
    INNER JOIN parts ON totals.flow = parts.flow AND totals.hs_level = parts.level AND totals.hs_code = parts.code
        AND totals.partner = parts.partners
    LEFT JOIN (SELECT * FROM statistics.trade_hidden WHERE {OF_VINTAGE}) AS hidden
        ON parts.flow = hidden.flow AND parts.hs_level = hidden.hs_level AND parts.hs_code = hidden.hs_code
        AND parts.partner = hidden.partner
    WHERE totals.conf_status = 'F'
    GROUP BY ALL
"""

STATISTICS = (
    Suite(
        table="statistics.trade_items",
        rows=of_vintage("trade_items"),
        expectations=(
            Expected(
                id="item_counted_once",
                says="an item of a list is counted once",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' item ' || gnum || ': ' || count(*) || ' times' AS observed
                    FROM {batch} GROUP BY ebc_code, cop_no, gnum HAVING count(*) > 1
                    """
                ),
                protects="every sum, from counting twice",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="item_in_its_month",
                says="an export is counted by its closing, an import by its release, within the month",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT items.ebc_code || '/' || items.cop_no || ': counted at ' || items.counted_at AS observed
                    FROM {{batch}} AS items
                    LEFT JOIN (
                        SELECT ebc_code, cop_no, if(flow = 'E', closed_at, released_at) AS moment
                        FROM clearance.clearance_facts
                        WHERE status IN ('released', 'closed', 'returned')
                            AND if(flow = 'E', closed_at, released_at) {IN_MONTH}
                    ) AS facts ON items.ebc_code = facts.ebc_code AND items.cop_no = facts.cop_no
                    WHERE items.counted_at IS DISTINCT FROM facts.moment
                    """
                ),
                protects="the month, and the months beside it",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="item_valued",
                says="every counted item has a value in both currencies, none below zero",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' item ' || gnum || ': ' || coalesce(value_cny::VARCHAR, 'no')
                           || ' CNY, ' || coalesce(value_usd::VARCHAR, 'no') || ' USD' AS observed
                    FROM {batch} WHERE NOT coalesce(value_cny >= 0 AND value_usd >= 0, false)
                    """
                ),
                protects="values: a sum over what is not known would look like one",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="net_weight_shared",
                says="the items of a list share exactly its net weight",
                holds=ExpectNoRows(
                    query=f"""
                    WITH lists AS (
                        SELECT ebc_code, cop_no, count(*) AS items, sum(net_weight_kg) AS kg FROM {{batch}} GROUP BY ALL
                    )
                    SELECT lists.ebc_code || '/' || lists.cop_no || ': ' || facts.net_weight_kg || ' kg, its items '
                           || coalesce(lists.kg::VARCHAR, 'none') AS observed
                    FROM lists INNER JOIN clearance.clearance_facts AS facts
                        ON lists.ebc_code = facts.ebc_code AND lists.cop_no = facts.cop_no
                    WHERE lists.items = facts.item_count AND lists.kg IS DISTINCT FROM facts.net_weight_kg
                        AND if(facts.flow = 'E', facts.closed_at, facts.released_at) {IN_MONTH}
                    """
                ),
                protects="weights, to the gram",
                answers="data engineer",
                hurts="statistician",
            ),
        ),
    ),
    Suite(
        table="statistics.forms_counted",
        rows="SELECT * FROM statistics.forms_counted",
        expectations=(
            Expected(
                id="no_form_beside_its_lists",
                says="no form is counted beside its lists, and what stands on a form is counted as it stands there",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' item ' || gnum || ': counted as '
                           || coalesce(counted_qty1::VARCHAR, 'nothing') || ', on form ' || form_no || ' as '
                           || coalesce(form_qty1::VARCHAR, 'the form itself') AS observed
                    FROM {batch}
                    """
                ),
                protects="exports, from a list and its form counted both",
                answers="data engineer",
                hurts="statistician",
            ),
        ),
    ),
    Suite(
        table="statistics.trade_exclusions",
        rows=of_vintage("trade_exclusions"),
        expectations=(
            Expected(
                id="every_item_accounted",
                says="what went in the month, or was declared in it and has not gone, is counted or left out",
                holds=ExpectNoRows(
                    query=f"""
                    WITH known AS (
                        SELECT flow, item_count, declared_date, CASE
                            WHEN flow = 'E' AND status IN ('closed', 'returned') THEN closed_at
                            WHEN flow = 'I' AND status IN ('released', 'closed', 'returned') THEN released_at
                        END AS moment
                        FROM clearance.clearance_facts
                    ),
                    due AS (
                        SELECT flow, sum(item_count) AS items FROM known
                        WHERE moment {IN_MONTH} OR (moment IS NULL AND declared_date {IN_MONTH}) GROUP BY flow
                    ),
                    accounted AS (
                        SELECT flow, sum(counted) AS counted, sum(left_out) AS left_out FROM (
                            SELECT flow, count(*) AS counted, 0 AS left_out FROM statistics.trade_items
                            WHERE {OF_VINTAGE} GROUP BY flow
                            UNION ALL SELECT flow, 0, sum(items) FROM {{batch}} GROUP BY flow
                        ) GROUP BY flow
                    )
                    SELECT coalesce(due.flow, accounted.flow) || ': ' || coalesce(due.items, 0) || ' items, '
                           || coalesce(counted, 0) || ' counted, ' || coalesce(left_out, 0) || ' left out' AS observed
                    FROM due FULL JOIN accounted ON due.flow = accounted.flow
                    WHERE coalesce(due.items, 0) <> coalesce(counted + left_out, 0)
                    """
                ),
                protects="the coverage that the statistics claim",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="exclusion_has_reason",
                says="what is left out has a reason",
                holds=gxe.ExpectColumnValuesToNotBeNull(column="reason"),
                protects="whoever has to explain a gap",
                answers="data engineer",
                hurts="auditor",
            ),
        ),
    ),
    Suite(
        table="statistics.trade_cells",
        rows=of_vintage("trade_cells"),
        expectations=(
            Expected(
                id="cells_are_sums",
                says="a cell is exactly the sum of its items, in one unit",
                holds=cells_are_sums("trade_items", "items"),
                protects="every published number",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="returns_are_sums",
                says="what came back in a cell is exactly the sum of its returns",
                holds=cells_are_sums("trade_returns", "returns", "returned_"),
                protects="the netted values",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="cell_unique",
                says="a cell appears once in a vintage",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT concat_ws(' ', {COLUMNS}) || ': ' || count(*) || ' times' AS observed
                    FROM {{batch}} GROUP BY {COLUMNS} HAVING count(*) > 1
                    """
                ),
                protects="every published number",
                answers="data engineer",
                hurts="statistician",
            ),
        ),
    ),
    Suite(
        table="statistics.trade_revisions",
        rows=of_vintage("trade_revisions"),
        expectations=(
            Expected(
                id="revisions_explain_the_difference",
                says="the causes of a cell's revision add up, in each measure, to what the vintage changed",
                holds=ExpectNoRows(
                    query=f"""
                    WITH cells AS (
                        SELECT {COLUMNS}, {CHANGED} FROM (
                            SELECT *, vintage_no = {VINTAGE} AS is_now FROM statistics.trade_cells
                            WHERE period = {MONTH} AND vintage_no >= greatest({VINTAGE} - 1, 1) AND {VINTAGE} > 1
                        ) GROUP BY ALL
                    ),
                    sums AS (SELECT {COLUMNS}, {CAUSED} FROM {{batch}} GROUP BY ALL)
                    SELECT concat_ws(' ', {", ".join(f"coalesce(cells.{column}, sums.{column})" for column in CELL)})
                           || ': ' || concat_ws('; ', {UNEXPLAINED}) AS observed
                    FROM cells FULL JOIN sums ON {SAME_CELL}
                    WHERE coalesce({UNEXPLAINED}) IS NOT NULL
                    """
                ),
                protects="the explanation of every revision",
                answers="data engineer",
                hurts="auditor",
            ),
        ),
    ),
    Suite(
        table="statistics.trade_published",
        rows=of_vintage("trade_published"),
        expectations=(
            Expected(
                id="published_are_sums",
                says="all cells for publication are there, those not hidden exactly as sums of what they count, and no "
                "other but those that an earlier vintage hid",
                holds=ExpectNoRows(
                    query=f"""
                    WITH sums AS ({ADDED_UP})
                    SELECT {SHOWN} || ': ' || coalesce(cells.value_cny::VARCHAR, 'no value') || ' CNY, items '
                           || coalesce(sums.value_cny::VARCHAR, 'none') AS observed
                    FROM {{batch}} AS cells FULL JOIN sums USING (flow, hs_level, hs_code, partner)
                    LEFT JOIN ({HIDDEN_BEFORE}) AS before USING (flow, hs_level, hs_code, partner)
                    WHERE cells.conf_status IS NULL OR (sums.value_cny IS NULL AND before.vintage_no IS NULL) OR (
                        cells.conf_status = 'F' AND (
                            cells.value_cny IS DISTINCT FROM sums.value_cny
                            OR cells.value_usd IS DISTINCT FROM sums.value_usd
                            OR cells.net_weight_kg IS DISTINCT FROM sums.net_weight_kg
                            OR cells.qty1 IS DISTINCT FROM sums.qty1
                            OR cells.items IS DISTINCT FROM sums.items
                        )
                    )
                    """
                ),
                protects="what goes out of the house",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="published_counts",
                says="lists and enterprises of cells not hidden are those of the items, where there are at least 20",
                holds=ExpectNoRows(
                    query=f"""
                    WITH counts AS ({COUNTED}),
                    shown AS (
                        SELECT * REPLACE (if(enterprises < 20, NULL, enterprises) AS enterprises,
                                          if(declarations < 20, NULL, declarations) AS declarations)
                        FROM counts
                    )
                    SELECT {SHOWN} || ': ' || coalesce(cells.declarations::VARCHAR, 'no') || ' lists, '
                           || coalesce(cells.enterprises::VARCHAR, 'no') || ' enterprises, counted '
                           || coalesce(shown.declarations::VARCHAR, 'none') || ' and '
                           || coalesce(shown.enterprises::VARCHAR, 'none') AS observed
                    FROM {{batch}} AS cells LEFT JOIN shown USING (flow, hs_level, hs_code, partner)
                    WHERE cells.conf_status = 'F' AND (cells.declarations, cells.enterprises)
                        IS DISTINCT FROM (shown.declarations, shown.enterprises)
                    """
                ),
                protects="what goes out of the house",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="hidden_is_empty",
                says="of a hidden cell nothing is published, and one that is not hidden has its values",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT {SHOWN} || ': ' || coalesce(conf_status, 'no status') AS observed
                    FROM {{batch}} WHERE NOT CASE conf_status
                        WHEN 'C' THEN obs_status = 'Q' AND unit1 IS NULL AND coalesce(
                            value_cny, value_usd, net_weight_kg, qty1, declarations, items, enterprises
                        ) IS NULL
                        WHEN 'F' THEN obs_status IN ('A', 'P')
                            AND value_cny IS NOT NULL AND value_usd IS NOT NULL
                        ELSE false
                    END
                    """
                ),
                protects="enterprises, from having their trade read off",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="published_adds_up",
                says="a total is the sum of its parts, and no less than those that are not hidden",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT {SHOWN} || ': ' || value_cny || ' CNY, its parts ' || parts_cny AS observed
                    FROM ({PARTS})
                    WHERE least(value_cny - parts_cny, value_usd - parts_usd, net_weight_kg - parts_kg) < 0 OR (
                        hidden = 0 AND greatest(
                            value_cny - parts_cny, value_usd - parts_usd, net_weight_kg - parts_kg
                        ) > 0
                    )
                    """
                ),
                protects="readers who add up",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="no_unsafe_cell_alone",
                says="a cell that would tell of one enterprise is never the only one hidden of a total",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT {SHOWN} || ': one part is hidden, and follows from the others' AS observed
                    FROM ({PARTS}) WHERE hidden = 1 AND has_unsafe
                    """
                ),
                protects="enterprises, from having their trade worked out",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="hidden_stays_hidden",
                says="what an earlier vintage of the month hid is hidden, also where nothing is left of it",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT {SHOWN} || ': hidden by vintage ' || before.vintage_no AS observed
                    FROM ({HIDDEN_BEFORE}) AS before
                    LEFT JOIN {{batch}} AS cells USING (flow, hs_level, hs_code, partner)
                    WHERE cells.conf_status IS DISTINCT FROM 'C' AND flow IN (SELECT flow FROM {{batch}})
                    """
                ),
                protects="what was hidden, from comparing vintages",
                answers="data engineer",
                hurts="exporter",
            ),
        ),
    ),
)
