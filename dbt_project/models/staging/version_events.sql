-- what the run received that may change the current record of a key; drafts change nothing
{%- set orders = {'order': 'order_key', 'payment': 'order_key', 'declaration': 'order_key'} %}

with versioned as (
    {%- for list, names in of_received(versioned_tables()).items() %}
        select
            '{{ list }}' as list,
            {{ 'false' if list in ('order', 'payment', 'waybill', 'declaration') else 'true' }} as is_paper,
            record_id,
            {{ list }}_key as key,
            cast(null as bigint[]) as named_life_ids,
            {{ orders.get(list, 'cast(null as varchar)') }} as order_key,
            app_type,
            app_time,
            file_name,
            source_id,
            path,
            position
        from {{ ref('stg_' ~ names[0]) }}
        where run_date = {{ run_date() }} and not is_draft
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

cancellations as (
    select *
    from {{ ref('stg_cancellations') }}
    where run_date = {{ run_date() }} and not is_draft
),

-- a cancel application finds its declaration by (ebcCode, copNo), else by invtNo, as a sender wrote it, else as an earlier run gave it
known as not materialized (
    select
        run_date,
        declaration_key,
        invt_no,
        record_id
    from {{ ref('stg_declarations') }}
    where run_date <= {{ run_date() }} and not is_draft
),

given as (
    {{ earlier('exchange', 'declaration_numbers', {
        'run_date': 'date', 'declaration_key': 'varchar', 'life_record_id': 'bigint', 'invt_no': 'varchar'
    }) }}
),

named as (
    select
        cancellations.record_id,
        known.declaration_key,
        1 as way,
        known.record_id as declared_id,
        null as life_record_id,
        true as is_whole_key
    from cancellations
    inner join known on cancellations.declaration_key = known.declaration_key
    union all
    select
        cancellations.record_id,
        known.declaration_key,
        2 as way,
        known.record_id as declared_id,
        null as life_record_id,
        known.run_date = {{ run_date() }} as is_whole_key
    from cancellations
    inner join known on cancellations.invt_no = known.invt_no
    union all
    select
        cancellations.record_id,
        given.declaration_key,
        3 as way,
        given.life_record_id as declared_id,
        given.life_record_id,
        false as is_whole_key
    from cancellations
    inner join given on cancellations.invt_no = given.invt_no
),

-- a number that was given belongs to its life of the key, unless a sender writes it today
found as (
    select
        record_id,
        declaration_key,
        case
            when not bool_or(is_whole_key) then list(life_record_id order by life_record_id) filter (where life_record_id is not null)
        end as named_life_ids
    from named
    group by record_id, declaration_key
    qualify row_number() over (partition by record_id order by min(way), max(declared_id) desc) = 1
),

-- it acts like a delete, whatever its own appType
cancelled_declarations as (
    select
        'declaration' as list,
        false as is_paper,
        cancellations.record_id,
        coalesce(found.declaration_key, cancellations.declaration_key, '') as key,
        found.named_life_ids,
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
