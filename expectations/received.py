"""Gate *received*: what was loaded is what the sources sent, file by file and record by record."""

from __future__ import annotations

from great_expectations import expectations as gxe

from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.record import Expected, Suite, of_run
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
            ),
            Expected(
                id="file_state_given",
                says="no file is without a state",
                holds=gxe.ExpectColumnValuesToNotBeNull(column="state"),
                protects="the promise that every landed file has one fate",
                answers="data engineer",
            ),
            Expected(
                id="file_id_unique",
                says="every file has its own file_id",
                holds=gxe.ExpectColumnValuesToBeUnique(column="file_id"),
                protects="the way from any record back to its file",
                answers="data engineer",
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
            ),
            Expected(
                id="few_files_quarantined",
                says="at most 5 % of the files are quarantined",
                holds=gxe.ExpectColumnValuesToBeInSet(column="state", value_set=["read", "repeated"], mostly=0.95),
                protects="the day from a sender whose files have changed shape",
                answers="source party",
                severity="warning",
            ),
            Expected(
                id="some_file_read",
                says="at least one file is read",
                holds=gxe.ExpectColumnDistinctValuesToContainSet(column="state", value_set=["read"]),
                protects="the day from passing for quiet when nothing arrived",
                answers="source party",
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
            ),
        ),
    ),
)
