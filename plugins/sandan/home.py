"""Where everything lies: one folder, `SANDAN_HOME`, and the project that works on it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sandan.month import Month

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Home:
    """The folders and files of one installation.

    Everything below `root` is data; everything below `sources` and `services` is configuration.
    """

    root: Path
    sources: Path
    services: Path = PROJECT / "services"

    @classmethod
    def from_environment(cls) -> Home:
        """The home that `SANDAN_HOME`, `SANDAN_SOURCES` and `SANDAN_SERVICES` name.

        Unset or empty, they are `var/`, `sources/` and `services/`.
        """
        return cls(
            root=_folder("SANDAN_HOME", PROJECT / "var"),
            sources=_folder("SANDAN_SOURCES", PROJECT / "sources"),
            services=_folder("SANDAN_SERVICES", PROJECT / "services"),
        )

    @property
    def landing(self) -> Path:
        """`<source_id>/<YYYY-MM-DD>/**`, as the sources sent it; never changed by a run."""
        return self.root / "landing"

    @property
    def reference(self) -> Path:
        """The operator's own tables (parties, rates of exchange and of import taxes), which replace those shipped."""
        return self.root / "reference"

    @property
    def keys(self) -> Path:
        """The secrets that the installation made for itself."""
        return self.root / "keys"

    @property
    def person_key(self) -> Path:
        """The key of the hashes that stand for persons, unless the environment gives one."""
        return self.keys / "person.key"

    @property
    def disclosure_rules(self) -> Path:
        """The secret parameters of disclosure control, unless the environment gives them."""
        return self.keys / "disclosure.key"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that one process at a time may open."""
        return self.root / "warehouse.duckdb"

    @property
    def archive(self) -> Path:
        """`raw/<table>/<YYYY-MM>.parquet`: old records, which no newer run reads."""
        return self.root / "archive"

    @property
    def spill(self) -> Path:
        """What DuckDB puts aside where memory does not suffice; the dbt profile names it too."""
        return self.root / "spill"

    @property
    def published(self) -> Path:
        """The DuckLake: `catalog.sqlite` and `data/`."""
        return self.root / "published"

    @property
    def ledger(self) -> Path:
        """What every run took in and wrote, by digests; outside the warehouse, and only ever appended."""
        return self.root / "ledger.jsonl"

    @property
    def replays(self) -> Path:
        """What runs were ordered to read again of the quarantine; only ever appended."""
        return self.root / "replays.jsonl"

    @property
    def exchange(self) -> Path:
        """`<receiver>/<YYYY-MM-DD>/`: messages to each party that a run answers, extracts to each department."""
        return self.root / "exchange"

    @property
    def statistics(self) -> Path:
        """`<YYYY-MM>/v<number>/`: what goes out of a vintage of the statistics, as files."""
        return self.exchange / "statistics"

    @property
    def reports(self) -> Path:
        """`<YYYY-MM-DD>/` a run: gate results, summary, stage times."""
        return self.root / "reports"

    @property
    def data_docs(self) -> Path:
        """Pages of what the gates saw."""
        return self.root / "data_docs"

    @property
    def audit(self) -> Path:
        """The audit report: `index.html`, and `<YYYY-MM-DD>/` a run."""
        return self.root / "audit"

    @property
    def simulation(self) -> Path:
        """Truth and outbox of the simulator; no pipeline code reads it."""
        return self.root / "simulation"

    @property
    def airflow(self) -> Path:
        """Airflow's own home: metadata in SQLite, logs of tasks."""
        return self.root / "airflow"

    @property
    def logs(self) -> Path:
        """What Airflow, dbt and Great Expectations say while a run shows its progress."""
        return self.root / "logs"

    @property
    def dbt(self) -> Path:
        """What dbt made of the project: SQL as it ran, and notes of its own."""
        return self.root / "dbt"

    def landing_of(self, source_id: str, run_date: date) -> Path:
        """The landing folder of one source and date."""
        return self.landing / source_id / run_date.isoformat()

    @property
    def read(self) -> Path:
        """What the readers made of each date; a run makes it again."""
        return self.root / "read"

    def read_of(self, run_date: date) -> Path:
        """What the readers made of a date, one folder a source; the load takes it from here."""
        return self.read / run_date.isoformat()

    def lineage_of(self, run: date | Month) -> Path:
        """The OpenLineage events of one run, of all its attempts."""
        return self.logs / "lineage" / f"{run.isoformat()}.jsonl"

    def report_of(self, run: date | Month) -> Path:
        """The reports of one run, of a day or of a month."""
        return self.reports / run.isoformat()


def _folder(variable: str, default: Path) -> Path:
    return Path(os.environ.get(variable) or default).expanduser().resolve()
