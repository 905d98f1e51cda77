{{ monthly() }}

-- every export list that closed by the end of the month, and that no earlier month took account of
with accounted_before as (
    select
        ebc_code,
        cop_no
    from ({{ accounted_lists() }}) as accounted
    where month < {{ month() }}
),

-- as the runs up to the last day of the month left it: what is told later goes to a later month
last_decisions as (
    select *
    from {{ ref('decisions') }}
    where run_date <= {{ run_date() }} and flow = 'E'
    qualify row_number() over (partition by declaration_key order by run_date desc) = 1
),

closed as (
    select *
    from last_decisions
    anti join accounted_before using (ebc_code, cop_no)
    where status in ('closed', 'returned') and closed_at < {{ run_date() }} + interval 1 day
),

consolidation_lists as (
    select
        {{ month() }} as month,
        closed.ebc_code,
        closed.cop_no,
        closed.declaration_key,
        closed.record_id,
        closed.life_record_id,
        closed.closed_at,
        case
            when declarations.statistics_flag = 'A' then 'simplified'
            when closed.status = 'returned' then 'returned'
            else 'consolidated'
        end as outcome
    from closed
    inner join {{ ref('stg_declarations') }} as declarations on closed.record_id = declarations.record_id
)

select * from consolidation_lists
