"""What tables and files are called in events, and what is said of them.

A name is made of the installation and the place in its home: whose machine it is, and where on it, nobody is told.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from openlineage.client.event_v2 import InputDataset, OutputDataset
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    dataset_version_dataset,
    documentation_dataset,
    input_statistics_input_dataset,
    output_statistics_output_dataset,
    schema_dataset,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openlineage.client.facet_v2 import DatasetFacet

    from sandan.lineage.columns import Origin


class Name(NamedTuple):
    """What a dataset is called: as OpenLineage has it, in two parts."""

    namespace: str
    name: str


def installation() -> str:
    """The namespace of jobs; two homes that tell one server need two (`OPENLINEAGE_NAMESPACE`)."""
    return os.environ.get("OPENLINEAGE_NAMESPACE") or "sandan"


def in_warehouse(table: str) -> Name:
    """A table of the warehouse, `schema.table`."""
    return Name(f"duckdb://{installation()}", f"warehouse.{table}")


def in_lake(table: str) -> Name:
    """A table of the published lake, `schema.table`."""
    return Name(f"ducklake://{installation()}", f"published.{table}")


def in_files(place: str) -> Name:
    """A file or folder by its path in the home: never one that a sender named."""
    return Name(f"file://{installation()}", place)


@dataclass(frozen=True)
class Table:
    """A table as an event describes it: column → type, and what the project says of it and of its columns."""

    name: str
    types: dict[str, str]
    description: str = ""
    descriptions: dict[str, str] = field(default_factory=dict)

    @property
    def facets(self) -> dict[str, DatasetFacet]:
        """Columns, and the description where there is one."""
        fields = [
            schema_dataset.SchemaDatasetFacetFields(
                name=name, type=type_, description=self.descriptions.get(name) or None, fields=None
            )
            for name, type_ in self.types.items()
        ]
        facets: dict[str, DatasetFacet] = {"schema": schema_dataset.SchemaDatasetFacet(fields=fields)}
        if self.description:
            facets["documentation"] = documentation_dataset.DocumentationDatasetFacet(description=self.description)
        return facets

    def made_of(self, columns: dict[str, set[Origin]]) -> OutputDataset:
        """The table in the warehouse, with where its columns come from; nothing of them where nobody knows."""
        told = {name: _fields(origins) for name, origins in sorted(columns.items()) if origins}
        return OutputDataset(*in_warehouse(self.name), facets=self.facets | _lineage(told))

    def published(self, rows: int, snapshot: int | None) -> OutputDataset:
        """The table in the lake, every column that of the warehouse; `rows` were written."""
        same = column_lineage_dataset.Transformation(type="DIRECT", subtype="IDENTITY")
        told = {name: _fields([(self.name, name)], same) for name in self.types}
        return OutputDataset(
            *in_lake(self.name),
            facets=self.facets | _lineage(told) | version(snapshot),
            outputFacets={
                "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=rows)
            },
        )


def landed(source_id: str, run_date: str, files: int, size: int, records: int) -> InputDataset:
    """The landing of a source, of which a run read the folder of one date; `size` in bytes."""
    statistics = input_statistics_input_dataset.InputStatisticsInputDatasetFacet(
        rowCount=records, size=size, fileCount=files
    )
    return InputDataset(
        *in_files(f"landing/{source_id}"), facets=version(run_date), inputFacets={"inputStatistics": statistics}
    )


def version(of: object) -> dict[str, DatasetFacet]:
    """A snapshot of the lake, or a date of the landing; nothing for None."""
    if of is None:
        return {}
    return {"version": dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=str(of))}


def _lineage(fields: dict[str, column_lineage_dataset.Fields]) -> dict[str, DatasetFacet]:
    return {"columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields)} if fields else {}


def _fields(
    origins: Iterable[Origin], how: column_lineage_dataset.Transformation | None = None
) -> column_lineage_dataset.Fields:
    known = [how] if how else None
    return column_lineage_dataset.Fields(
        [
            column_lineage_dataset.InputField(*in_warehouse(table), column, transformations=known)
            for table, column in sorted(origins)
        ]
    )
