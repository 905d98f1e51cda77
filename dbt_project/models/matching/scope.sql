-- the declarations that this run decides: what waits or is in review, and what is new or changed
with log as not materialized (
    {{ earlier('matching', 'decisions', {
        'run_date': 'date', 'declaration_key': 'varchar', 'record_id': 'bigint', 'life_record_id': 'bigint', 'status': 'varchar',
        'declared_date': 'date', 'app_time': 'timestamp', 'matched_at': 'timestamp'
    }) }}
),

changed as (
    select *
    from {{ ref('current_records') }}
    where run_date = {{ run_date() }} and list = 'declaration'
),

-- each run decides all that is open, so the run before holds the whole backlog
backlog as (
    select *
    from log
    where
        run_date = (select max(l.run_date) from log as l)
        and status in ('waiting', 'review')
        and declaration_key not in (select changed.key from changed)
),

past_of_changed as (
    select log.*
    from log
    semi join changed on log.declaration_key = changed.key and log.life_record_id = changed.life_record_id
    qualify row_number() over (partition by log.declaration_key order by log.run_date desc) = 1
),

scope as (
    select
        declaration_key,
        record_id,
        life_record_id,
        declared_date,
        app_time,
        matched_at,
        run_date as decided_before
    from backlog
    union all
    select
        changed.key,
        changed.record_id,
        changed.life_record_id,
        cast(changed.life_app_time as date),
        changed.app_time,
        past.matched_at,
        past.run_date
    from changed
    left join past_of_changed as past on changed.key = past.declaration_key
    where changed.is_live
)

select * from scope
