{{ log() }}

-- the keys whose current record this run changed; a key that was deleted keeps its last record and is not live
with current_records as (
    select
        run_date,
        list,
        key,
        current_id as record_id,
        is_live,
        app_time,
        order_key,
        life_record_id,
        life_app_time
    from {{ ref('record_versions') }}
    where run_date = {{ run_date() }} and is_final
)

select * from current_records
