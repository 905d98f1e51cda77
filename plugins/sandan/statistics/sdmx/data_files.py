"""The observations as SDMX-CSV 2.x and as SDMX-ML 3.0, structure specific.

pysdmx writes both, but turns decimals into floating point numbers on the way; here they stay as they are published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from pysdmx.model import Role

from sandan.statistics.sdmx.structure import AGENCY, AT_OBSERVATION, ID, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb
    from pysdmx.model.message import Header

    from sandan.statistics.sdmx.structure import Described, Structure

_BATCH = 10_000
_URN = f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={AGENCY}:{ID}({VERSION})"
_SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<mes:StructureSpecificData xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:mes="{_SCHEMAS}/message" \
xmlns:ss="{_SCHEMAS}/data/structurespecific" xmlns:com="{_SCHEMAS}/common" \
xmlns:ns1="{_URN}:ObsLevelDim:{AT_OBSERVATION}">
<mes:Header>
<mes:ID>{{id}}</mes:ID>
<mes:Test>{{test}}</mes:Test>
<mes:Prepared>{{prepared}}</mes:Prepared>
<mes:Sender id="{AGENCY}"/>
<mes:Structure structureID="{ID}" namespace="{_URN}" dimensionAtObservation="{AT_OBSERVATION}">
<com:StructureUsage>{_URN}</com:StructureUsage>
</mes:Structure>
<mes:DataSetAction>Replace</mes:DataSetAction>
<mes:DataSetID>{{id}}</mes:DataSetID>
</mes:Header>
<mes:DataSet ss:structureRef="{ID}" xsi:type="ns1:DataSetType" action="Replace"{{attributes}}>
"""
_TAIL = "</mes:DataSet>\n</mes:StructureSpecificData>\n"


def write_csv(
    connection: duckdb.DuckDBPyConnection, structure: Structure, attributes: dict[str, str], file: Path
) -> None:
    """Write `observations` as SDMX-CSV 2.x, one row each.

    The action is R: an observation takes the place of that of an earlier vintage, also where it has no value now.
    """
    columns = [
        *("'dataflow' as \"STRUCTURE\"", f"'{AGENCY}:{ID}({VERSION})' as \"STRUCTURE_ID\"", "'R' as \"ACTION\""),
        *(f'"{component.id}"' for component in structure.of_observations),
        *(f'{_text(attributes[component.id])} as "{component.id}"' for component in structure.of_data_set),
    ]
    query = f"select {', '.join(columns)} from observations order by {_key(structure)}"
    connection.sql(query).write_csv(str(file), header=True)


def write_xml(
    connection: duckdb.DuckDBPyConnection,
    structure: Structure,
    header: Header,
    attributes: dict[str, str],
    file: Path,
) -> None:
    """Write `observations` as SDMX-ML 3.0: one series a cell, its measures the observations."""
    at_observation = [
        component
        for component in structure.of_observations
        if component.id == AT_OBSERVATION or component.role is Role.MEASURE or component.attachment == "O"
    ]
    of_series = [component for component in structure.of_observations if component not in at_observation]
    query = f"""
        select
            '<Series' || {_attributes(of_series)} || '>'
            || string_agg('<Obs' || {_attributes(at_observation)} || '/>', '' order by "{AT_OBSERVATION}")
            || '</Series>'
        from observations
        group by {", ".join(f'"{component.id}"' for component in of_series)}
        order by {_key(structure, without=AT_OBSERVATION)}
    """
    data_set = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value)
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write(
            _HEAD.format(
                id=escape(header.id),
                test=str(header.test).lower(),
                prepared=header.prepared.isoformat(),
                attributes=data_set,
            )
        )
        found = connection.execute(query)
        while series := found.fetchmany(_BATCH):
            out.writelines(f"{line}\n" for (line,) in series)
        out.write(_TAIL)


def _attributes(components: Iterable[Described]) -> str:
    """SQL that writes components as attributes of an element, those without a value not. No code needs escaping."""
    return " || ".join(f"coalesce(' {component.id}=\"' || \"{component.id}\" || '\"', '')" for component in components)


def _key(structure: Structure, without: str = "") -> str:
    return ", ".join(f'"{name}"' for name in structure.varying_key if name != without)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'" if value else "null"
