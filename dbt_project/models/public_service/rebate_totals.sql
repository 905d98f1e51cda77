{{ period_mart() }}

select
    -- key
    lines.taxpayer_id,
    lines.period,

    -- the lines of the month
    cast(count(*) as integer) as items,
    cast(count(*) filter (where lines.state not in ('open', 'withdrawn')) as integer) as granted_items,
    cast(sum(lines.base_amount) filter (where lines.state not in ('open', 'withdrawn')) as decimal(19, 5)) as base_amount,
    cast(sum(lines.refund_amount) as decimal(19, 5)) as refund_amount,

    -- runs
    max(lines.changed_on) as changed_on
from {{ ref('rebate_eligibility') }} as lines
semi join {{ ref('touched_periods') }} as touched on lines.taxpayer_id = touched.taxpayer_id and lines.period = touched.period
group by lines.taxpayer_id, lines.period
