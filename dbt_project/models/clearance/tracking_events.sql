{{ declaration_mart() }}

with touched as (
    select * from {{ ref('touched_declarations') }}
),

named_orders as (
    select distinct order_key as key from touched
    where order_key is not null
),

named_waybills as (
    select distinct waybill_key as key from touched
    where waybill_key is not null
),

current_orders as (
    {{ current_records_of('order', 'named_orders') }}
),

ordered as (
    select
        touched.declaration_key,
        'ordered' as event,
        orders.app_time as event_at,
        'order' as list,
        orders.source_id
    from touched
    inner join current_orders on touched.order_key = current_orders.key and current_orders.is_live
    inner join {{ ref('stg_orders') }} as orders on current_orders.record_id = orders.record_id
),

named_payments as (
    select distinct records.key
    from {{ ref('current_records') }} as records
    semi join named_orders on records.order_key = named_orders.key
    where records.list = 'payment' and records.run_date <= {{ run_date() }}
),

current_payments as (
    {{ current_records_of('payment', 'named_payments') }}
),

paid as (
    select
        touched.declaration_key,
        'paid' as event,
        payments.paid_at as event_at,
        'payment' as list,
        payments.source_id
    from current_payments
    inner join {{ ref('stg_payments') }} as payments on current_payments.record_id = payments.record_id
    inner join touched on payments.order_key = touched.order_key
    where current_payments.is_live
),

current_waybills as (
    {{ current_records_of('waybill', 'named_waybills') }}
),

shipped as (
    select
        touched.declaration_key,
        'shipped' as event,
        waybills.app_time as event_at,
        'waybill' as list,
        waybills.source_id
    from touched
    inner join current_waybills on touched.waybill_key = current_waybills.key and current_waybills.is_live
    inner join {{ ref('stg_waybills') }} as waybills on current_waybills.record_id = waybills.record_id
),

declared as (
    select
        touched.declaration_key,
        'declared' as event,
        declarations.app_time as event_at,
        'declaration' as list,
        declarations.source_id
    from touched
    inner join {{ ref('stg_declarations') }} as declarations on touched.life_record_id = declarations.record_id
),

-- the run that first left this life of the declaration in a state
history as (
    select
        touched.declaration_key,
        decisions.status,
        min(decisions.run_date) as since,
        min(decisions.matched_at) as matched_at,
        min(decisions.released_at) as released_at
    from touched
    inner join {{ ref('decisions') }} as decisions
        on touched.declaration_key = decisions.declaration_key and touched.life_record_id = decisions.life_record_id
    where decisions.run_date <= touched.run_date
    group by touched.declaration_key, decisions.status
),

decided as (
    select
        declaration_key,
        'stored' as event,
        cast(min(since) + interval 1 day - interval 1 second as timestamp) as event_at
    from history
    group by declaration_key
    union all
    select
        declaration_key,
        'matched',
        min(matched_at)
    from history
    group by declaration_key
    union all
    select
        declaration_key,
        status,
        cast(since + interval 1 day - interval 1 second as timestamp)
    from history
    where status in ('review', 'refused', 'cancelled')
    union all
    select
        declaration_key,
        'released',
        min(released_at)
    from history
    group by declaration_key
),

moved as (
    select distinct
        touched.declaration_key,
        'arrived' as event,
        arrivals.app_time as event_at,
        'arrival' as list,
        arrivals.source_id
    from {{ ref('stg_arrivals') }} as arrivals
    inner join touched on arrivals.waybill_key = touched.waybill_key and touched.flow = 'E'
    where arrivals.run_date <= touched.run_date and not arrivals.is_draft
    union
    select distinct
        touched.declaration_key,
        'departed',
        departures.left_at,
        'departure',
        departures.source_id
    from {{ ref('stg_departures') }} as departures
    inner join touched on departures.waybill_key = touched.waybill_key and touched.flow = 'E'
    where departures.run_date <= touched.run_date and not departures.is_draft
),

closed as (
    select
        declaration_key,
        'closed' as event,
        closed_at as event_at
    from touched
    where closed_at is not null
),

accounted as (
    {{ accounted_lists() }}
),

-- what the month of its form wrote, and this run writes again
consolidated as (
    select
        touched.declaration_key,
        'consolidated' as event,
        {{ month_end('min(accounted.month)') }} as event_at
    from touched
    inner join accounted
        on touched.ebc_code = accounted.ebc_code and touched.cop_no = accounted.cop_no
    where accounted.outcome = 'consolidated'
    group by touched.declaration_key
),

-- of one guid the latest application counts, and none if it is a delete
asked as (
    select returns.*
    from touched
    inner join {{ ref('effective_returns') }} as returns
        on touched.declaration_key = returns.declaration_key and touched.run_date >= returns.run_date
    qualify row_number() over (
        partition by returns.declaration_key, returns.guid
        order by returns.app_time desc, returns.file_name desc, returns.source_id desc, returns.path desc, returns.position desc
    ) = 1
),

returned as (
    select
        declaration_key,
        'returned' as event,
        app_time as event_at,
        'return' as list,
        source_id
    from asked
    where app_type <> 3
),

events as (
    select * from ordered
    union all
    select * from paid
    union all
    select * from shipped
    union all
    select * from declared
    union all
    select * from moved
    union all
    select * from returned
    union all by name
    select * from decided
    where event_at is not null
    union all by name
    select * from closed
    union all by name
    select * from consolidated
)

select
    touched.ebc_code,
    touched.cop_no,
    events.event,
    events.event_at as at,
    events.list,
    events.source_id,
    touched.run_date as changed_on
from events
inner join touched on events.declaration_key = touched.declaration_key
