{{ log() }}

-- return applications that took effect in the run: their declaration is released, today or before. The declaration that each
-- found, and whether it came in time, stands from here on.
select
    {{ run_date() }} as run_date,
    named.* exclude (version_id, flow, declared_date, is_released_before)
from {{ ref('named_returns') }} as named
inner join {{ ref('decisions') }} as decisions on named.declaration_key = decisions.declaration_key
where decisions.run_date = {{ run_date() }} and decisions.released_at is not null
