-- what differs as of the last run; days count until that run, so all rows are written anew
with last_run as (
    select greatest(max(run_date), {{ run_date() }}) as last_run
    from {{ ref('decisions') }}
),

last_notices as (
    select *
    from {{ ref('department_notices') }}
    qualify row_number() over (partition by ebc_code, cop_no, field, department_a, department_b order by run_date desc) = 1
)

select
    -- key
    notices.ebc_code,
    notices.cop_no,
    notices.field,
    notices.department_a,
    notices.department_b,

    -- what differs
    notices.value_a,
    notices.value_b,
    notices.late,

    -- since when
    notices.since,
    cast(date_diff('day', notices.since, last_run.last_run) as integer) as age_days,
    notices.run_date as changed_on
from last_notices as notices
cross join last_run
where notices.state = 'open'
