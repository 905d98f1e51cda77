{{ log() }}

-- What the run enters for an item: its refund now, less what was entered before. Nothing entered is ever changed.
select
    run_date,
    ebc_code,
    cop_no,
    gnum,
    coalesce(taxpayer_id, taxpayer_before) as taxpayer_id,
    coalesce(period, period_before) as period,
    case
        when refund_before = 0 then 'granted'
        when refund_amount < refund_before and returned_qty > returned_before then 'returned'
        when state = 'settled' and state_before = 'pre_refunded' then 'settled'
        when refund_amount = 0 then 'withdrawn'
        else 'corrected'
    end as cause,
    cast(refund_amount - refund_before as decimal(19, 5)) as amount
from {{ ref('rebate_verdicts') }}
where run_date = {{ run_date() }} and refund_amount <> refund_before
