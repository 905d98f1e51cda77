{{ log() }}

-- the items of an export list from the run on that saw it close, and again whenever the list is closed anew or a return reaches it
with closed as (
    select *
    from {{ ref('decisions') }}
    where run_date = {{ run_date() }} and flow = 'E' and closed_at is not null and status in ('closed', 'returned')
),

returned as (
    select
        lines.declaration_key,
        lines.gnum,
        lines.returned_qty
    from {{ ref('returned_lines') }} as lines
    semi join closed on lines.declaration_key = closed.declaration_key
    where lines.run_date <= {{ run_date() }}
    qualify lines.run_date = max(lines.run_date) over (partition by lines.declaration_key)
)

select
    {{ run_date() }} as run_date,

    -- key
    closed.declaration_key,
    closed.ebc_code,
    closed.cop_no,
    items.gnum,

    -- list
    closed.closed_at,
    closed.failed_rules,
    declarations.statistics_flag,
    declarations.supervision_mode,
    declarations.customs_code,

    -- goods
    items.hs_code,
    items.goods_name,
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
    {{ in_cny('items.total_price', 'items.currency', 'rates.cny_per_unit') }} as value_cny
from closed
inner join {{ ref('stg_declarations') }} as declarations on closed.record_id = declarations.record_id
inner join {{ ref('stg_declaration_items') }} as items on closed.record_id = items.record_id
left join returned on closed.declaration_key = returned.declaration_key and items.gnum = returned.gnum
left join {{ ref('monthly_rates') }} as rates
    on strftime(closed.declared_date, '%Y-%m') = rates.month and items.currency = rates.currency
