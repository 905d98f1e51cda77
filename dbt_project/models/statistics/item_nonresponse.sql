{{ vintages() }}
{%- set missing = {
    'hs_code': 'length(hs_code) < 8', 'partner': "partner = 'ZZZ'", 'transport_mode': 'transport_mode is null',
    'customs_code': 'customs_code is null', 'unit1': 'unit1 is null', 'qty1': 'qty1 is null', 'qty2': 'qty2 is null',
    'net_weight_kg': 'net_weight_kg is null'
} %}

-- a net weight is declared for a list: an item that is alone in it has it, others have an estimate each
with alone as (
    select flow from {{ ref('trade_lists') }}
    where is_counted and item_count = 1 and net_weight_kg is not null and not bears_below_zero
    union all
    select flow from {{ ref('measured_items') }}
    where bears_below_zero and is_counted and item_count = 1 and net_weight_kg is not null and not is_below_zero
),

weighed as (
    select
        flow,
        count(*) as items
    from alone
    group by flow
),

counts as (
    select
        flow,
        count(*) as items,
        sum(value_cny) as value_cny,
        unnest([
            {%- for field, condition in missing.items() %}
                struct_pack(
                    field := '{{ field }}',
                    missing_items := count(*) filter (where {{ condition }}),
                    missing_value_cny := coalesce(sum(value_cny) filter (where {{ condition }}), 0)
                ){% if not loop.last %},{% endif %}
            {%- endfor %}
        ], recursive := true)
    from {{ ref('trade_items') }}
    where {{ of_vintage() }}
    group by flow
)

select
    -- the vintage
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,

    -- what is asked of an item
    counts.flow,
    counts.field,

    -- how many do not say it
    cast(counts.items as integer) as items,
    cast(counts.missing_items as integer) as missing_items,
    cast(
        case when counts.field = 'net_weight_kg' then counts.items - counts.missing_items - coalesce(weighed.items, 0) else 0 end as integer
    ) as estimated_items,
    try_cast(counts.missing_value_cny as decimal(19, 5)) as missing_value_cny,
    {{ share_in('counts.missing_items', 'counts.items') }} as missing_share,
    {{ share_in('counts.missing_value_cny', 'counts.value_cny') }} as missing_value_share
from counts
left join weighed on counts.flow = weighed.flow
