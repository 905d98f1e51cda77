"""The dbt project as a whole: unit tests of the models, and what the catalogue and the documentation promise."""

from __future__ import annotations

import csv
import itertools
import json
import re
from datetime import date, timedelta

import pytest
import yaml
from sqlglot import parse_one

from sandan import warehouse
from sandan.gates import results
from sandan.home import PROJECT, Home
from sandan.lists import NATIONAL, OPTIONAL_KEY_PARTS, PAPERS, TABLES
from sandan.month import Month
from sandan.warehouse import disclosure, months, runs, vintages
from sandan.warehouse.contract import FAMILIES, MONTHLY, of_vintage
from sandan.warehouse.load import SHAPES
from sandan.warehouse.raw import FILES, REFERENCE, record_tables

DBT = PROJECT / "dbt_project"
SCHEMAS = yaml.safe_load((DBT / "dbt_project.yml").read_text("utf-8"))["models"]["sandan"]
MODELS = sorted((DBT / "models").rglob("*.sql"))
MARTS = (
    "clearance_facts", "clearance_items", "check_findings", "tracking_events", "import_taxes", "returned_items",
    "list_usage", "consolidated_declarations", "consolidated_items", "consolidation_members", "consolidation_counts",
    "summary_applications", "rebate_eligibility", "rebate_findings", "rebate_entries", "rebate_evidence",
    "invoice_allocations", "forex_allocations", "overseas_settlements", "credit_refunds", "rebate_totals",
    "department_exchange", "department_mismatches",
    "enterprise_worklist", "enterprise_rebate_finance", "enterprise_concentration", "enterprise_advance",
    "enterprise_forex", "enterprise_forex_open", "enterprise_logistics", "enterprise_scorecard",
    "trade_items", "trade_returns", "trade_cells", "trade_exclusions", "trade_revisions",
    "unit_value_outliers", "coverage", "item_nonresponse", "revision_sizes",
)  # fmt: skip
LEDGERS = (
    "files", "quarantine", "replays", "resent", "conservation", "receipts", "unmatched_papers",
    "department_records", "department_notices",
)  # fmt: skip


def documented(sql) -> dict:
    """The yml beside a model."""
    (model,) = yaml.safe_load(sql.with_suffix(".yml").read_text("utf-8"))["models"]
    return model


def catalogue() -> list[dict[str, str]]:
    with (DBT / "seeds" / "rules.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_unit_tests_of_the_models(dbt, home: Home) -> None:
    done = dbt("test", "--select", "test_type:unit")
    assert done.returncode == 0, done.stdout[-6000:]
    results = json.loads((home.root / "dbt_test" / "run_results.json").read_text())["results"]
    assert {result["status"] for result in results} == {"pass"}
    assert len(results) == sum(path.read_text("utf-8").count("    model: ") for path in (DBT / "models").rglob("*.yml"))


def test_constraints_of_the_seeds(dbt) -> None:
    done = dbt("test", "--exclude", "test_type:unit")
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("sql", MODELS, ids=lambda path: path.stem)
def test_every_column_is_described(sql, home: Home) -> None:
    model = documented(sql)
    schema = SCHEMAS[sql.relative_to(DBT / "models").parts[0]]["+schema"]
    with warehouse.connect(home, read_only=True) as connection:
        columns = connection.execute(
            "select column_name from information_schema.columns where table_schema = $1 and table_name = $2",
            [schema, sql.stem],
        ).fetchall()
    assert columns
    described = {column["name"]: column["description"] for column in model["columns"]}
    assert {name for (name,) in columns} == set(described)
    assert model["name"] == sql.stem
    assert model["description"]
    assert all(described.values())


def described(properties, kind) -> dict[str, dict]:
    """Name → what a yml says of each model, seed or table; nothing and nobody is without a description."""
    found = {one["name"]: one for one in properties[kind]}
    assert len(found) == len(properties[kind])
    for one in found.values():
        assert one["description"], one["name"]
        assert all(column["description"] for column in one.get("columns", ())), one["name"]
    return found


def columns_of(one) -> list[str]:
    return [column["name"] for column in one["columns"]]


def test_every_column_of_a_seed_is_described() -> None:
    seeds = described(yaml.safe_load((DBT / "seeds" / "seeds.yml").read_text("utf-8")), "seeds")
    assert set(seeds) == {file.stem for file in (DBT / "seeds").glob("*.csv")}
    for name, seed in seeds.items():
        with (DBT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert sorted(columns_of(seed)) == sorted(next(csv.reader(file))), name


def test_every_column_of_a_table_that_is_no_model_is_described(tmp_path) -> None:
    sources = {
        f"{schema}.{name}": table
        for schema in ("audit", "statistics")
        for source in yaml.safe_load((DBT / "models" / schema / "sources.yml").read_text("utf-8"))["sources"]
        for name, table in described(source, "tables").items()
    }
    empty = Home(root=tmp_path, sources=tmp_path)
    results.prepare(empty)
    with warehouse.connect(empty) as connection:
        for made in (SHAPES, runs.TABLE, months.TABLES, vintages.TABLES, "create schema statistics"):
            connection.execute(made)
        connection.execute(disclosure.TABLES)
        found = connection.execute(
            "select schema_name || '.' || table_name, list(column_name order by column_index) from duckdb_columns() "
            "where schema_name in ('audit', 'statistics') group by all"
        ).fetchall()
    assert {name: sorted(columns) for name, columns in found} == {
        name: sorted(columns_of(table)) for name, table in sources.items()
    }
    published = {
        f"{family.schema}.{table}"
        for family in (*FAMILIES, *MONTHLY, *of_vintage(Month.fromisoformat("2026-11"), 1))
        for table in family.tables
    }
    models = {f"{SCHEMAS[sql.relative_to(DBT / 'models').parts[0]]['+schema']}.{sql.stem}" for sql in MODELS}
    assert published <= models | set(sources)


def test_every_column_of_the_metrics_is_described() -> None:
    folder = DBT / "metrics" / "models"
    models = {
        name: model
        for file in ("models.yml", "days.yml")
        for name, model in described(yaml.safe_load((folder / file).read_text("utf-8")), "models").items()
    }
    assert set(models) == {sql.stem for sql in folder.glob("*.sql")}
    for name, model in models.items():
        query = parse_one((folder / f"{name}.sql").read_text("utf-8"), dialect="duckdb")
        assert sorted(columns_of(model)) == sorted(query.named_selects), name


@pytest.mark.parametrize("name", MARTS + LEDGERS)
def test_every_published_model_has_a_contract(name: str) -> None:
    (sql,) = (path for path in MODELS if path.stem == name)
    assert documented(sql)["config"]["contract"] == {"enforced": True}


def test_every_match_rule_has_one_home_and_a_unit_test_that_fails_it() -> None:
    rules = {rule["rule_id"] for rule in catalogue() if rule["stage"] == "match"}
    homes = [
        rule
        for sql in (DBT / "models" / "matching" / "rules").glob("*.sql")
        for rule in re.findall(r"'([A-Z]{3}\d\d)' as rule_id", sql.read_text("utf-8"))
    ]
    tested = {
        row["rule_id"]
        for yml in (DBT / "models" / "matching" / "rules").glob("*.yml")
        for test in yaml.safe_load(yml.read_text("utf-8"))["unit_tests"]
        for row in test["expect"]["rows"]
    }
    assert sorted(homes) == sorted(rules)
    assert tested == rules


def test_the_catalogue_says_everything_in_two_languages() -> None:
    for rule in catalogue():
        assert all(rule[field] for field in ("title_en", "title_zh", "passes_when", "basis", "valid_from")), rule
        assert re.search(r"[一-鿿]", rule["title_zh"])
        assert rule["flow"] in {"*", "E", "I"}
        assert rule["action"] in {
            "quarantine", "ignore", "wait", "review", "refuse", "warn", "pending", "exclude", "tax", "block", "exempt",
        }  # fmt: skip


def test_the_macros_know_the_lists_that_python_knows() -> None:
    text = (DBT / "macros" / "field_faults.sql").read_text("utf-8")
    for macro, messages in (("national_tables", NATIONAL), ("paper_tables", PAPERS)):
        (body,) = re.findall(rf"macro {macro}\(\) -%}}(.*?)endmacro", text, re.DOTALL)
        tables = {
            name: (heads, items or None)
            for name, heads, items in re.findall(r"'(\w+)': \('(\w+)', (?:none|'(\w+)')\)", body)
        }
        assert tables == {message.list: TABLES[message.list] for message in messages.values()}
    assert f"field.element not in {OPTIONAL_KEY_PARTS}" in text


def test_every_raw_table_is_a_source_of_dbt() -> None:
    (raw,) = yaml.safe_load((DBT / "models" / "staging" / "sources.yml").read_text("utf-8"))["sources"]
    assert FILES.count("raw.files") == 1
    assert set(described(raw, "tables")) == {"files", *REFERENCE, *record_tables()}


def test_merge_keys_name_columns_that_items_have_and_periods_follow_one_another() -> None:
    with (DBT / "seeds" / "merge_keys.csv").open(encoding="utf-8", newline="") as file:
        versions = list(csv.DictReader(file))
    due_items = (DBT / "models" / "consolidation" / "due_items.sql").read_text("utf-8")
    for level in ("head", "body"):
        (known,) = re.findall(rf"set {level} = (\[.*\])", due_items)
        always = {"head": {"supervision_mode", "customs_code"}, "body": {"unit", "unit1", "unit2"}}[level]
        for version in versions:
            named = version[f"{level}_columns"].split()
            assert always <= set(named) <= set(json.loads(known.replace("'", '"'))), version
    for earlier, later in itertools.pairwise(versions):
        after = date.fromisoformat(earlier["valid_to"]) + timedelta(days=1)
        assert later["valid_from"] == after.isoformat()
    assert versions[-1]["valid_to"] == ""
