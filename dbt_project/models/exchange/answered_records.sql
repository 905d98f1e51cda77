-- What each record of the run is answered: its state, and why, in the codes of the message standard. Papers have no receipts.
{%- set tables = national_tables() %}

with titles as (
    {{ rule_titles() }}
),

states as (
    select
        states.record_id,
        states.list,
        states.source_id,
        states.state,
        states.rule_ids,
        states.rule_ids[1] as first_rule,
        files.message,
        files.edition,
        files.flow,
        files.path
    from {{ ref('record_states') }} as states
    inner join {{ source('raw', 'files') }} as files on states.record_id // 10000000 = files.file_id
    where
        states.run_date = {{ run_date() }}
        and states.list in ('{{ tables | join("', '") }}')
),

-- few answers differ: a code is looked up once for each
questions as (
    select distinct
        message,
        state,
        first_rule
    from states
),

codes as (
    select
        questions.message,
        questions.state,
        questions.first_rule,
        codes.return_status,
        codes.text_zh
    from questions
    inner join {{ ref('receipt_codes') }} as codes
        on
            questions.state = codes.state
            and codes.about = 'record'
            and codes.message in ('*', questions.message)
            and codes.rule_id in ('*', questions.first_rule)
    qualify row_number() over (
        partition by questions.message, questions.state, questions.first_rule
        order by codes.message = '*', codes.rule_id = '*'
    ) = 1
),

faults as (
    select
        record_id,
        rule_id,
        string_agg(distinct detail, ', ' order by detail) as detail
    from {{ ref('record_faults') }}
    where run_date = {{ run_date() }}
    group by record_id, rule_id
),

failed as (
    select
        record_id,
        unnest(rule_ids) as rule_id
    from states
    where len(rule_ids) > 0
),

reasons as (
    select
        failed.record_id,
        string_agg(
            {{ named_rule('failed.rule_id', 'titles.title_zh') }} || coalesce(',[' || faults.detail || ']', ''), ','
            order by failed.rule_id
        ) as reason
    from failed
    left join titles on failed.rule_id = titles.rule_id
    left join faults on failed.record_id = faults.record_id and failed.rule_id = faults.rule_id
    group by failed.record_id
),

lives as (
    select
        versions.record_id,
        versions.list,
        numbers.pre_no,
        numbers.invt_no
    from {{ ref('record_versions') }} as versions
    inner join {{ ref('declaration_numbers') }} as numbers
        on versions.key = numbers.declaration_key and versions.life_record_id = numbers.life_record_id
    inner join states on versions.record_id = states.record_id and states.list = 'declaration'
    where versions.run_date = {{ run_date() }} and versions.list = 'declaration' and numbers.run_date <= {{ run_date() }}
),

keys as (
    {%- for list, names in of_received(tables).items() %}
        select
            data.record_id,
            {{ receipt_columns(names[0]) }}
        from {{ source('raw', names[0]) }} as data
        where data.run_date = {{ run_date() }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    'R' || states.record_id as receipt_id,
    states.source_id,
    states.message,
    states.edition,
    states.list,
    states.state,
    states.path,
    states.record_id,
    coalesce(codes.return_status, '-1') as return_status,
    coalesce(codes.text_zh, '报文处理失败') || coalesce(',' || reasons.reason, '') as return_info,
    {%- for column in receipt_keys() if column not in ['pre_no', 'invt_no'] %}
        case when states.state != 'quarantined' or not {{ may_be_person('keys.' ~ column) }} then keys.{{ column }} end as {{ column }},
    {%- endfor %}
    -- a document without a number of its own gets one of this run: the standard wants it in the receipt of a refusal too
    coalesce(
        lives.pre_no, case when length(keys.pre_no) = 18 then keys.pre_no end,
        {{ pre_number('row_number() over (order by states.record_id)', 9) }}
    ) as pre_no,
    coalesce(lives.invt_no, keys.invt_no) as invt_no
from states
inner join keys on states.record_id = keys.record_id
left join codes
    on
        states.message = codes.message
        and states.state = codes.state
        and states.first_rule is not distinct from codes.first_rule
left join reasons on states.record_id = reasons.record_id
left join lives on states.record_id = lives.record_id
