{{ log() }}

-- What the run has to say of mismatches, to both departments: each with its own value, and the other's where it may see that.
-- Closing data are customs' own.
with events as (
    select
        *,
        case department_a when 'closing' then 'customs' else department_a end as office_a,
        case department_b when 'closing' then 'customs' else department_b end as office_b
    from {{ ref('mismatch_events') }}
    where run_date = {{ run_date() }}
),

told as (
    select
        *,
        unnest(list_distinct([office_a, office_b])) as told
    from events
)

select
    run_date,
    told,
    ebc_code,
    cop_no,
    field,
    department_a,
    case when hidden_from is null or told <> hidden_from or told = office_a then value_a end as value_a,
    department_b,
    case when hidden_from is null or told <> hidden_from or told = office_b then value_b end as value_b,
    late,
    since,
    state
from told
