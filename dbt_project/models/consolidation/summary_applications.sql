{{ monthly() }}

-- Summary applications (CEB701) of the month: one per agent, enterprise and customs office, in parts of at most 100 lists,
-- which the edition of 2018 allows. A list whose agent has no code is declared by its enterprise.
with lists as (
    select
        coalesce(declarations.agent_code, lists.ebc_code) as agent_code,
        coalesce(declarations.agent_name, declarations.agent_code, declarations.ebc_name, lists.ebc_code) as agent_name,
        lists.ebc_code,
        coalesce(declarations.ebc_name, lists.ebc_code) as ebc_name,
        declarations.customs_code,
        coalesce(numbers.invt_no, declarations.invt_no) as invt_no,
        (row_number() over (
            partition by coalesce(declarations.agent_code, lists.ebc_code), lists.ebc_code, declarations.customs_code
            order by coalesce(numbers.invt_no, declarations.invt_no), lists.cop_no
        ) - 1) // 100 + 1 as part
    from {{ ref('consolidation_lists') }} as lists
    inner join {{ ref('stg_declarations') }} as declarations on lists.record_id = declarations.record_id
    left join {{ ref('declaration_numbers') }} as numbers
        on
            lists.declaration_key = numbers.declaration_key
            and lists.life_record_id = numbers.life_record_id
            and numbers.run_date <= {{ run_date() }}
    where lists.month = {{ month() }} and lists.outcome = 'consolidated'
),

parts as (
    select
        agent_code,
        min(agent_name) as agent_name,
        ebc_code,
        min(ebc_name) as ebc_name,
        customs_code,
        part,
        list(invt_no order by invt_no) as invt_nos
    from lists
    group by agent_code, ebc_code, customs_code, part
),

rule as (
    select list_contains(string_split(head_columns, ' '), 'owner_code') as is_by_producer
    from {{ ref('merge_keys') }}
    where {{ in_force_today() }}
),

summary_applications as (
    select
        {{ month() }} as month,
        case when {{ month() }} >= '2022-05' then '202205' else '2018' end as edition,
        'SA' || replace({{ month() }}, '-', '')
        || upper(left(md5({{ key(['parts.agent_code', 'parts.ebc_code', 'parts.customs_code']) }}), 12)) as cop_no,
        '1' as app_type,
        strftime({{ run_moment() }}, '%Y%m%d%H%M%S') as app_time,
        '2' as app_status,
        parts.customs_code,
        parts.agent_code,
        parts.agent_name,
        parts.ebc_code,
        parts.ebc_name,
        parts.agent_code as decl_agent_code,
        parts.agent_name as decl_agent_name,
        replace({{ month() }}, '-', '') || '01000000' as start_time,
        strftime({{ run_moment() }}, '%Y%m%d%H%M%S') as end_time,
        case when rule.is_by_producer then '2' else '1' end as summary_flag,
        '0' as item_name_flag,
        cast(max(parts.part) over (partition by parts.agent_code, parts.ebc_code, parts.customs_code) as integer) as msg_count,
        cast(parts.part as integer) as msg_seq_no,
        parts.invt_nos
    from parts
    cross join rule
)

select * from summary_applications
