-- the current record, before this run, of every key that the run received something about
with log as (
    {{ earlier('staging', 'current_records', {
        'run_date': 'date', 'list': 'varchar', 'key': 'varchar', 'record_id': 'bigint', 'is_live': 'boolean', 'app_time': 'timestamp',
        'order_key': 'varchar', 'life_record_id': 'bigint', 'life_app_time': 'timestamp'
    }) }}
),

touched as (
    select log.*
    from log
    semi join {{ ref('version_events') }} as events on log.list = events.list and log.key = events.key
),

latest as (
    select *
    from touched
    qualify row_number() over (partition by list, key order by run_date desc) = 1
),

earlier_records as (
    select
        list,
        key,
        record_id,
        app_time,
        order_key,
        life_record_id,
        life_app_time
    from latest
    where is_live
)

select * from earlier_records
