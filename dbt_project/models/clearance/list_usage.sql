-- depends_on: {{ ref('touched_lists') }}
{{ mart("(list, key) in (select (list, key) from {{ ref('touched_lists') }})") }}

with current_lists as (
    select
        records.list,
        records.key,
        records.record_id,
        records.order_key,
        records.is_live,
        records.run_date
    from {{ ref('current_records') }} as records
    semi join {{ ref('touched_lists') }} as touched on records.list = touched.list and records.key = touched.list_key
    qualify row_number() over (partition by records.list, records.key order by records.run_date desc) = 1
),

live as (
    select
        list,
        key,
        record_id,
        case list when 'waybill' then null else coalesce(order_key, key) end as order_key,
        case list when 'waybill' then key end as waybill_key
    from current_lists
    where is_live
),

-- the last state of every declaration that names one of them, or once did
naming as (
    select distinct decisions.declaration_key
    from {{ ref('decisions') }} as decisions
    where
        decisions.order_key in (
            select order_key from live
            where order_key is not null
        )
        or decisions.waybill_key in (
            select waybill_key from live
            where waybill_key is not null
        )
),

declarations as (
    select decisions.*
    from {{ ref('decisions') }} as decisions
    semi join naming on decisions.declaration_key = naming.declaration_key
    qualify row_number() over (partition by decisions.declaration_key order by decisions.run_date desc) = 1
),

named as (
    select
        order_key,
        waybill_key,
        has_order and has_payment and has_waybill as is_matched
    from declarations
    where status <> 'cancelled'
),

usage_by_order as (
    select
        order_key,
        bool_or(is_matched) as is_matched
    from named
    where order_key is not null
    group by order_key
),

usage_by_waybill as (
    select
        waybill_key,
        bool_or(is_matched) as is_matched
    from named
    where waybill_key is not null
    group by waybill_key
),

list_usage as (
    select
        live.list,
        files.source_id,
        {{ shown_list_key('live.list', 'live.key') }} as key,
        case coalesce(usage_by_order.is_matched, usage_by_waybill.is_matched)
            when true then 'matched' when false then 'waiting' else 'unclaimed'
        end as usage,
        {{ run_date() }} as changed_on
    from live
    inner join {{ source('raw', 'files') }} as files on live.record_id // 10000000 = files.file_id
    left join usage_by_order on live.order_key = usage_by_order.order_key
    left join usage_by_waybill on live.waybill_key = usage_by_waybill.waybill_key
)

select * from list_usage
