"""The charts of a report as SVG that stands in the page: nothing to load, nothing to run, texts escaped."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    import altair as alt

Rows = list[dict[str, Any]]

#: pixels of a chart at its natural size, narrow enough for a telephone
WIDTH = 330
GREEN, AMBER, RED, BLUE, GREY = "#2c7a51", "#d08a1d", "#b3261e", "#1d5a9e", "#9aa5b1"
AGES = {"0–30": "#8fb8de", "31–90": BLUE, "91–180": AMBER, "> 180": RED}
STATES = {"complete": GREEN, "incomplete": AMBER}
WHO = {"own": BLUE, "peers": GREY}


def refund_by_week(rows: Rows) -> Markup:
    """Bars of `cny` over `week` (a label), in parts by `state` (complete, incomplete)."""
    import altair as alt

    return _svg(
        alt.Chart(alt.Data(values=rows), width=WIDTH + 70, height=120)
        .mark_bar()
        .encode(
            x=alt.X("week:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("cny:Q", title=None, axis=alt.Axis(format="~s", tickCount=3)),
            color=_colour("state", STATES),
        )
    )


def open_by_age(rows: Rows) -> Markup:
    """One bar a `currency`, in parts by `age` (in days) as shares of what is open: `share`."""
    import altair as alt

    return _svg(
        alt.Chart(alt.Data(values=rows), width=WIDTH - 40, height=alt.Step(26))
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title=None, axis=alt.Axis(format="%", tickCount=4), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("currency:N", title=None, sort=None),
            color=_colour("age", AGES),
            order=alt.Order("rank:Q"),
        )
    )


def bars(rows: Rows, height: int = 22) -> Markup:
    """One horizontal bar of length `value` a `label`, with `text` behind it."""
    import altair as alt

    longest = max((row["value"] for row in rows), default=0)
    base = alt.Chart(alt.Data(values=rows), width=WIDTH - 130, height=alt.Step(height)).encode(
        x=alt.X(
            "value:Q", title=None, axis=None, scale=alt.Scale(domain=[0, longest if longest > 0 else 1], clamp=True)
        ),
        y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=110)),
    )
    return _svg(base.mark_bar(color=BLUE, height=12) + base.mark_text(align="left", dx=4).encode(text="text:N"))


def trend(rows: Rows) -> Markup:
    """Lines of `share` over `week` (a label), one for `who`: own, peers."""
    import altair as alt

    return _svg(
        alt.Chart(alt.Data(values=rows), width=WIDTH - 40, height=90)
        .mark_line(point=alt.OverlayMarkDef(size=18))
        .encode(
            x=alt.X("week:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("share:Q", title=None, axis=alt.Axis(format="%", tickCount=3), scale=alt.Scale(zero=False)),
            color=_colour("who", WHO),
        )
    )


def _colour(field: str, colours: dict[str, str]) -> alt.Color:
    import altair as alt

    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{field}:N", legend=None, scale=scale)


def _svg(chart: alt.Chart | alt.LayerChart) -> Markup:
    text = io.StringIO()
    (
        chart.configure(aria=False, background="transparent", font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(domainColor="#c5ccd3", tickColor="#c5ccd3", gridColor="#eaedf0", labelColor="#3b4651")
        .save(text, format="svg")
    )
    return Markup(text.getvalue())  # noqa: S704 - made by Vega, which escapes what the data say
