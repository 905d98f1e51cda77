{{ log() }}

-- The months whose forms the run sees for the first time, or otherwise than the runs before it: consolidated anew, or stopped at the gate.
with passed as (
    select
        month,
        ended_at
    from ({{ passed_months() }}) as months
    where month < {{ month() }}
),

seen as (
    select *
    from ({{ earlier('public_service', 'seen_months', {'run_date': 'date', 'month': 'varchar', 'ended_at': 'timestamp'}) }}) as months
    qualify row_number() over (partition by month order by run_date desc) = 1
)

select
    {{ run_date() }} as run_date,
    coalesce(passed.month, seen.month) as month,
    passed.ended_at
from passed
full outer join seen on passed.month = seen.month
where passed.ended_at is distinct from seen.ended_at
