{{ item_mart() }}

select
    -- key
    ebc_code,
    cop_no,
    gnum,

    -- goods in the overseas warehouse
    form_no,
    line_no,
    cast(qty - returned_qty as decimal(19, 5)) as sent_qty,
    sold_qty,
    cast(qty - returned_qty - sold_qty as decimal(19, 5)) as unsold_qty,

    -- rebate ahead of the sale
    claim_by as settle_by,
    is_settled,
    refund_amount,

    -- runs
    changed_on
from {{ ref('touched_rebates') }}
where is_pre_refund
