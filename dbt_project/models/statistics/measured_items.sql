{{ config(materialized="view") }}

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

-- items weigh by the kilograms that all of them state, else by value, else alike: of the list, of the item, and up to it
summed as (
    select
        *,
        greatest(coalesce(value_cny, 0), 0) as worth,
        row_number() over so_far as nth,
        count(*) over list as items,
        count(*) filter (where stated_kg > 0) over list as items_stated,
        sum(stated_kg) over list as kg_of_list,
        sum(stated_kg) over so_far as kg_so_far,
        sum(greatest(coalesce(value_cny, 0), 0)) over list as worth_of_list,
        sum(greatest(coalesce(value_cny, 0), 0)) over so_far as worth_so_far
    from items
    -- DuckDB sorts once for both, and lets pass a filter by what all windows are parted by
    window
        list as (
            partition by list_no, came_back, bears_below_zero order by gnum rows between unbounded preceding and unbounded following
        ),
        so_far as (
            partition by list_no, came_back, bears_below_zero order by gnum rows between unbounded preceding and current row
        )
),

weighed as (
    select
        * exclude (worth, items_stated, kg_of_list, kg_so_far, worth_of_list, worth_so_far),
        try_cast(
            case
                when items_stated = items then kg_of_list
                when worth_of_list > 0 then worth_of_list
                else items
            end as decimal(19, 5)
        ) as weight,
        try_cast(
            case
                when items_stated = items then kg_so_far
                when worth_of_list > 0 then worth_so_far
                else nth
            end as decimal(19, 5)
        ) as weight_so_far,
        try_cast(
            case
                when items_stated = items then kg_so_far - stated_kg
                when worth_of_list > 0 then worth_so_far - worth
                else nth - 1
            end as decimal(19, 5)
        ) as weight_before
    from summed
),

-- to the gram, by differences of running totals: nothing is left over, and no share is below zero
shared as (
    select
        * exclude (stated_kg, nth, items, weight, weight_so_far, weight_before) replace (
            case
                when item_count = 1 then net_weight_kg
                else cast(
                    case
                        when nth = items then net_weight_kg
                        else {{ to_the_gram(portion('net_weight_kg', 'weight_so_far', 'weight')) }}
                    end
                    - case
                        when nth = 1 then 0
                        else {{ to_the_gram(portion('net_weight_kg', 'weight_before', 'weight')) }}
                    end as decimal(19, 5)
                )
            end as net_weight_kg
        )
    from weighed
)

select
    *,
    -- numbers below zero pass the message standard, and count nothing
    coalesce(least(value_cny, qty1, net_weight_kg) < 0, false) as is_below_zero
from shared
