-- depends_on: {{ ref('concerned_declarations') }}
{{ mart("(ebc_code, cop_no) in (select (ebc_code, cop_no) from {{ ref('concerned_declarations') }})") }}

-- What differs, of the concerned declarations. A later run's event stands: its run is behind until it runs again.
with last_events as (
    select events.*
    from {{ ref('mismatch_events') }} as events
    semi join {{ ref('concerned_declarations') }} as concerned on events.ebc_code = concerned.ebc_code and events.cop_no = concerned.cop_no
    qualify row_number() over (
        partition by events.ebc_code, events.cop_no, events.field, events.department_a, events.department_b order by events.run_date desc
    ) = 1
)

select
    -- key
    ebc_code,
    cop_no,
    field,
    department_a,
    department_b,

    -- what differs
    value_a,
    value_b,
    late,

    -- since when
    since,
    run_date as changed_on
from last_events
where state = 'open'
