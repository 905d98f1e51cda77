"""Drawings of a page as SVG that stands in it: nothing to load, nothing to run, texts escaped."""

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
    return svg(base.mark_bar(color=BLUE, height=12) + base.mark_text(align="left", dx=4).encode(text="text:N"))


def shares(rows: Rows, whole: str, part: str, colours: dict[str, str]) -> Markup:
    """One bar a `whole`, in parts by `part` as shares of 1: `share`, in the order of `rank`."""
    import altair as alt

    return svg(
        alt.Chart(alt.Data(values=rows), width=WIDTH - 40, height=alt.Step(26))
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title=None, axis=alt.Axis(format="%", tickCount=4), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y(f"{whole}:N", title=None, sort=None),
            color=colour(part, colours),
            order=alt.Order("rank:Q"),
        )
    )


def lines(rows: Rows, axes: tuple[str, str], who: str, colours: dict[str, str], shown: str = "%") -> Markup:
    """Lines over the first of `axes` (a label) of the second, written as `shown`; one for each `who`."""
    import altair as alt

    x, y = axes
    return svg(
        alt.Chart(alt.Data(values=rows), width=WIDTH - 40, height=90)
        .mark_line(point=alt.OverlayMarkDef(size=18))
        .encode(
            x=alt.X(f"{x}:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y(f"{y}:Q", title=None, axis=alt.Axis(format=shown, tickCount=3), scale=alt.Scale(zero=False)),
            color=colour(who, colours),
        )
    )


def ranges(rows: Rows) -> Markup:
    """One line a `label`: its `place` against a band from 0 to 1, with `text`; in red where it is not `usual`.

    What lies far off stands at the edge.
    """
    import altair as alt

    shown = [row | {"place": min(max(row["place"], -0.5), 1.5), "low": 0, "high": 1} for row in rows]
    base = alt.Chart(alt.Data(values=shown), width=WIDTH - 130, height=alt.Step(18)).encode(
        y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=120))
    )
    scale = alt.Scale(domain=[-0.5, 2.6])
    place = alt.X("low:Q", title=None, axis=None, scale=scale)
    band = base.mark_bar(color="#dfe4e9", height=10).encode(x=place, x2="high:Q")
    point = base.mark_point(filled=True, size=45, opacity=1).encode(
        x=alt.X("place:Q", scale=scale),
        color=alt.Color("usual:N", legend=None, scale=alt.Scale(domain=[True, False], range=[GREEN, RED])),
    )
    return svg(band + point + base.mark_text(align="left").encode(x=alt.datum(1.6), text="text:N"))


def colour(field: str, colours: dict[str, str]) -> alt.Color:
    """The colour of what `field` names, without a legend: the caption has one."""
    import altair as alt

    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{field}:N", legend=None, scale=scale)


def svg(chart: alt.Chart | alt.LayerChart) -> Markup:
    """The drawing in the manner of all pages."""
    text = io.StringIO()
    (
        chart.configure(aria=False, background="transparent", font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(domainColor="#c5ccd3", tickColor="#c5ccd3", gridColor="#eaedf0", labelColor="#3b4651")
        .save(text, format="svg")
    )
    return Markup(text.getvalue())  # noqa: S704 - made by Vega, which escapes what the data say
