"""Gate *staged*: every record ended in exactly one state, and nothing fell out on the way."""

from __future__ import annotations

from great_expectations import expectations as gxe

from expectations.received import RECORDS
from sandan.gates.as_usual import ExpectAsUsual
from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite, of_run

STATES = ["accepted", "superseded", "duplicate", "stale", "draft", "quarantined"]

STAGED = (
    Suite(
        table="audit.record_states",
        rows=of_run("audit.record_states"),
        expectations=(
            Expected(
                id="record_state_known",
                says="every record is accepted, superseded, duplicate, stale, draft or quarantined",
                holds=gxe.ExpectColumnValuesToBeInSet(column="state", value_set=STATES),
                protects="conservation: no seventh place to hide a record in",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="record_state_given",
                says="no record is without a state",
                holds=gxe.ExpectColumnValuesToNotBeNull(column="state"),
                protects="conservation: a record without a state is a lost record",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="record_in_one_state",
                says="no record is in two states",
                holds=gxe.ExpectColumnValuesToBeUnique(column="record_id"),
                protects="conservation: a record counts once",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="every_record_has_state",
                says="every received record has a state",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT list || ' record ' || record_id || ': received, in no state' AS observed
                    FROM ({RECORDS}) ANTI JOIN {{batch}} USING (record_id)
                    """
                ),
                protects="the sender: a record that staging drops is never answered",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="every_state_has_record",
                says="every state belongs to a received record",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT list || ' record ' || record_id || ': in a state, never received' AS observed
                    FROM {{batch}} ANTI JOIN ({RECORDS}) USING (record_id)
                    """
                ),
                protects="the counts from records nobody sent",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="file_adds_up",
                says="of every file, the records received are the sum of the six states",
                holds=ExpectNoRows(
                    query="""
                    WITH received AS (
                        SELECT source_id, sha256, sum(records) AS n FROM raw.files
                        WHERE run_date = {run_date} GROUP BY ALL
                    ), stated AS (
                        SELECT source_id, sha256, count(*) AS n FROM {batch}
                        WHERE state IN ('accepted', 'superseded', 'duplicate', 'stale', 'draft', 'quarantined')
                        GROUP BY ALL
                    )
                    SELECT source_id || ' file ' || left(sha256, 12) || ': received ' || coalesce(received.n, 0)
                           || ', in states ' || coalesce(stated.n, 0) AS observed
                    FROM received FULL JOIN stated USING (source_id, sha256)
                    WHERE coalesce(received.n, 0) <> coalesce(stated.n, 0)
                    """
                ),
                protects="conservation, file by file",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="few_records_quarantined",
                says="of every source, at most 10 % of the records, or four, are quarantined",
                holds=ExpectNoRows(
                    query="""
                    SELECT source_id || ': ' || count_if(state = 'quarantined') || ' of ' || count(*)
                           || ' records quarantined' AS observed
                    FROM {batch} GROUP BY source_id
                    HAVING count_if(state = 'quarantined') > greatest(0.1 * count(*), 4)
                    """,
                    allowed="at most 10 % of a source, or four records",
                ),
                protects="the day from a sender whose system has changed",
                answers="source party",
                hurts="exporter",
                severity="warning",
            ),
            Expected(
                id="quarantine_as_usual",
                says="of every source, about as large a share of the records as usual is quarantined",
                holds=ExpectAsUsual(
                    query="""
                    SELECT source_id AS subject, count_if(state = 'quarantined') / count(*) AS value, count(*) AS total
                    FROM {batch} GROUP BY source_id
                    """,
                    measure="share",
                ),
                protects="the day from a fault that is new, and still below ten of a hundred",
                answers="source party",
                hurts="exporter",
                severity="warning",
            ),
        ),
    ),
    Suite(
        table="audit.quarantine",
        rows=of_run("audit.quarantine"),
        expectations=(
            Expected(
                id="quarantine_complete",
                says="the quarantine holds every quarantined record and file of the run, and nothing else",
                holds=ExpectNoRows(
                    query="""
                    WITH counted AS (
                        SELECT 'records' AS what,
                               (SELECT count(*) FROM audit.record_states
                                WHERE run_date = {run_date} AND state = 'quarantined') AS due,
                               (SELECT count(*) FROM {batch} WHERE position IS NOT NULL) AS held
                        UNION ALL
                        SELECT 'files',
                               (SELECT count(*) FROM raw.files WHERE run_date = {run_date} AND state = 'quarantined'),
                               (SELECT count(*) FROM {batch} WHERE position IS NULL)
                    )
                    SELECT what || ': ' || due || ' quarantined, ' || held || ' in quarantine' AS observed
                    FROM counted WHERE due <> held
                    """
                ),
                protects="the sender: what is not in quarantine is never sent again",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="quarantine_names_rules",
                says="every entry names at least one rule",
                holds=ExpectNoRows(
                    query="""
                    SELECT source_id || '/' || path || coalesce(' position ' || position, '') || ': no rule' AS observed
                    FROM {batch} WHERE coalesce(len(rule_ids), 0) = 0
                    """
                ),
                protects="the house rule that whatever is held names what holds it",
                answers="rule owner",
                hurts="exporter",
            ),
            Expected(
                id="quarantine_gives_reason",
                says="every entry gives a reason that a person can read",
                holds=ExpectNoRows(
                    query="""
                    SELECT source_id || '/' || path || coalesce(' position ' || position, '') || ': no reason'
                           AS observed
                    FROM {batch} WHERE trim(coalesce(reason, '')) = ''
                    """
                ),
                protects="the sender, who has to be told why",
                answers="rule owner",
                hurts="exporter",
            ),
        ),
    ),
    Suite(
        table="staging.current_records",
        rows=of_run("staging.current_records"),
        expectations=(
            Expected(
                id="one_current_record",
                says="a key has at most one current record",
                holds=gxe.ExpectCompoundColumnsToBeUnique(column_list=["list", "key"]),
                protects="the match: two current orders would both be compared",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="app_time_not_ahead",
                says="no application time is more than a day after the run",
                holds=ExpectNoRows(
                    query="""
                    SELECT list || ' record ' || record_id || ': ' || app_time AS observed
                    FROM {batch} WHERE app_time >= {run_date} + INTERVAL 2 DAYS
                    """,
                    allowed="until the end of the next day",
                ),
                protects="later versions, which a record from the future would make stale",
                answers="source party",
                hurts="exporter",
                severity="warning",
            ),
        ),
    ),
    *(
        Suite(
            table=table,
            rows=of_run(table),
            expectations=tuple(
                Expected(
                    id=f"{column}_not_negative",
                    says=f"no {column} is negative",
                    holds=gxe.ExpectColumnValuesToBeBetween(column=column, min_value=0),
                    protects="the sums of money and weight",
                    answers="source party",
                    hurts="statistician",
                    severity="warning",
                )
                for column in columns
            ),
        )
        for table, columns in {
            "staging.stg_orders": ("goods_value", "freight", "actural_paid"),
            "staging.stg_payments": ("amount_paid",),
            "staging.stg_declaration_items": ("qty", "price", "total_price"),
        }.items()
    ),
)
