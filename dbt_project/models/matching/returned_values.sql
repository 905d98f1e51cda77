{{ log() }}

-- dutiable value that a run gives back to the year of declaration; less than zero where a return is withdrawn or made smaller
select
    {{ run_date() }} as run_date,
    returning_values.declaration_key,
    returning_values.year,
    returning_values.restored_value
from {{ ref('returning_values') }} as returning_values
inner join {{ ref('decisions') }} as decisions on returning_values.declaration_key = decisions.declaration_key
where
    decisions.run_date = {{ run_date() }}
    and decisions.released_at is not null
    and returning_values.restored_value <> 0
