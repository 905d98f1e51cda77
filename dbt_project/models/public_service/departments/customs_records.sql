-- what customs holds of the concerned declarations: the list as declared, what came back of it, and how far it is
with concerned as (
    select declaration_key
    from {{ ref('concerned_declarations') }}
    where is_concerned
),

decided as (
    select decisions.*
    from {{ ref('decisions') }} as decisions
    semi join concerned on decisions.declaration_key = concerned.declaration_key
    where decisions.run_date <= {{ run_date() }}
    qualify row_number() over (partition by decisions.declaration_key order by decisions.run_date desc) = 1
),

returned as (
    select
        lines.run_date,
        lines.declaration_key,
        lines.gnum,
        lines.returned_qty
    from {{ ref('returned_lines') }} as lines
    semi join concerned on lines.declaration_key = concerned.declaration_key
    where lines.run_date <= {{ run_date() }}
    qualify lines.run_date = max(lines.run_date) over (partition by lines.declaration_key)
),

-- of several currencies there is no sum, nor of several units
items as (
    select
        decided.declaration_key,
        case when min(items.currency) = max(items.currency) then min(items.currency) end as currency,
        case when min(items.currency) = max(items.currency) then sum(items.total_price) end as amount,
        case
            when min(items.currency) = max(items.currency)
                then sum(case
                    when returned.returned_qty > 0 then {{ part_of('items.total_price', 'returned.returned_qty', 'items.qty') }}
                    else 0
                end)
        end as returned_amount,
        case when min(items.unit) = max(items.unit) then min(items.unit) end as unit,
        case when min(items.unit) = max(items.unit) then sum(items.qty) end as quantity,
        case when min(items.unit) = max(items.unit) then sum(coalesce(returned.returned_qty, 0)) end as returned_quantity,
        max(returned.run_date) as returned_on
    from decided
    inner join {{ ref('stg_declaration_items') }} as items on decided.record_id = items.record_id
    left join returned on decided.declaration_key = returned.declaration_key and items.gnum = returned.gnum
    group by decided.declaration_key
),

numbers as (
    select
        declaration_key,
        life_record_id,
        invt_no
    from {{ ref('declaration_numbers') }}
    where run_date <= {{ run_date() }}
)

select
    -- key
    decided.declaration_key,
    decided.ebc_code,
    decided.cop_no,

    -- what is declared, and where
    decided.flow,
    declarations.supervision_mode,
    declarations.statistics_flag,
    declarations.customs_code,
    declarations.ebp_code,
    declarations.order_no,
    numbers.invt_no,

    -- what customs holds
    try_cast(items.amount as decimal(19, 5)) as amount,
    try_cast(items.returned_amount as decimal(19, 5)) as returned_amount,
    items.currency,
    try_cast(items.quantity as decimal(19, 5)) as quantity,
    try_cast(items.returned_quantity as decimal(19, 5)) as returned_quantity,
    items.unit,
    declarations.gross_weight_kg as weight,
    decided.ebc_code as party,
    cast(decided.closed_at as date) as date,
    decided.status as state,
    greatest(decided.run_date, items.returned_on) as as_of
from decided
inner join {{ ref('stg_declarations') }} as declarations on decided.record_id = declarations.record_id
inner join items on decided.declaration_key = items.declaration_key
left join numbers on decided.declaration_key = numbers.declaration_key and decided.life_record_id = numbers.life_record_id
