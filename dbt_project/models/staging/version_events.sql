-- what the run received that may change the current record of a key; drafts change nothing
{%- set lists = {
    'order': (ref('stg_orders'), 'order_key', 'order_key'),
    'payment': (ref('stg_payments'), 'payment_key', 'order_key'),
    'waybill': (ref('stg_waybills'), 'waybill_key', 'cast(null as varchar)'),
    'declaration': (ref('stg_declarations'), 'declaration_key', 'order_key')
} %}

with versioned as (
    {%- for list, (model, key, order_key) in lists.items() %}
        select
            '{{ list }}' as list,
            record_id,
            {{ key }} as key,
            {{ order_key }} as order_key,
            app_type,
            app_time,
            file_name,
            source_id,
            path,
            position
        from {{ model }}
        where run_date = {{ run_date() }} and not is_draft
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

cancellations as (
    select *
    from {{ ref('stg_cancellations') }}
    where run_date = {{ run_date() }} and not is_draft
),

-- a cancel application finds its declaration by (ebcCode, copNo), else by invtNo
known as (
    select
        declaration_key,
        invt_no,
        record_id
    from {{ ref('stg_declarations') }}
    where run_date <= {{ run_date() }} and not is_draft
),

named as (
    select
        cancellations.record_id,
        known.declaration_key,
        true as is_by_key,
        known.record_id as declared_id
    from cancellations
    inner join known on cancellations.declaration_key = known.declaration_key
    union all
    select
        cancellations.record_id,
        known.declaration_key,
        false as is_by_key,
        known.record_id as declared_id
    from cancellations
    inner join known on cancellations.invt_no = known.invt_no
),

found as (
    select
        record_id,
        declaration_key
    from named
    qualify row_number() over (partition by record_id order by is_by_key desc, declared_id desc) = 1
),

-- it acts like a delete, whatever its own appType
cancelled_declarations as (
    select
        'declaration' as list,
        cancellations.record_id,
        coalesce(found.declaration_key, cancellations.declaration_key, '') as key,
        null as order_key,
        3 as app_type,
        cancellations.app_time,
        cancellations.file_name,
        cancellations.source_id,
        cancellations.path,
        cancellations.position
    from cancellations
    left join found on cancellations.record_id = found.record_id
),

version_events as (
    select * from versioned
    union all
    select * from cancelled_declarations
)

select * from version_events
