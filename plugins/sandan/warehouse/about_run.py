"""What the rows of a day and of a month say alike of the run that wrote them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: later run dates, which stand on what was replaced; one that stopped has no row in audit.runs, and stands on it too
LATER_DAYS = """
select coalesce(list(strftime(run_date, '%Y-%m-%d') order by run_date), [])
from (select run_date from audit.runs union select run_date from main.runs_begun)
where run_date > $run_date
"""
#: who answered for the warnings of each gate, in all attempts
APPROVALS = """
struct(gate varchar, warnings varchar[], decision varchar, who varchar, "at" timestamp, why varchar)[]
"""
COLUMNS = f"""
    $run_id as run_id,
    cast($started_at as timestamp) as started_at,
    cast($ended_at as timestamp) as ended_at,
    not exists (from raw.exchange_rates) as rates_simulated,
    map_from_entries(cast($stage_seconds as struct(k varchar, v decimal(19, 5))[])) as stage_seconds,
    cast(cast($approvals as json) as {APPROVALS}) as approvals
"""


def values(
    run_id: str,
    started_at: datetime,
    ended_at: datetime,
    stage_seconds: dict[str, float],
    approvals: Sequence[dict[str, object]],
) -> dict[str, object]:
    """The parameters of `COLUMNS`."""
    return {
        "run_id": run_id,
        "started_at": started_at,
        "ended_at": ended_at,
        "stage_seconds": [{"k": stage, "v": seconds} for stage, seconds in stage_seconds.items()],
        "approvals": json.dumps(list(approvals), ensure_ascii=False),
    }
