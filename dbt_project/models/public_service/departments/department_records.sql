{{ log() }}

-- what each department held of a declaration as the run left it; `next_due`: when an absence is a mismatch
with due as (
    select
        declaration_key,
        min(due_on) as next_due
    from {{ ref('compared_values') }}
    where due_on >= {{ run_date() }}
    group by declaration_key
)

select
    {{ run_date() }} as run_date,
    sides.* exclude (declaration_key),
    due.next_due
from {{ ref('department_sides') }} as sides
left join due on sides.declaration_key = due.declaration_key
