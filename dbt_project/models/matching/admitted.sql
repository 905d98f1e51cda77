{{ log() }}

-- imports that the run releases, each with what it adds to its buyer's year
with findings as (
    select declaration_key
    from {{ ref('findings') }}
    where run_date = {{ run_date() }} and rule_id = 'LIM02' and action in ('refuse', 'wait', 'review')
)

select
    {{ run_date() }} as run_date,
    candidates.declaration_key,
    candidates.buyer_hash,
    candidates.year,
    candidates.dutiable_value,
    candidates.is_limited
from {{ ref('annual_candidates') }} as candidates
anti join findings on candidates.declaration_key = findings.declaration_key
