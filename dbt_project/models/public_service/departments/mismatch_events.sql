{{ log() }}

-- what begins to differ, differs in another way, or differs no longer
with differing as (
    select * exclude (declaration_key, due_on, differs)
    from {{ ref('compared_values') }}
    where differs
    union all by name
    select
        ebc_code,
        cop_no,
        'declaration' as field,
        'customs' as department_a,
        cast(null as varchar) as value_a,
        department as department_b,
        state as value_b,
        'customs' as late,
        cast(null as varchar) as hidden_from
    from {{ ref('unknown_declarations') }}
),

log as (
    {{ earlier('public_service', 'mismatch_events', {
        'run_date': 'date', 'ebc_code': 'varchar', 'cop_no': 'varchar', 'field': 'varchar', 'department_a': 'varchar', 'value_a': 'varchar',
        'department_b': 'varchar', 'value_b': 'varchar', 'late': 'varchar', 'hidden_from': 'varchar', 'since': 'date',
        'state': 'varchar'
    }) }}
),

concerned as (
    select
        ebc_code,
        cop_no
    from {{ ref('concerned_declarations') }}
    where is_concerned
),

last_events as (
    select log.*
    from log
    semi join concerned on log.ebc_code = concerned.ebc_code and log.cop_no = concerned.cop_no
    qualify row_number() over (
        partition by log.ebc_code, log.cop_no, log.field, log.department_a, log.department_b order by log.run_date desc
    ) = 1
),

before as (
    select * from last_events
    where state = 'open'
)

select
    {{ run_date() }} as run_date,
    differing.ebc_code,
    differing.cop_no,
    differing.field,
    differing.department_a,
    differing.value_a,
    differing.department_b,
    differing.value_b,
    differing.late,
    differing.hidden_from,
    coalesce(before.since, {{ run_date() }}) as since,
    'open' as state
from differing
left join before using (ebc_code, cop_no, field, department_a, department_b)
where
    before.since is null
    or differing.value_a is distinct from before.value_a
    or differing.value_b is distinct from before.value_b
    or differing.late is distinct from before.late
union all
select
    {{ run_date() }} as run_date,
    before.ebc_code,
    before.cop_no,
    before.field,
    before.department_a,
    before.value_a,
    before.department_b,
    before.value_b,
    before.late,
    before.hidden_from,
    before.since,
    'resolved' as state
from before
anti join differing using (ebc_code, cop_no, field, department_a, department_b)
