"""The structure of the files: components after UNSD:IMTS(1.2), code lists, and both as a structure message.

Components are rows of `components.csv`, code lists files of `code_lists/`; in each, `id` and `name` are what SDMX asks
for, and `house` is what the published table has for the code. HS codes are those of the seed `hs_codes`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pysdmx.io.xml.sdmx30.writer.structure import write as write_structure
from pysdmx.model import (
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Role,
)

from sandan.errors import SandanError
from sandan.home import PROJECT
from sandan.statistics.cells import ALL_GOODS

if TYPE_CHECKING:
    from pysdmx.model.message import Header

    from sandan.month import Month

AGENCY, ID, VERSION = "SANDAN", "IMTS_CBEC", "1.0"
NAME = "Merchandise trade of cross-border e-commerce"
#: the series of a cell holds its measures
AT_OBSERVATION = "MEASURE"
CODE_LISTS = Path(__file__).with_name("code_lists")
COMPONENTS = Path(__file__).with_name("components.csv")
HS_CODES = PROJECT / "dbt_project" / "seeds" / "hs_codes.csv"
COMMODITIES = "CL_COMMODITY"
_NAMES = {
    "CL_ACTIVITY": "Economic activities",
    "CL_AREA": "Areas: ISO 3166-1 alpha-2, world, and areas of Chinese customs that have no code there",
    COMMODITIES: "Harmonized System",
    "CL_CONF_STATUS": "Confidentiality status",
    "CL_CUSTOMS_PROC": "Customs procedures",
    "CL_FREQ": "Frequency",
    "CL_MEASURE": "Measures",
    "CL_OBS_STATUS": "Observation status",
    "CL_PARTNER_TYPE": "What a partner is",
    "CL_TRADE_FLOW": "Trade flows",
    "CL_TRADE_SYSTEM": "Trade systems",
    "CL_TRANSFORMATION": "Transformations of time series",
    "CL_TRANSPORT_MODE": "Modes of transport",
    "CL_UNIT_MEASURE": "Units: currencies, UNECE Rec. 20, and CN with the code of the customs unit table",
    "CL_UNIT_MULT": "Multipliers of units",
    "CL_VINTAGE": "Vintages",
}


@dataclass(frozen=True)
class Described:
    """A component. `constant`: its value where the published table has no breakdown; `column`: where it comes from."""

    id: str
    role: Role
    type: DataType
    code_list: str
    attachment: str
    required: bool
    constant: str
    column: str
    name: str


@dataclass(frozen=True)
class Structure:
    """What a month's files are made after. `edition` of the HS as codes of commodities begin with it, as in HS22."""

    edition: str
    components: tuple[Described, ...]
    code_lists: dict[str, tuple[dict[str, str], ...]]

    @property
    def of_data_set(self) -> tuple[Described, ...]:
        """Attributes of the whole data set."""
        return tuple(component for component in self.components if component.attachment == "D")

    @property
    def of_observations(self) -> tuple[Described, ...]:
        """What an observation has: dimensions, value, attributes."""
        return tuple(component for component in self.components if component.attachment != "D")

    @property
    def key(self) -> tuple[str, ...]:
        """Dimensions, in their order."""
        return tuple(component.id for component in self.components if component.role is Role.DIMENSION)

    @property
    def varying_key(self) -> tuple[str, ...]:
        """Dimensions that the published table has a breakdown of."""
        constant = {component.id for component in self.components if component.constant}
        return tuple(name for name in self.key if name not in constant)


def structure_of(month: Month) -> Structure:
    """The structure with the HS edition in force at the end of `month`.

    Raises:
        SandanError: no edition of the seed is.
    """
    edition, commodities = _commodities(month.last.isoformat())
    lists = {file.stem: _rows(file) for file in sorted(CODE_LISTS.glob("*.csv"))} | {COMMODITIES: commodities}
    return Structure(edition, _components(), lists)


def message(structure: Structure, header: Header) -> str:
    """The structure as SDMX-ML 3.0: code lists, concepts, data structure and data flow."""
    lists = {name: _code_list(name, rows) for name, rows in sorted(structure.code_lists.items())}
    concepts = ConceptScheme(
        "CS_IMTS_CBEC",
        name="Concepts of merchandise trade",
        agency=AGENCY,
        version=VERSION,
        items=[Concept(component.id, name=component.name, dtype=component.type) for component in structure.components],
    )
    definition = DataStructureDefinition(
        ID,
        name=NAME,
        agency=AGENCY,
        version=VERSION,
        components=Components([_component(component, concepts, lists) for component in structure.components]),
    )
    flow = Dataflow(ID, name=NAME, agency=AGENCY, version=VERSION, structure=definition)
    return write_structure([*lists.values(), concepts, definition, flow], header=header) or ""


def write_code_lists(structure: Structure, folder: Path) -> None:
    """Write `id` and `name` of every code list, one file each, for readers without SDMX."""
    folder.mkdir()
    for name, rows in structure.code_lists.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, ["id", "name"], extrasaction="ignore", lineterminator="\n")
            out.writeheader()
            out.writerows(rows)


@cache
def _components() -> tuple[Described, ...]:
    return tuple(
        Described(
            id=row["id"],
            role=Role(row["role"]),
            type=DataType(row["type"]),
            code_list=row["code_list"],
            attachment=row["attachment"],
            required=row["required"] == "true",
            constant=row["constant"],
            column=row["column"],
            name=row["name"],
        )
        for row in _rows(COMPONENTS)
    )


@cache
def _commodities(day: str) -> tuple[str, tuple[dict[str, str], ...]]:
    rows = [row for row in _rows(HS_CODES) if row["valid_from"] <= day <= (row["valid_to"] or day)]
    if not rows:
        raise SandanError(f"no edition of the Harmonized System is in force on {day}", f"add it to {HS_CODES.name}")
    edition = rows[0]["edition"].replace("HS20", "HS")
    # the structure writer of pysdmx turns every ' into "
    codes = [{"id": f"{edition}_{row['hs_code']}", "name": row["description"].replace("'", "’")} for row in rows]
    all_goods = {"id": f"{edition}_{ALL_GOODS}", "name": "All goods"}
    return edition, (all_goods, *codes, {"id": "_Z", "name": "Not applicable"})


def _rows(file: Path) -> tuple[dict[str, str], ...]:
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _code_list(name: str, rows: tuple[dict[str, str], ...]) -> Codelist:
    return Codelist(
        name,
        name=_NAMES[name],
        agency=AGENCY,
        version=VERSION,
        items=[Code(row["id"], name=row["name"]) for row in rows],
    )


def _component(component: Described, concepts: ConceptScheme, lists: dict[str, Codelist]) -> Component:
    return Component(
        component.id,
        required=component.required,
        role=component.role,
        concept=ItemReference("Concept", AGENCY, concepts.id, VERSION, component.id),
        local_dtype=component.type,
        local_codes=lists.get(component.code_list),
        attachment_level=component.attachment or None,
    )
