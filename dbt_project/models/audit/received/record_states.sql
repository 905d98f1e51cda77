{{ log() }}

{% set tables = of_received(raw_tables()) %}

-- every record of the run in exactly one state, as the run left it
with received as (
    {%- for list, names in tables.items() %}
        select
            record_id,
            '{{ list }}' as list,
            app_status = '1' as is_draft
        from {{ source('raw', names[0]) }}
        where run_date = {{ run_date() }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

faults as (
    select
        record_id,
        list_sort(list(distinct rule_id)) as rule_ids
    from {{ ref('record_faults') }}
    where run_date = {{ run_date() }}
    group by record_id
),

versions as (
    select
        record_id,
        state,
        rule_id
    from {{ ref('record_versions') }}
    where run_date = {{ run_date() }}
),

superseded as (
    select superseded_id as record_id
    from {{ ref('record_versions') }}
    where run_date = {{ run_date() }} and superseded_id is not null
),

record_states as (
    select
        {{ run_date() }} as run_date,
        received.record_id,
        received.list,
        files.source_id,
        files.sha256,
        case
            when faults.record_id is not null then 'quarantined'
            when received.is_draft then 'draft'
            when superseded.record_id is not null then 'superseded'
            -- these are events, which have no versions
            when received.list in ('arrival', 'departure', 'waybill_status', 'return') then 'accepted'
            else versions.state
        end as state,
        coalesce(faults.rule_ids, case when versions.rule_id is not null then [versions.rule_id] else [] end) as rule_ids
    from received
    inner join {{ source('raw', 'files') }} as files on received.record_id // 10000000 = files.file_id
    left join faults on received.record_id = faults.record_id
    left join versions on received.record_id = versions.record_id
    left join superseded on received.record_id = superseded.record_id
)

select * from record_states
