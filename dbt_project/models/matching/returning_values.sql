-- The declarations that a return names today, each as a whole: whether all of it has come back, and what that gives back.
with restored_before as (
    {{ earlier('matching', 'returned_values', {'run_date': 'date', 'declaration_key': 'varchar', 'restored_value': 'decimal(19, 5)'}) }}
),

lines as (
    select
        declaration_key,
        flow,
        declared_date,
        is_released_before,
        gnum,
        declared_qty,
        sum(returned_qty) as returned_qty,
        sum(restored_value) as restored_value
    from {{ ref('returning_parts') }}
    group by all
),

before as (
    select
        declaration_key,
        sum(restored_value) as restored_value
    from restored_before
    group by declaration_key
)

select
    lines.declaration_key,
    lines.flow,
    lines.is_released_before,
    year(lines.declared_date) as year,
    bool_and(lines.returned_qty = lines.declared_qty) and sum(lines.returned_qty) > 0 as is_whole,
    cast(sum(lines.restored_value) - coalesce(any_value(before.restored_value), 0) as decimal(19, 5)) as restored_value
from lines
left join before on lines.declaration_key = before.declaration_key
group by lines.declaration_key, lines.flow, lines.is_released_before, lines.declared_date
