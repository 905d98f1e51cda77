{{ log() }}

-- what has come back of every line of a declaration that a return reached, as the run left it
select
    {{ run_date() }} as run_date,
    parts.* exclude (flow, declared_date, is_released_before)
from {{ ref('returning_parts') }} as parts
inner join {{ ref('decisions') }} as decisions on parts.declaration_key = decisions.declaration_key
where decisions.run_date = {{ run_date() }} and decisions.released_at is not null
