{{ declaration_mart() }}

select
    -- key
    ebc_code,
    cop_no,
    gnum,

    -- goods
    item_no,
    hs_code,
    goods_name,
    country,

    -- quantities
    qty,
    unit,
    qty1,
    unit1,
    qty2,
    unit2,
    cast(0 as decimal(19, 5)) as returned_qty,

    -- money
    currency,
    price,
    total_price,
    value_cny,
    value_usd,

    -- runs
    changed_on
from {{ ref('valued_items') }}
