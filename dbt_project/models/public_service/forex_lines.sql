{{ log() }}

-- What each line of a receipt of foreign exchange brings to the list or form that it names: no more than the receipt and the fees
-- netted from it have left. One model for the rebate and for the departments: `current_papers('forex', 'forex_lines', …)`.
select
    receipts.run_date,
    receipts.record_id,

    -- receipt
    receipts.forex_key,
    receipts.bank_ref,
    receipts.ebc_code,
    receipts.kind,
    receipts.kind = 'R' or receipts.deemed_reason is not null as counts,
    receipts.received_on,
    receipts.currency,

    -- line
    items.gnum as forex_line,
    items.form_no,
    items.cop_no,
    cast(
        least(receipts.amount + coalesce(receipts.netted_fees, 0), sum(items.amount) over so_far)
        - least(receipts.amount + coalesce(receipts.netted_fees, 0), sum(items.amount) over so_far - items.amount)
        as decimal(19, 5)
    ) as amount,

    -- where it came from
    receipts.source_id,
    receipts.path,
    receipts.position
from {{ ref('stg_forex') }} as receipts
inner join {{ ref('stg_forex_items') }} as items on receipts.record_id = items.record_id
where receipts.run_date = {{ run_date() }}
window so_far as (partition by receipts.record_id order by items.gnum rows between unbounded preceding and current row)
