"""The charts of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.page.charts import AMBER, BLUE, GREEN, GREY, RED, WIDTH, colour, lines, shares, svg

if TYPE_CHECKING:
    from markupsafe import Markup

    from sandan.page.charts import Rows

AGES = {"0–30": "#8fb8de", "31–90": BLUE, "91–180": AMBER, "> 180": RED}
STATES = {"complete": GREEN, "incomplete": AMBER}
WHO = {"own": BLUE, "peers": GREY}


def refund_by_week(rows: Rows) -> Markup:
    """Bars of `cny` over `week` (a label), in parts by `state` (complete, incomplete)."""
    import altair as alt

    return svg(
        alt.Chart(alt.Data(values=rows), width=WIDTH + 70, height=120)
        .mark_bar()
        .encode(
            x=alt.X("week:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("cny:Q", title=None, axis=alt.Axis(format="~s", tickCount=3)),
            color=colour("state", STATES),
        )
    )


def open_by_age(rows: Rows) -> Markup:
    """One bar a `currency`, in parts by `age` (in days) as shares of what is open: `share`."""
    return shares(rows, "currency", "age", AGES)


def trend(rows: Rows) -> Markup:
    """Lines of `share` over `week` (a label), one for `who`: own, peers."""
    return lines(rows, ("week", "share"), "who", WHO)
