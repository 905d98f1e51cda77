"""The usual questions to a month's foreign trade, on what is published of it: `make notebook`.

Only `trade_published` is read, the figures that may leave the house. `-- --export FOLDER` writes the tables as files.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Foreign trade")


@app.cell
def _():
    import csv
    import io
    from pathlib import Path

    import altair as alt
    import marimo as mo
    import pyarrow.parquet as pq

    from sandan.home import PROJECT, Home
    from sandan.warehouse.lake import connect_published

    return Home, PROJECT, Path, alt, connect_published, csv, io, mo, pq


@app.cell
def _(Home, PROJECT, connect_published):
    lake = connect_published(Home.from_environment())
    names = PROJECT / "dbt_project"
    # what stands of each month: its last vintage. Codes of one digit more each: 0 all goods, 2 chapter, 4 heading, 6, 8
    lake.execute("""
        CREATE OR REPLACE TEMP VIEW trade AS
        SELECT *, CAST(period || '-01' AS DATE) AS month
        FROM statistics.trade_published
        QUALIFY vintage_no = max(vintage_no) OVER (PARTITION BY period)
    """)
    lake.execute(f"""
        CREATE OR REPLACE TEMP TABLE goods AS
        SELECT hs_code, description AS name FROM read_csv('{names}/seeds/hs_codes.csv', all_varchar = true)
    """)
    lake.execute(f"""
        CREATE OR REPLACE TEMP TABLE partners AS
        SELECT partner, name, region FROM read_csv('{names}/metrics/reference/partners.csv', all_varchar = true)
    """)

    def ask(query, **values):
        """The answer to a query, as an Arrow table."""
        return lake.execute(query, values).to_arrow_table()

    return (ask,)


@app.cell
def _(ask, mo):
    periods = ask("SELECT DISTINCT period FROM trade ORDER BY 1 DESC").column(0).to_pylist()
    mo.stop(not periods, mo.md("Nothing is published yet: `make statistics MONTH=…` counts a month."))
    period = mo.ui.dropdown(periods, value=periods[0], label="Month")
    flow = mo.ui.dropdown({"Export (FOB)": "E", "Import (CIF)": "I"}, value="Export (FOB)", label="Flow")
    measure = mo.ui.dropdown({"CNY": "value_cny", "USD": "value_usd"}, value="CNY", label="Value in")
    return flow, measure, period


@app.cell
def _(ask, flow, measure, mo, period):
    head = ask(
        "SELECT vintage, published_on FROM trade WHERE period = $period LIMIT 1", period=period.value
    ).to_pylist()[0]
    mo.md(f"""
    # Foreign trade

    {mo.hstack([period, flow, measure], justify="start")}

    {period.value} is **{head["vintage"]}**, begun on {head["published_on"]}. Customs records of parcels alone: goods
    declared by form, mail and express are in none of it. A figure that would tell of one enterprise is hidden, and
    counts in the totals above it.
    """)
    return


@app.cell
def _(ask, flow, measure, period):
    # every table keeps the hidden rows: an empty value is a value that is not told
    chosen = {"period": period.value, "flow": flow.value}
    totals = f"""
        WITH totals AS (
            SELECT period, flow, CAST({measure.value} AS DOUBLE) AS total
            FROM trade WHERE period = $period AND flow = $flow AND hs_level = 0 AND partner = 'ALL'
        )
    """
    top_commodities = ask(
        f"""
        {totals}
        SELECT hs_code, name, {measure.value} AS value, CAST(value AS DOUBLE) / total AS share,
            conf_status = 'C' AS hidden
        FROM trade JOIN totals USING (period, flow) LEFT JOIN goods USING (hs_code)
        WHERE hs_level = 4 AND partner = 'ALL' ORDER BY value DESC NULLS LAST, hs_code
        """,
        **chosen,
    )
    top_partners = ask(
        f"""
        {totals}
        SELECT partner, name, region, {measure.value} AS value, CAST(value AS DOUBLE) / total AS share,
            conf_status = 'C' AS hidden
        FROM trade JOIN totals USING (period, flow) LEFT JOIN partners USING (partner)
        WHERE hs_level = 0 AND partner <> 'ALL' ORDER BY value DESC NULLS LAST, partner
        """,
        **chosen,
    )
    return top_commodities, top_partners


@app.cell
def _(alt, csv, io, mo):
    def bars(table, label):
        """The fifteen largest values."""
        rows = [
            {"label": f"{row[label]} {row['name'] or ''}"[:60], "value": float(row["value"])}
            for row in table.to_pylist()[:15]
            if row["value"] is not None
        ]
        return (
            alt.Chart(alt.Data(values=rows), width=420, height=alt.Step(20))
            .mark_bar()
            .encode(
                x=alt.X("value:Q", title=None, axis=alt.Axis(format="~s")),
                y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=360)),
            )
        )

    def lines(table, value, scale="~s"):
        """A value over months."""
        rows = [
            {"month": row["period"], "value": float(row[value])} for row in table.to_pylist() if row[value] is not None
        ]
        return (
            alt.Chart(alt.Data(values=rows), width=620, height=200)
            .mark_line(point=True)
            .encode(
                x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
                y=alt.Y("value:Q", title=None, axis=alt.Axis(format=scale)),
            )
        )

    def as_csv(table):
        """The table as CSV in UTF-8; amounts as they are, to the last digit."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
        return text.getvalue().encode()

    def shown(table):
        return mo.ui.table(table.to_pylist(), selection=None, page_size=10)

    return as_csv, bars, lines, shown


@app.cell
def _(bars, mo, shown, top_commodities):
    mo.vstack([mo.md("## Top commodities"), bars(top_commodities, "hs_code"), shown(top_commodities)])
    return


@app.cell
def _(bars, mo, shown, top_partners):
    mo.vstack([mo.md("## Partners"), bars(top_partners, "partner"), shown(top_partners)])
    return


@app.cell
def _(ask, flow, lines, measure, mo, shown):
    # a month that is missing, or hidden, is compared with nothing
    by_month = ask(
        f"""
        WITH totals AS (
            SELECT period, month, vintage, {measure.value} AS value
            FROM trade WHERE flow = $flow AND hs_level = 0 AND partner = 'ALL'
        )
        SELECT now.period, now.vintage, now.value,
            CAST(now.value AS DOUBLE) / CAST(month_before.value AS DOUBLE) - 1 AS on_month_before,
            CAST(now.value AS DOUBLE) / CAST(year_before.value AS DOUBLE) - 1 AS on_year_before
        FROM totals AS now
        LEFT JOIN totals AS month_before ON month_before.month = now.month - INTERVAL 1 MONTH
        LEFT JOIN totals AS year_before ON year_before.month = now.month - INTERVAL 1 YEAR
        ORDER BY now.period
        """,
        flow=flow.value,
    )
    mo.vstack([mo.md("## Month on month"), lines(by_month, "value"), shown(by_month)])
    return (by_month,)


@app.cell
def _(ask, flow, measure, mo, shown):
    # a month against the mean of its year, over the years of which all twelve months are published
    seasonality = ask(
        f"""
        WITH totals AS (
            SELECT month, CAST({measure.value} AS DOUBLE) AS value,
                count(value) OVER same_year AS months, avg(value) OVER same_year AS mean
            FROM trade WHERE flow = $flow AND hs_level = 0 AND partner = 'ALL'
            WINDOW same_year AS (PARTITION BY year(month))
        )
        SELECT month(month) AS calendar_month, avg(value / mean) AS seasonal_index, count(*) AS years
        FROM totals WHERE months = 12 GROUP BY ALL ORDER BY ALL
        """,
        flow=flow.value,
    )
    mo.vstack(
        [
            mo.md("## Seasonality"),
            shown(seasonality) if seasonality.num_rows else mo.md("Asks for a year of which every month is published."),
        ]
    )
    return (seasonality,)


@app.cell
def _(ask, flow, measure, mo, shown):
    # what is hidden is somewhere between many small parts and a single one: so the index has two bounds
    concentration = ask(
        f"""
        WITH totals AS (
            SELECT period, flow, CAST({measure.value} AS DOUBLE) AS total
            FROM trade WHERE hs_level = 0 AND partner = 'ALL'
        ),
        shares AS (
            SELECT period, if(hs_level = 4, 'headings', 'partners') AS of,
                CAST({measure.value} AS DOUBLE) / total AS share
            FROM trade JOIN totals USING (period, flow)
            WHERE flow = $flow AND ((hs_level = 4 AND partner = 'ALL') OR (hs_level = 0 AND partner <> 'ALL'))
        )
        SELECT period, of, count(share) AS shown, count(*) - count(share) AS hidden,
            list_sum(max(share, 5)) AS largest_five,
            sum(share * share) AS hhi_at_least, sum(share * share) + pow(1 - sum(share), 2) AS hhi_at_most
        FROM shares GROUP BY ALL ORDER BY ALL
        """,
        flow=flow.value,
    )
    mo.vstack(
        [
            mo.md("## Concentration"),
            mo.md("Herfindahl index of shares, 1 where all is in one: a lower and an upper bound, for what is hidden."),
            shown(concentration),
        ]
    )
    return (concentration,)


@app.cell
def _(Path, as_csv, by_month, concentration, io, mo, pq, seasonality, top_commodities, top_partners):
    tables = {
        "top_commodities": top_commodities,
        "top_partners": top_partners,
        "by_month": by_month,
        "seasonality": seasonality,
        "concentration": concentration,
    }

    def as_parquet(table):
        data = io.BytesIO()
        pq.write_table(table, data)
        return data.getvalue()

    if mo.cli_args().get("export"):
        export = Path(mo.cli_args().get("export"))
        export.mkdir(parents=True, exist_ok=True)
        for _name, _table in tables.items():
            (export / f"{_name}.csv").write_bytes(as_csv(_table))
            (export / f"{_name}.parquet").write_bytes(as_parquet(_table))
    files = [
        mo.hstack(
            [
                mo.download(as_csv(table), filename=f"{name}.csv", label=f"{name}.csv"),
                mo.download(as_parquet(table), filename=f"{name}.parquet", label=f"{name}.parquet"),
            ],
            justify="start",
        )
        for name, table in tables.items()
    ]
    mo.vstack([mo.md("## Take it along"), *files])
    return (tables,)


if __name__ == "__main__":
    app.run()
