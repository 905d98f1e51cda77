"""Gate *received*: what was loaded is what the sources sent, file by file and record by record."""

from __future__ import annotations

from great_expectations import expectations as gxe

from sandan.gates.as_usual import ExpectAsUsual
from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite, of_run
from sandan.gates.usual import TRAILING
from sandan.lists import TABLES

RECORDS = " UNION ALL ".join(
    f"SELECT '{name}' AS list, record_id, file_id FROM raw.{heads} WHERE run_date = {{run_date}}"
    for name, (heads, _) in TABLES.items()
)
ITEMS = " UNION ALL ".join(
    f"SELECT '{name}' AS list, record_id FROM raw.{items} WHERE run_date = {{run_date}}"
    for name, (_, items) in TABLES.items()
    if items
)

#: what the source sent in the weeks before; of one that sent this list never before, everything is new
SHAPES_BEFORE = f"""
SELECT * FROM audit.source_shapes WHERE run_date < {{run_date}} AND run_date >= {{run_date}} - {TRAILING.days}
"""

#: codes of which fewer rows have one are a matter of their quarantine, on earlier days too
MANY_OF_A_CODE = "kind = 'code' AND filled >= greatest(3, 0.01 * total)"

RECEIVED = (
    Suite(
        table="raw.files",
        rows=of_run("raw.files"),
        expectations=(
            Expected(
                id="file_state_known",
                says="every file is read, repeated or quarantined",
                holds=gxe.ExpectColumnValuesToBeInSet(column="state", value_set=["read", "repeated", "quarantined"]),
                protects="the promise that every landed file has one fate",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="file_state_given",
                says="no file is without a state",
                holds=gxe.ExpectColumnValuesToNotBeNull(column="state"),
                protects="the promise that every landed file has one fate",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="file_id_unique",
                says="every file has its own file_id",
                holds=gxe.ExpectColumnValuesToBeUnique(column="file_id"),
                protects="the way from any record back to its file",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="file_records_loaded",
                says="every read file has as many records in the warehouse as were read from it, any other file none",
                holds=ExpectNoRows(
                    query=f"""
                    WITH loaded AS (SELECT file_id, count(*) AS n FROM ({RECORDS}) GROUP BY file_id)
                    SELECT source_id || '/' || path || ' (' || state || '): announced ' || records
                           || ', loaded ' || coalesce(n, 0) AS observed
                    FROM {{batch}} LEFT JOIN loaded USING (file_id)
                    WHERE if(state = 'read', records, 0) IS DISTINCT FROM coalesce(n, 0)
                    """
                ),
                protects="records from being lost or doubled between reader and warehouse",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="quarantine_has_reason",
                says="every quarantined file has a reason",
                holds=ExpectNoRows(
                    query="""
                    SELECT source_id || '/' || path AS observed FROM {batch}
                    WHERE state = 'quarantined' AND trim(coalesce(reason, '')) = ''
                    """
                ),
                protects="the sender, who has to be told why",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="landed_source_present",
                says="every source with files in landing has a file in the warehouse",
                holds=ExpectNoRows(
                    query="""
                    SELECT source_id || ': files landed, none loaded' AS observed
                    FROM (SELECT unnest({landed}) AS source_id) ANTI JOIN {batch} USING (source_id)
                    """
                ),
                protects="a source from being left out in silence",
                answers="data engineer",
                hurts="exporter",
            ),
            Expected(
                id="few_files_quarantined",
                says="at most 5 % of the files are quarantined",
                holds=gxe.ExpectColumnValuesToBeInSet(column="state", value_set=["read", "repeated"], mostly=0.95),
                protects="the day from a sender whose files have changed shape",
                answers="source party",
                hurts="data engineer",
                severity="warning",
            ),
            Expected(
                id="records_as_usual",
                says="every source sends about as many records as on such days of the eight weeks before",
                holds=ExpectAsUsual(
                    query="""
                    SELECT source_id AS subject, sum(records) AS value, NULL AS total
                    FROM {batch} WHERE state <> 'repeated' GROUP BY source_id
                    """,
                    measure="count",
                ),
                protects="the day from a source that sent a part, or something else",
                answers="source party",
                hurts="statistician",
                severity="warning",
            ),
            Expected(
                id="some_file_read",
                says="at least one file is read",
                holds=gxe.ExpectColumnDistinctValuesToContainSet(column="state", value_set=["read"]),
                protects="the day from passing for quiet when nothing arrived",
                answers="source party",
                hurts="data engineer",
                severity="warning",
            ),
        ),
    ),
    Suite(
        table="raw records",
        rows=RECORDS,
        expectations=(
            Expected(
                id="record_id_unique",
                says="every record has its own record_id, over all lists",
                holds=gxe.ExpectColumnValuesToBeUnique(column="record_id"),
                protects="conservation: a record counts once",
                answers="data engineer",
                hurts="auditor",
            ),
            Expected(
                id="record_has_file",
                says="every record belongs to a file of this run",
                holds=ExpectNoRows(
                    query="""
                    SELECT list || ' record ' || record_id || ': no file ' || coalesce(file_id::VARCHAR, '') AS observed
                    FROM {batch} ANTI JOIN (SELECT file_id FROM raw.files WHERE run_date = {run_date}) USING (file_id)
                    """
                ),
                protects="the way from any record back to what the source sent",
                answers="data engineer",
                hurts="auditor",
            ),
        ),
    ),
    Suite(
        table="audit.source_shapes",
        rows=of_run("audit.source_shapes"),
        expectations=(
            Expected(
                id="no_new_element",
                says="no source sends a column or element that it never sent, and that nobody reads",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT source_id || ', ' || list || ': ' || name AS observed
                    FROM {{batch}} AS today
                    SEMI JOIN ({SHAPES_BEFORE}) AS earlier USING (source_id, list)
                    ANTI JOIN ({SHAPES_BEFORE}) AS same USING (source_id, list, name, kind)
                    WHERE kind = 'unread'
                    """
                ),
                protects="the mapping of a source, which says where its values are",
                answers="source party",
                hurts="data engineer",
                severity="warning",
            ),
            Expected(
                id="no_element_vanished",
                says="an element that nine of ten records of a source had on each day before is still in one of ten",
                holds=ExpectNoRows(
                    query=f"""
                    WITH earlier AS ({SHAPES_BEFORE}),
                    sent AS (
                        SELECT source_id, list, count(DISTINCT run_date) AS days FROM earlier GROUP BY ALL
                    ), steady AS (
                        SELECT source_id, list, name, count(*) AS days
                        FROM earlier WHERE kind = 'element'
                        GROUP BY ALL HAVING count(*) >= 5 AND min(filled / total) >= 0.9
                    )
                    SELECT source_id || ': ' || name || ', there on all ' || days || ' days before' AS observed
                    FROM steady JOIN sent USING (source_id, list, days)
                    SEMI JOIN {{batch}} AS today USING (source_id, list)
                    ANTI JOIN (
                        FROM {{batch}} WHERE kind = 'unread' OR kind = 'element' AND filled >= 0.1 * total
                    ) AS same USING (source_id, list, name)
                    """,
                    allowed="in one of ten records",
                ),
                protects="rules that read it, and would find nothing to judge",
                answers="source party",
                hurts="exporter",
                severity="warning",
            ),
            Expected(
                id="no_new_code",
                says="no source begins to use a code that its code list lacks, in three records and one of a hundred",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT source_id || ': ' || name || ', ' || filled || ' of ' || total AS observed
                    FROM {{batch}} AS today
                    SEMI JOIN ({SHAPES_BEFORE}) AS earlier USING (source_id, list)
                    ANTI JOIN (
                        FROM ({SHAPES_BEFORE}) WHERE {MANY_OF_A_CODE}
                    ) AS same USING (source_id, list, name)
                    WHERE {MANY_OF_A_CODE}
                    """,
                    allowed="fewer than three records, or one of a hundred",
                ),
                protects="records from being quarantined because a code list has grown",
                answers="data engineer",
                hurts="exporter",
                severity="warning",
            ),
        ),
    ),
    Suite(
        table="raw items",
        rows=ITEMS,
        expectations=(
            Expected(
                id="item_has_record",
                says="every item belongs to a record of this run",
                holds=ExpectNoRows(
                    query=f"""
                    SELECT list || ' item of record ' || record_id || ': no such record' AS observed
                    FROM {{batch}} ANTI JOIN ({RECORDS}) USING (list, record_id)
                    """
                ),
                protects="the sums over items, which would include goods nobody declared",
                answers="data engineer",
                hurts="statistician",
            ),
        ),
    ),
)
