{{ vintages() }}
{%- set cell = cell_columns() | join(', ') %}

with changes as (
    select
        {{ cell }},
        cause,
        count(distinct row(ebc_code, cop_no, gnum)) as revised_items,
        {%- for measure in cell_measures() %}
            cast(coalesce(sum(side * {{ measure }}), 0) as decimal(19, 5)) as {{ measure }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('revised_items') }}
    group by {{ cell }}, cause
),

before as (
    select * from {{ ref('trade_cells') }}
    where {{ of_vintage(1) }}
),

now as (
    select * from {{ ref('trade_cells') }}
    where {{ of_vintage() }}
),

trade_revisions as (
    select
        {{ cell_of('changes') }},
        changes.cause,
        changes.revised_items,
        unnest([
            {%- for measure in cell_measures() %}
                struct_pack(
                    measure := '{{ measure }}',
                    before := case when before.period is null then 0 else cast(before.{{ measure }} as decimal(19, 5)) end,
                    after := case when now.period is null then 0 else cast(now.{{ measure }} as decimal(19, 5)) end,
                    change := changes.{{ measure }}
                ){% if not loop.last %},{% endif %}
            {%- endfor %}
        ], recursive := true)
    from changes
    left join before on {{ same_cell('changes', 'before') }}
    left join now on {{ same_cell('changes', 'now') }}
)

select
    -- the vintage, and the one that it revises
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,
    {{ var('vintage_no') }} - 1 as from_vintage_no,

    -- cell
    {{ cell }},

    -- what changed, why, by how much
    measure,
    cause,
    before,
    after,
    change,
    cast(revised_items as integer) as revised_items
from trade_revisions
where change <> 0
