{{ log() }}

-- First decisions of the run and the records that it received, counted by enterprise: counts of runs add up to weeks.
with decided as (
    select
        matched.declaration_key,
        matched.order_key,
        matched.record_id,
        matched.order_record_id,
        matched.waybill_record_id,
        decisions.ebc_code,
        decisions.status
    from {{ ref('matched') }} as matched
    inner join {{ ref('decisions') }} as decisions
        on matched.declaration_key = decisions.declaration_key and decisions.run_date = {{ run_date() }}
    where matched.decided_before is null and decisions.decided_on = {{ run_date() }} and decisions.status <> 'cancelled'
),

failed as (
    select
        decided.declaration_key,
        decided.ebc_code,
        findings.rule_id,
        case
            when findings.rule_id = 'DOC01' or left(findings.rule_id, 3) in ('ORD', 'BUY') then 'order'
            when findings.rule_id = 'DOC02' or left(findings.rule_id, 3) = 'PAY' then 'payment'
            when findings.rule_id = 'DOC03' or left(findings.rule_id, 3) = 'LOG' then 'waybill'
            else 'declaration'
        end as list
    from decided
    inner join {{ ref('findings') }} as findings
        on decided.declaration_key = findings.declaration_key and findings.run_date = {{ run_date() }}
),

failed_lists as (
    select distinct
        declaration_key,
        list
    from failed
),

payments as (
    select
        order_key,
        min(record_id) as record_id
    from {{ ref('matched_payments') }}
    group by order_key
),

lists as (
    select
        decided.declaration_key,
        decided.ebc_code,
        unnest([
            struct_pack(list := 'order', record_id := decided.order_record_id),
            struct_pack(list := 'payment', record_id := payments.record_id),
            struct_pack(list := 'waybill', record_id := decided.waybill_record_id),
            struct_pack(list := 'declaration', record_id := decided.record_id)
        ], recursive := true)
    from decided
    left join payments on decided.order_key = payments.order_key
),

-- a list that the catalogue did not ask for, and that is not there, is not counted
passed as (
    select
        lists.ebc_code,
        lists.list,
        files.source_id,
        failed.list is null as is_passed
    from lists
    left join {{ source('raw', 'files') }} as files on lists.record_id // 10000000 = files.file_id
    left join failed_lists as failed on lists.declaration_key = failed.declaration_key and lists.list = failed.list
    where lists.record_id is not null or failed.list is not null
),

incomplete as (
    select distinct declaration_key
    from failed
    where rule_id in ('DOC01', 'DOC02', 'DOC03')
),

rejected as (
    select
        ebc_code,
        list,
        unnest(rule_ids) as rule_id
    from {{ ref('rejected_records') }}
    where list in ('order', 'declaration')
),

received as (
    {%- for list in of_received({'order': 1, 'declaration': 1}) %}
        select
            'rejected' as measure,
            ebc_code,
            '{{ list }}' as list,
            count(*) as total
        from {{ source('raw', raw_tables()[list][0]) }}
        where run_date = {{ run_date() }} and not {{ may_be_person('ebc_code') }}
        group by ebc_code
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

counts as (
    select
        'matched' as measure,
        decided.ebc_code,
        cast(null as varchar) as list,
        cast(null as varchar) as source_id,
        cast(null as varchar) as rule_id,
        count(*) filter (where missing.declaration_key is null) as hits,
        count(*) as total
    from decided
    left join incomplete as missing on decided.declaration_key = missing.declaration_key
    group by decided.ebc_code
    union all by name
    select
        'held' as measure,
        ebc_code,
        count(*) filter (where status in ('waiting', 'review', 'refused')) as hits,
        count(*) as total
    from decided
    group by ebc_code
    union all by name
    select
        'first_pass' as measure,
        ebc_code,
        list,
        source_id,
        count(*) filter (where is_passed) as hits,
        count(*) as total
    from passed
    group by ebc_code, list, source_id
    union all by name
    select
        'rule_failed' as measure,
        ebc_code,
        rule_id,
        count(*) as hits,
        0 as total
    from failed
    group by ebc_code, rule_id
    union all by name
    select
        measure,
        ebc_code,
        list,
        0 as hits,
        total
    from received
    union all by name
    select
        'rejected' as measure,
        ebc_code,
        list,
        rule_id,
        count(*) as hits,
        0 as total
    from rejected
    group by ebc_code, list, rule_id
)

select
    {{ run_date() }} as run_date,
    ebc_code,
    measure,
    list,
    source_id,
    rule_id,
    cast(hits as integer) as hits,
    cast(total as integer) as total
from counts
