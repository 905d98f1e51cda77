-- what the run received that may change the current record of a key; drafts change nothing
with orders as (
    select
        'order' as list,
        record_id,
        order_key as key,
        order_key,
        app_type,
        app_time,
        file_name,
        source_id,
        path,
        position
    from {{ ref('stg_orders') }}
    where run_date = {{ run_date() }} and not is_draft
),

payments as (
    select
        'payment' as list,
        record_id,
        payment_key as key,
        order_key,
        app_type,
        app_time,
        file_name,
        source_id,
        path,
        position
    from {{ ref('stg_payments') }}
    where run_date = {{ run_date() }} and not is_draft
),

waybills as (
    select
        'waybill' as list,
        record_id,
        waybill_key as key,
        null as order_key,
        app_type,
        app_time,
        file_name,
        source_id,
        path,
        position
    from {{ ref('stg_waybills') }}
    where run_date = {{ run_date() }} and not is_draft
),

declarations as (
    select
        'declaration' as list,
        record_id,
        declaration_key as key,
        order_key,
        app_type,
        app_time,
        file_name,
        source_id,
        path,
        position
    from {{ ref('stg_declarations') }}
    where run_date = {{ run_date() }} and not is_draft
),

cancellations as (
    select *
    from {{ ref('stg_cancellations') }}
    where run_date = {{ run_date() }} and not is_draft
),

-- a cancel application finds its declaration by (ebcCode, copNo), else by invtNo
named_declarations as (
    select
        cancellations.record_id,
        max(case when declared.declaration_key = cancellations.declaration_key then declared.declaration_key end) as by_key,
        max_by(declared.declaration_key, declared.record_id) as by_number
    from cancellations
    inner join {{ ref('stg_declarations') }} as declared
        on
            declared.run_date <= {{ run_date() }}
            and not declared.is_draft
            and (
                cancellations.declaration_key = declared.declaration_key
                or cancellations.invt_no = declared.invt_no
            )
    group by cancellations.record_id
),

-- it acts like a delete, whatever its own appType
cancelled_declarations as (
    select
        'declaration' as list,
        cancellations.record_id,
        coalesce(named.by_key, named.by_number, cancellations.declaration_key, '') as key,
        null as order_key,
        3 as app_type,
        cancellations.app_time,
        cancellations.file_name,
        cancellations.source_id,
        cancellations.path,
        cancellations.position
    from cancellations
    left join named_declarations as named using (record_id)
),

version_events as (
    select * from orders
    union all
    select * from payments
    union all
    select * from waybills
    union all
    select * from declarations
    union all
    select * from cancelled_declarations
)

select * from version_events
