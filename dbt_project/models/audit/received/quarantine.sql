{{ log() }}

-- whole files and single records that take no part, each with the rules that say why
{%- set keys = {
    'order': ('orders', ['ebp_code', 'order_no']), 'payment': ('payments', ['coalesce(pay_code, ebp_code)', 'coalesce(pay_transaction_id, order_no)']),
    'waybill': ('waybills', ['logistics_code', 'logistics_no']), 'declaration': ('declarations', ['ebc_code', 'cop_no']),
    'arrival': ('arrivals', ['logistics_code', 'cop_no']), 'departure': ('departures', ['logistics_code', 'cop_no']),
    'waybill_status': ('waybill_statuses', ['logistics_code', 'logistics_no']), 'cancellation': ('cancellations', ['ebc_code', 'coalesce(cop_no, invt_no)']),
    'return': ('returns', ['ebc_code', 'coalesce(cop_no, invt_no)'])
} %}

with files as (
    select
        file_id,
        source_id,
        path,
        sha256,
        list,
        bytes,
        state,
        reason
    from {{ source('raw', 'files') }}
    where run_date = {{ run_date() }}
),

quarantined as (
    select
        record_id,
        list,
        rule_ids
    from {{ ref('record_states') }}
    where run_date = {{ run_date() }} and state = 'quarantined'
),

natural_keys as (
    {%- for list, place in keys.items() %}
        select
            record_id,
            {{ shown_key(key(place[1])) }} as natural_key
        from {{ source('raw', place[0]) }}
        where
            run_date = {{ run_date() }} and record_id in (
                select record_id from quarantined
                where list = '{{ list }}'
            )
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
            details.rule_id || ' ' || rules.title_en || ' ' || rules.title_zh || ': ' || details.detail, '; '
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
    inner join {{ ref('rules_in_force') }} as rules on details.rule_id = rules.rule_id
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
        reasons.reason
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
        'FMT01 ' || reason
    from files
    where state = 'quarantined'
)

select * from quarantine
