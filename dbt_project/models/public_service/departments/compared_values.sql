-- each pair of values that the seed compares: whether they differ, and until when the second may be absent
with fields as (
    select *
    from {{ ref('compared_fields') }}
    where {{ in_force_today() }}
),

pairs as (
    select
        a.declaration_key,
        a.ebc_code,
        a.cop_no,
        fields.field,
        fields.department_a,
        a.value as value_a,
        fields.department_b,
        b.value as value_b,
        case
            when b.value is not null or fields.due is null then null
            -- what is exempt or taxed has no rebate to claim
            when fields.due like '%-%' and a.tax_state in ('exempt', 'taxed') then null
            -- a day of the year after, or a number of days
            when fields.due like '%-%' then cast((year(a.left_on) + 1) || '-' || fields.due as date)
            else a.left_on + cast(fields.due as integer)
        end as due_on,
        case
            when fields.field = 'state' then states.state_a is not null
            when fields.comparison = 'not_after' then date_diff('day', b.day, a.day) > fields.days
            when fields.field = 'date' then abs(date_diff('day', a.day, b.day)) > fields.days
            when fields.share is null then a.value <> b.value
            -- of two currencies the currency differs, and the amount says nothing
            when (a.unit is not distinct from b.unit)
                then b.number < a.least * (1 - fields.share) or b.number > a.number * (1 + fields.share)
        end as is_other,
        -- who has nothing, or the older record; of records of one day, the second
        case when b.value is not null and a.dated < b.dated then fields.department_a else fields.department_b end as late,
        fields.hidden_from
    from {{ ref('held_values') }} as a
    inner join fields
        on
            a.field = fields.field
            and a.department = fields.department_a
            and (fields.flow = '*' or a.flow = fields.flow)
            and (fields.statistics_flag is null or a.statistics_flag = fields.statistics_flag)
            and (fields.except_mode is null or a.supervision_mode is distinct from fields.except_mode)
    left join {{ ref('held_values') }} as b
        on a.declaration_key = b.declaration_key and a.field = b.field and fields.department_b = b.department
    left join {{ ref('contradicting_states') }} as states
        on
            fields.field = 'state'
            and fields.department_a = states.department_a
            and fields.department_b = states.department_b
            and a.value = states.state_a
            and b.value = states.state_b
)

select
    declaration_key,
    ebc_code,
    cop_no,
    field,
    department_a,
    value_a,
    department_b,
    value_b,
    due_on,
    coalesce(is_other, false) or coalesce(due_on < {{ run_date() }}, false) as differs,
    late,
    hidden_from
from pairs
where value_b is not null or due_on is not null
