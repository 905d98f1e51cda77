"""Gate *marts*: what is about to be published is consistent with itself and shows nobody's personal data."""

from __future__ import annotations

from great_expectations import expectations as gxe

from expectations.matched import STATUSES
from sandan.gates.as_usual import ExpectAsUsual
from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite, of_run
from sandan.lists import PAPERS, PERSONAL

OF_PAPERS = ", ".join(f"'{message.list}'" for message in PAPERS.values())

MARTS = (
    Suite(
        table="clearance.clearance_facts",
        rows=of_run("clearance.clearance_facts", "changed_on"),
        expectations=(
            Expected(
                id="fact_unique",
                says="a declaration has one row",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no"]),
                protects="every count of declarations",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="fact_status_known",
                says="every status is one of the published contract",
                holds=gxe.ExpectColumnValuesToBeInSet(column="status", value_set=STATUSES),
                protects="readers of the contract",
                answers="rule owner",
                hurts="statistician",
            ),
            Expected(
                id="return_status_matches",
                says="return_status is the code that the contract gives to the status",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ': ' || coalesce(status, 'no status') || ' with '
                           || coalesce(return_status, 'null') AS observed
                    FROM {batch}
                    WHERE return_status IS DISTINCT FROM CASE status
                        WHEN 'waiting' THEN '120' WHEN 'review' THEN '300' WHEN 'refused' THEN '100'
                        WHEN 'released' THEN '800' WHEN 'closed' THEN '899' WHEN 'returned' THEN '899' END
                    """
                ),
                protects="the receipts, which carry the code and not the word",
                answers="rule owner",
                hurts="exporter",
            ),
            Expected(
                id="items_add_up",
                says="a declaration has items, item_count counts them, goods_value_cny is exactly their sum",
                holds=ExpectNoRows(
                    query="""
                    WITH items AS (
                        SELECT ebc_code, cop_no, count(*) AS n, sum(value_cny) AS cny FROM clearance.clearance_items
                        WHERE changed_on = {run_date} GROUP BY ALL
                    )
                    SELECT ebc_code || '/' || cop_no || ': ' || coalesce(item_count, 0) || ' items worth '
                           || coalesce(goods_value_cny::VARCHAR, 'null') || ', its items: ' || coalesce(n, 0)
                           || ' worth ' || coalesce(cny::VARCHAR, 'null') AS observed
                    FROM {batch} LEFT JOIN items USING (ebc_code, cop_no)
                    WHERE n IS NULL OR item_count IS DISTINCT FROM n OR goods_value_cny IS DISTINCT FROM cny
                    """
                ),
                protects="money: heads and items must tell the same sum",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="values_as_usual",
                says="in each flow, half of the declarations are worth about as much as usual",
                holds=ExpectAsUsual(
                    query="""
                    SELECT if(flow = 'E', 'export', 'import') || ', CNY' AS subject,
                           median(goods_value_cny) AS value, NULL AS total
                    FROM {batch} WHERE goods_value_cny IS NOT NULL GROUP BY flow
                    """,
                    measure="size",
                ),
                protects="sums of money from amounts in another unit or currency",
                answers="source party",
                hurts="statistician",
                severity="warning",
            ),
            Expected(
                id="returned_when_all_is_back",
                says="of what was released, returned is what has come back as a whole, and nothing else",
                holds=ExpectNoRows(
                    query="""
                    WITH items AS (
                        SELECT ebc_code, cop_no,
                               bool_and(returned_qty >= qty) AND sum(returned_qty) > 0 AS is_whole
                        FROM clearance.clearance_items WHERE changed_on = {run_date} GROUP BY ALL
                    )
                    SELECT ebc_code || '/' || cop_no || ': ' || status
                           || if(is_whole, ', all of it has come back', ', not all of it has come back') AS observed
                    FROM {batch} LEFT JOIN items USING (ebc_code, cop_no)
                    WHERE status IN ('released', 'closed', 'returned')
                      AND (status = 'returned') IS DISTINCT FROM coalesce(is_whole, false)
                    """
                ),
                protects="the tax of goods that went back, and of goods that stayed",
                answers="rule owner",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table="clearance.clearance_items",
        rows=of_run("clearance.clearance_items", "changed_on"),
        expectations=(
            Expected(
                id="item_unique",
                says="an item number appears once in a declaration",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no", "gnum"]),
                protects="every count of items",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="item_has_fact",
                says="every item belongs to a published declaration",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' item ' || gnum || ': no declaration' AS observed
                    FROM {batch} ANTI JOIN (
                        SELECT ebc_code, cop_no FROM clearance.clearance_facts WHERE changed_on = {run_date}
                    ) USING (ebc_code, cop_no)
                    """
                ),
                protects="trade counts from goods without a declaration",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="returned_within_declared",
                says="no more comes back than was declared",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' item ' || gnum || ': declared '
                           || coalesce(qty::VARCHAR, 'null') || ', returned '
                           || coalesce(returned_qty::VARCHAR, 'null') AS observed
                    FROM {batch} WHERE (returned_qty BETWEEN 0 AND greatest(qty, 0)) IS NOT TRUE
                    """
                ),
                protects="the forms and the limits, which leave out what came back",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="returned_items_add_up",
                says="the returns of an item are exactly what has come back of it",
                holds=ExpectNoRows(
                    query="""
                    WITH returned AS (
                        SELECT ebc_code, cop_no, gnum, sum(returned_qty) AS qty FROM clearance.returned_items
                        WHERE changed_on = {run_date} GROUP BY ALL
                    )
                    SELECT ebc_code || '/' || cop_no || ' item ' || gnum || ': '
                           || coalesce(returned_qty::VARCHAR, 'null') || ' back, by its returns '
                           || coalesce(returned.qty, 0) AS observed
                    FROM {batch} FULL JOIN returned USING (ebc_code, cop_no, gnum)
                    WHERE returned_qty IS DISTINCT FROM coalesce(returned.qty, 0)
                    """
                ),
                protects="whoever asks which return brought it back",
                answers="data engineer",
                hurts="auditor",
            ),
        ),
    ),
    Suite(
        table="clearance.returned_items",
        rows=of_run("clearance.returned_items", "changed_on"),
        expectations=(
            Expected(
                id="returned_item_unique",
                says="a return names an item of a declaration once",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no", "guid", "gnum"]),
                protects="every count of returns",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="late_gives_nothing_back",
                says="what came back late gives nothing back to the buyer's year",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' item ' || gnum || ': ' || restored_value_cny || ' given back'
                           AS observed
                    FROM {batch} WHERE NOT in_time AND restored_value_cny <> 0
                    """
                ),
                protects="the yearly limit of a person",
                answers="rule owner",
                hurts="department",
            ),
        ),
    ),
    Suite(
        table="clearance.missing_rates",
        rows="SELECT * FROM clearance.missing_rates",
        expectations=(
            Expected(
                id="every_month_has_rate",
                says="every currency declared has a rate in its month",
                holds=ExpectNoRows(
                    query="""
                    SELECT currency || ' in ' || month || ': no rate, ' || items || ' items without a value in CNY'
                           AS observed
                    FROM {batch}
                    """
                ),
                protects="values in CNY, which would be published as nothing",
                answers="data engineer",
                hurts="statistician",
            ),
        ),
    ),
    Suite(
        table="clearance.import_taxes",
        rows=of_run("clearance.import_taxes", "changed_on"),
        expectations=(
            Expected(
                id="tax_unique",
                says="an item of an import has its taxes once",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no", "gnum"]),
                protects="the sum of taxes",
                answers="data engineer",
                hurts="department",
            ),
            Expected(
                id="tax_has_item",
                says="taxes belong to a published item",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' item ' || gnum || ': no such item' AS observed
                    FROM {batch} ANTI JOIN (
                        SELECT ebc_code, cop_no, gnum FROM clearance.clearance_items WHERE changed_on = {run_date}
                    ) USING (ebc_code, cop_no, gnum)
                    """
                ),
                protects="the sum of taxes from goods that nobody declared",
                answers="data engineer",
                hurts="department",
            ),
        ),
    ),
    Suite(
        table="clearance.check_findings",
        rows=of_run("clearance.check_findings", "changed_on"),
        expectations=(
            Expected(
                id="finding_unique",
                says="a declaration has one finding per rule",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["ebc_code", "cop_no", "rule_id"]),
                protects="counts of failures per rule",
                answers="data engineer",
                hurts="statistician",
            ),
            Expected(
                id="finding_has_fact",
                says="every finding belongs to a published declaration",
                holds=ExpectNoRows(
                    query="""
                    SELECT ebc_code || '/' || cop_no || ' ' || rule_id || ': no declaration' AS observed
                    FROM {batch} SEMI JOIN (
                        SELECT ebc_code, cop_no FROM {batch}
                        EXCEPT SELECT ebc_code, cop_no FROM clearance.clearance_facts
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
        table="clearance.list_usage",
        rows=of_run("clearance.list_usage", "changed_on"),
        expectations=(
            Expected(
                id="usage_known",
                says="every order, payment and waybill is matched, waiting or unclaimed",
                holds=gxe.ExpectColumnValuesToBeInSet(column="usage", value_set=["matched", "waiting", "unclaimed"]),
                protects="readers of the contract",
                answers="rule owner",
                hurts="statistician",
            ),
            Expected(
                id="usage_unique",
                says="a list's key has one row",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["list", "key"]),
                protects="the count of lists nobody claims",
                answers="data engineer",
                hurts="statistician",
            ),
        ),
    ),
    Suite(
        table="audit.conservation",
        rows=of_run("audit.conservation", "changed_on"),
        expectations=(
            Expected(
                id="conservation",
                says="of every file, received is the sum of the six states as of now",
                holds=ExpectNoRows(
                    query="""
                    SELECT source_id || ' file ' || left(sha256, 12) || ': received ' || coalesce(received, 0)
                           || ', in states ' || accounted AS observed
                    FROM (SELECT *, coalesce(accepted, 0) + coalesce(superseded, 0) + coalesce(duplicate, 0)
                                    + coalesce(stale, 0) + coalesce(draft, 0) + coalesce(quarantined, 0) AS accounted
                          FROM {batch}) AS files
                    WHERE received IS DISTINCT FROM accounted
                    """
                ),
                protects="the auditor's sum, also when a later run moved a record",
                answers="data engineer",
                hurts="auditor",
            ),
        ),
    ),
    Suite(
        table="exchange.receipts",
        rows=of_run("exchange.receipts"),
        expectations=(
            Expected(
                id="receipt_unique",
                says="a receipt appears once in a run",
                holds=gxe.ExpectColumnValuesToBeUnique(column="receipt_id"),
                protects="the parties, who would be told twice",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="everything_answered",
                says="every record of a list and every file that could not be read has its receipt; papers have none",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT source_id || ': no receipt ' || receipt_id AS observed
                    FROM (
                        SELECT source_id, 'R' || record_id AS receipt_id FROM audit.record_states
                        WHERE run_date = {{run_date}} AND list NOT IN ({OF_PAPERS})
                        UNION ALL
                        SELECT source_id, 'F' || file_id FROM raw.files
                        WHERE run_date = {{run_date}} AND state = 'quarantined'
                    ) ANTI JOIN {{batch}} USING (receipt_id)
                    """
                ),
                protects="the parties, who would wait for an answer",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="receipt_tells_the_status",
                says="what a declaration's sender is told is its published status; a cancelled one is concluded (399)",
                holds=ExpectNoRows(
                    query="""
                    SELECT told.receipt_id || ': told ' || told.return_status || ', published as ' || facts.status
                           AS observed
                    FROM {batch} AS told
                    JOIN clearance.clearance_facts AS facts USING (ebc_code, cop_no)
                    WHERE starts_with(told.receipt_id, 'D') AND facts.changed_on = {run_date}
                    AND told.message <> 'CEB900'
                    AND told.return_status <> coalesce(facts.return_status, '399')
                    """
                ),
                protects="the senders, who release the goods on the receipt",
                answers="rule owner",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table="columns to publish",
        rows="SELECT * FROM information_schema.columns "
        "WHERE table_schema IN ('matching', 'clearance', 'exchange', 'audit')",
        expectations=(
            Expected(
                id="no_personal_data",
                says="no column from matching on holds a person's name, number, telephone or address",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT table_schema || '.' || table_name || '.' || column_name AS observed
                    FROM {{batch}} WHERE column_name IN {PERSONAL}
                    """
                ),
                protects="persons: from matching on they are left out",
                answers="data engineer",
                hurts="auditor",
            ),
        ),
    ),
)
