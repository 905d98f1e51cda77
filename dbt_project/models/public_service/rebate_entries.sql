{{ log() }}

-- What the run enters for an item: its refund now, less what was entered before; of an item whose claim moved to another month or
-- taxpayer, what is taken from the one and given to the other. Nothing entered is ever changed.
with judged as (
    select
        *,
        refund_before <> 0
        and (taxpayer_id is distinct from taxpayer_before or period is distinct from period_before) as has_moved,
        case
            when refund_before = 0 then 'granted'
            when refund_amount < refund_before and returned_qty > returned_before then 'returned'
            when state = 'settled' and state_before = 'pre_refunded' then 'settled'
            when refund_amount = 0 then 'withdrawn'
            else 'corrected'
        end as cause
    from {{ ref('rebate_verdicts') }}
    where run_date = {{ run_date() }}
),

entries as (
    select
        *,
        taxpayer_before as entered_for,
        period_before as entered_in,
        -refund_before as amount
    from judged
    where has_moved
    union all
    select
        *,
        taxpayer_id as entered_for,
        period as entered_in,
        case when has_moved then refund_amount else refund_amount - refund_before end as amount
    from judged
)

select
    run_date,
    ebc_code,
    cop_no,
    gnum,
    entered_for as taxpayer_id,
    entered_in as period,
    cause,
    cast(amount as decimal(19, 5)) as amount
from entries
where amount <> 0
