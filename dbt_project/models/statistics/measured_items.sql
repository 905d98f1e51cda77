-- The items of lists that the month counts, or that something came back of: each at its statistical value and with its share of
-- the list's net weight.
with items as (
    select
        lists.*,
        items.gnum,
        left(items.hs_code, case when lists.is_simplified then 4 else 8 end) as hs_code,
        -- no source that is held to the specification leaves it out
        coalesce(items.country, 'ZZZ') as partner,
        items.qty,
        items.qty1,
        items.unit1,
        items.qty2,
        items.unit2,
        items.currency,
        items.total_price,
        -- all at the rates that one run knew: of an import, the one that decided it
        case lists.flow when 'I' then taxes.value_cny else items.value_cny end as total_price_cny,
        -- export: FOB, the price of the goods; import: CIF, as it is dutiable, the price with its share of freight and insurance
        case lists.flow when 'I' then taxes.dutiable_value else items.value_cny end as value_cny,
        case lists.flow when 'I' then taxes.dutiable_value_usd else items.value_usd end as value_usd,
        coalesce({{ kilograms('items.qty1', 'items.unit1') }}, {{ kilograms('items.qty2', 'items.unit2') }}) as stated_kg
    from {{ ref('trade_lists') }} as lists
    -- one run writes all rows of a declaration: its date keeps the reading to the month
    inner join {{ ref('clearance_items') }} as items
        on lists.changed_on = items.changed_on and lists.ebc_code = items.ebc_code and lists.cop_no = items.cop_no
    left join {{ ref('import_taxes') }} as taxes
        on
            items.changed_on = taxes.changed_on
            and items.ebc_code = taxes.ebc_code
            and items.cop_no = taxes.cop_no
            and items.gnum = taxes.gnum
    where lists.is_counted or lists.is_returning
),

-- items weigh by the kilograms that all of them state, else by value, else alike
weighing as (
    select
        list_no,
        gnum,
        net_weight_kg,
        case
            when count(*) filter (where stated_kg > 0) over list = count(*) over list then stated_kg
            when sum(greatest(value_cny, 0)) over list > 0 then greatest(coalesce(value_cny, 0), 0)
            else cast(1 as decimal(19, 5))
        end as weight
    from items
    where item_count > 1
    window list as (partition by list_no)
),

weighed as (
    select
        list_no,
        gnum,
        net_weight_kg,
        gnum = max(gnum) over list as is_last,
        try_cast(sum(weight) over list as decimal(19, 5)) as weight,
        try_cast(sum(weight) over so_far as decimal(19, 5)) as weight_so_far
    from weighing
    window
        list as (partition by list_no),
        so_far as (partition by list_no order by gnum rows between unbounded preceding and current row)
),

-- to the gram, by differences of running totals: nothing is left over, and no share is below zero
shares as (
    select
        list_no,
        gnum,
        cast(kg_so_far - lag(kg_so_far, 1, cast(0 as decimal(19, 5))) over so_far as decimal(19, 5)) as net_weight_kg
    from (
        select
            *,
            case
                when is_last then net_weight_kg
                else cast(round({{ portion('net_weight_kg', 'weight_so_far', 'weight') }}, 3) as decimal(19, 5))
            end as kg_so_far
        from weighed
    )
    window so_far as (partition by list_no order by gnum)
)

select
    items.* exclude (net_weight_kg, stated_kg),
    case items.item_count when 1 then items.net_weight_kg else shares.net_weight_kg end as net_weight_kg,
    -- numbers below zero pass the message standard, and count nothing
    coalesce(least(items.value_cny, items.qty1, items.net_weight_kg) < 0, false) as is_below_zero
from items
left join shares on items.list_no = shares.list_no and items.gnum = shares.gnum
