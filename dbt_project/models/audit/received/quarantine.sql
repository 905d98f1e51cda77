{{ log() }}

-- whole files and single records that take no part, each with the rules that say why
{%- set received = of_received(raw_tables()) %}

with files as (
    select
        file_id,
        source_id,
        path,
        sha256,
        list,
        flow,
        state,
        reason,
        replayed_from
    from {{ source('raw', 'files') }}
    where run_date = {{ run_date() }}
),

quarantined as (
    select
        states.record_id,
        states.list,
        states.rule_ids,
        files.flow
    from {{ ref('record_states') }} as states
    inner join files on states.record_id // 10000000 = files.file_id
    where states.run_date = {{ run_date() }} and states.state = 'quarantined'
),

natural_keys as (
    {%- for (list, flow), parts in natural_key_parts().items() if list in received %}
        select
            data.record_id,
            case
                when coalesce({{ parts | join(', ') }}) is not null and not {{ may_be_person(key(parts)) }}
                    then {{ shown_key(key(parts)) }}
            end as natural_key
        from {{ source('raw', received[list][0]) }} as data
        inner join quarantined on data.record_id = quarantined.record_id and quarantined.list = '{{ list }}'
        where data.run_date = {{ run_date() }}{% if flow != '*' %} and quarantined.flow = '{{ flow }}'{% endif %}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

details as (
    select
        record_id,
        rule_id,
        detail
    from {{ ref('record_faults') }}
    where run_date = {{ run_date() }}
    union all
    select
        record_id,
        rule_id,
        case rule_id when 'VER03' then 'no current record to change or delete' else 'its declaration is released already' end
    from {{ ref('record_versions') }}
    where run_date = {{ run_date() }} and state = 'quarantined'
),

reasons as (
    select
        details.record_id,
        string_agg(
            details.rule_id || coalesce(' ' || rules.title_en || ' ' || rules.title_zh, '') || ': ' || details.detail, '; '
            order by details.rule_id, details.detail
        ) as reason
    from (
        select
            record_id,
            rule_id,
            string_agg(distinct detail, ', ' order by detail) as detail
        from details
        group by record_id, rule_id
    ) as details
    left join {{ ref('rules_in_force') }} as rules on details.rule_id = rules.rule_id
    group by details.record_id
),

quarantine as (
    select
        {{ run_date() }} as run_date,
        files.source_id,
        files.path,
        files.sha256,
        cast(quarantined.record_id % 10000000 as integer) as position,
        quarantined.list,
        natural_keys.natural_key,
        quarantined.rule_ids,
        reasons.reason,
        files.replayed_from
    from quarantined
    inner join files on quarantined.record_id // 10000000 = files.file_id
    left join natural_keys on quarantined.record_id = natural_keys.record_id
    left join reasons on quarantined.record_id = reasons.record_id
    union all
    select
        {{ run_date() }},
        source_id,
        path,
        sha256,
        null,
        list,
        null,
        ['FMT01'],
        'FMT01 ' || reason,
        replayed_from
    from files
    where state = 'quarantined'
)

select * from quarantine
