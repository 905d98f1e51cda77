{{ vintages() }}
{%- set cell = cell_columns() | join(', ') %}
{%- set measures = ['items', 'net_weight_kg', 'value_cny', 'value_usd'] %}

-- a first vintage revises nothing
with pairs as (
    select
        {{ cell }},
        {%- for measure in measures %}
            coalesce(sum({{ measure }}) filter (where {{ of_vintage(1) }}), 0) as {{ measure }}_before,
            coalesce(sum({{ measure }}) filter (where {{ of_vintage() }}), 0) as {{ measure }}_after{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('trade_cells') }}
    where ({{ of_vintage() }} and vintage_no > 1) or {{ of_vintage(1) }}
    group by {{ cell }}
),

measured as (
    select
        flow,
        unnest([
            {%- for measure in measures %}
                struct_pack(
                    measure := '{{ measure }}',
                    before := {{ measure }}_before,
                    after := {{ measure }}_after
                ){% if not loop.last %},{% endif %}
            {%- endfor %}
        ], recursive := true)
    from pairs
),

sizes as (
    select
        flow,
        measure,
        sum(before) as before,
        sum(after) as after,
        sum(abs(after - before)) as absolute_change,
        count(*) as cells,
        count(*) filter (where after <> before) as revised_cells
    from measured
    group by flow, measure
),

late as (
    select
        flow,
        measure,
        sum(change) as change
    from {{ ref('trade_revisions') }}
    where {{ of_vintage() }} and cause = 'late'
    group by flow, measure
)

select
    -- the vintage, and the one that it revises
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,
    {{ var('vintage_no') }} - 1 as from_vintage_no,

    -- what is revised
    sizes.flow,
    sizes.measure,

    -- by how much
    try_cast(sizes.before as decimal(19, 5)) as before,
    try_cast(sizes.after as decimal(19, 5)) as after,
    try_cast(sizes.absolute_change as decimal(19, 5)) as absolute_change,
    try_cast(coalesce(late.change, 0) as decimal(19, 5)) as late_change,
    cast(sizes.cells as integer) as cells,
    cast(sizes.revised_cells as integer) as revised_cells,
    {{ share_in('sizes.after - sizes.before', 'sizes.before') }} as change_share,
    {{ share_in('sizes.absolute_change', 'sizes.before') }} as absolute_change_share,
    {{ share_in('coalesce(late.change, 0)', 'sizes.after') }} as late_share
from sizes
left join late on sizes.flow = late.flow and sizes.measure = late.measure
