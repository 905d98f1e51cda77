{{ declaration_mart() }}

with returned as (
    select
        touched.declaration_key,
        lines.gnum,
        lines.returned_qty
    from {{ ref('touched_declarations') }} as touched
    inner join {{ ref('returned_lines') }} as lines
        on touched.declaration_key = lines.declaration_key and touched.run_date >= lines.run_date
    qualify row_number() over (partition by touched.declaration_key, lines.gnum order by lines.run_date desc) = 1
)

select
    -- key
    items.ebc_code,
    items.cop_no,
    items.gnum,

    -- goods
    items.item_no,
    items.hs_code,
    items.goods_name,
    items.country,

    -- quantities
    items.qty,
    items.unit,
    items.qty1,
    items.unit1,
    items.qty2,
    items.unit2,
    coalesce(returned.returned_qty, cast(0 as decimal(19, 5))) as returned_qty,

    -- money
    items.currency,
    items.price,
    items.total_price,
    items.value_cny,
    items.value_usd,

    -- runs
    items.changed_on
from {{ ref('valued_items') }} as items
left join returned on items.declaration_key = returned.declaration_key and items.gnum = returned.gnum
