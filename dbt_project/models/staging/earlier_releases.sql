-- declarations released by an earlier run, as far as the run received something about them or their lists
with log as (
    {{ earlier('matching', 'decisions', {
        'run_date': 'date', 'declaration_key': 'varchar', 'order_key': 'varchar', 'waybill_key': 'varchar', 'status': 'varchar'
    }) }}
),

released as (
    select
        unnest(['declaration', 'order', 'waybill']) as list,
        unnest([declaration_key, order_key, waybill_key]) as key
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
        list,
        key
    from released
    semi join keys using (list, key)
)

select * from earlier_releases
