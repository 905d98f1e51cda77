{{ vintages() }}
{%- set missing = {
    'hs_code': 'length(hs_code) < 8', 'partner': "partner = 'ZZZ'", 'transport_mode': 'transport_mode is null',
    'customs_code': 'customs_code is null', 'unit1': 'unit1 is null', 'qty1': 'qty1 is null', 'qty2': 'qty2 is null',
    'net_weight_kg': 'net_weight_kg is null'
} %}

-- a net weight is declared for a list: where it has several items, each has an estimate of its own
with counted as (
    select
        *,
        item_count > 1 and net_weight_kg is not null as is_estimated
    from {{ ref('measured_items') }}
    where is_counted and not is_below_zero
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
                    estimated_items := {{ 'count(*) filter (where is_estimated)' if field == 'net_weight_kg' else '0' }},
                    missing_value_cny := coalesce(sum(value_cny) filter (where {{ condition }}), 0)
                ){% if not loop.last %},{% endif %}
            {%- endfor %}
        ], recursive := true)
    from counted
    group by flow
)

select
    -- the vintage
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,

    -- what is asked of an item
    flow,
    field,

    -- how many do not say it
    cast(items as integer) as items,
    cast(missing_items as integer) as missing_items,
    cast(estimated_items as integer) as estimated_items,
    try_cast(missing_value_cny as decimal(19, 5)) as missing_value_cny,
    {{ share_in('missing_items', 'items') }} as missing_share,
    {{ share_in('missing_value_cny', 'value_cny') }} as missing_value_share
from counts
