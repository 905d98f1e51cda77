-- declarations released by an earlier run, as far as the run received something about them or their lists
with log as (
    {{ earlier('matching', 'decisions', {
        'run_date': 'date', 'declaration_key': 'varchar', 'order_key': 'varchar', 'waybill_key': 'varchar', 'status': 'varchar'
    }) }}
),

released as (
    select
        declaration_key,
        order_key,
        waybill_key
    from log
    where status in ('released', 'closed', 'returned')
),

keys as (
    select
        list,
        key
    from {{ ref('version_events') }}
    union
    select
        'order',
        order_key
    from {{ ref('version_events') }}
    where list = 'payment'
    union
    select
        'order',
        order_key
    from {{ ref('earlier_records') }}
    where list = 'payment'
),

earlier_releases as (
    select distinct
        keys.list,
        keys.key
    from released
    inner join keys on keys.list = 'declaration' and released.declaration_key = keys.key
    union
    select distinct
        keys.list,
        keys.key
    from released
    inner join keys on keys.list = 'order' and released.order_key = keys.key
    union
    select distinct
        keys.list,
        keys.key
    from released
    inner join keys on keys.list = 'waybill' and released.waybill_key = keys.key
)

select * from earlier_releases
