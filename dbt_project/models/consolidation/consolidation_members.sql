{{ monthly() }}

select
    -- key: an item of a list
    month,
    ebc_code,
    cop_no,
    gnum,

    -- where it stands
    form_no,
    line_no,

    -- what of it stands there
    qty,
    unit,
    qty1,
    unit1,
    qty2,
    unit2,
    returned_qty,
    currency,
    total_price,
    value_cny
from {{ ref('numbered_items') }}
