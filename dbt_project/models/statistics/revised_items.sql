{%- set cell = cell_columns() | join(', ') %}
{%- set item = 'ebc_code, cop_no, gnum' %}
{%- set declared = 'counted_at, currency, total_price, qty1, unit2, qty2, net_weight_kg' %}
{%- set values = 'total_price_cny, value_cny, value_usd' %}
{%- set returned = 'returned_at, returned_qty1, returned_net_weight_kg, returned_value_cny, returned_value_usd' %}
{%- set kinds = {
    'items': (ref('trade_items'), [item, cell, declared, values] | join(', ')),
    'returns': (ref('trade_returns'), [item, 'guid', cell, returned] | join(', '))
} %}

-- Items, and returns of them, that are not counted as the vintage before did: as they were (side -1) and as they are (side 1),
-- with the cause. A first vintage revises nothing.
with
{%- for kind, (table, columns) in kinds.items() %}
    {{ kind }}_before as (
        select {{ columns }}
        from {{ table }}
        where {{ of_vintage(1) }}
    ),

    {{ kind }}_now as (
        select {{ columns }}
        from {{ table }}
        where {{ of_vintage() }} and vintage_no > 1
    ),

    gone_{{ kind }} as (
        select * from {{ kind }}_before
        except
        select * from {{ kind }}_now
    ),

    new_{{ kind }} as (
        select * from {{ kind }}_now
        except
        select * from {{ kind }}_before
    ),

    changed_{{ kind }} as (
        select
            *,
            -1 as side
        from gone_{{ kind }}
        union all
        select
            *,
            1 as side
        from new_{{ kind }}
    ),
{% endfor %}
known as (
    select
        changed.*,
        facts.status
    from changed_items as changed
    left join {{ ref('clearance_facts') }} as facts on changed.ebc_code = facts.ebc_code and changed.cop_no = facts.cop_no
),

item_causes as (
    select
        ebc_code,
        cop_no,
        gnum,
        case
            -- an import is worth more at the same price where its freight or insurance is another
            when
                count(*) = 2
                and count(distinct row({{ cell }}, {{ declared }})) = 1
                and (count(distinct total_price_cny) = 2 or count(distinct value_cny) = 1) then 'rate'
            when count(*) = 2 then 'corrected'
            when min(side) = 1 then 'late'
            when coalesce(any_value(status), 'cancelled') = 'cancelled' then 'cancelled'
            else 'corrected'
        end as cause,
        count(*) = 2 as is_there_still
    from known
    group by ebc_code, cop_no, gnum
),

revised_items as (
    select
        changed.*,
        1 as items,
        causes.cause
    from changed_items as changed
    inner join item_causes as causes
        on changed.ebc_code = causes.ebc_code and changed.cop_no = causes.cop_no and changed.gnum = causes.gnum
    union all by name
    -- what came back is counted otherwise because its item is, or because more or less has come back
    select
        changed.*,
        1 as returns,
        coalesce(causes.cause, 'returned') as cause
    from changed_returns as changed
    left join item_causes as causes
        on
            causes.is_there_still
            and changed.ebc_code = causes.ebc_code
            and changed.cop_no = causes.cop_no
            and changed.gnum = causes.gnum
)

select * from revised_items
