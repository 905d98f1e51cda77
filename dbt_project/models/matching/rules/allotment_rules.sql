-- rules over all live declarations of one order or waybill: what was released earlier comes first
with released as (
    {{ earlier('matching', 'decisions', {
        'run_date': 'date', 'declaration_key': 'varchar', 'record_id': 'bigint', 'order_key': 'varchar', 'waybill_key': 'varchar',
        'ebc_code': 'varchar', 'cop_no': 'varchar', 'app_time': 'timestamp', 'status': 'varchar'
    }) }}
),

refused as (
    select findings.declaration_key
    from {{ ref('single_findings') }} as findings
    where findings.action = 'refuse'
),

candidates as (
    select
        declaration_key,
        record_id,
        order_key,
        waybill_key,
        ebc_code,
        cop_no,
        app_time,
        1 as tier
    from {{ ref('matched') }}
    where declaration_key not in (select refused.declaration_key from refused)
),

rivals as (
    select distinct
        declaration_key,
        record_id,
        order_key,
        waybill_key,
        ebc_code,
        cop_no,
        app_time,
        0 as tier
    from released
    where
        status in ('released', 'closed', 'returned')
        and (
            order_key in (select candidates.order_key from candidates)
            or waybill_key in (select candidates.waybill_key from candidates)
        )
),

live as (
    select * from candidates
    union all
    select * from rivals
),

declared_quantities as (
    select
        live.declaration_key,
        live.order_key,
        live.tier,
        live.app_time,
        live.ebc_code,
        live.cop_no,
        items.gnum,
        items.qty
    from candidates as live
    inner join {{ ref('declared_items') }} as items on live.declaration_key = items.declaration_key
    union all
    select
        live.declaration_key,
        live.order_key,
        live.tier,
        live.app_time,
        live.ebc_code,
        live.cop_no,
        items.gnum,
        items.qty
    from rivals as live
    inner join {{ ref('stg_declaration_items') }} as items on live.record_id = items.record_id
),

running as (
    select
        quantities.declaration_key,
        quantities.tier,
        quantities.gnum,
        order_items.qty as order_qty,
        sum(quantities.qty) over (
            partition by quantities.order_key, quantities.gnum
            order by quantities.tier, quantities.app_time, quantities.ebc_code, quantities.cop_no
            rows between unbounded preceding and current row
        ) as declared_qty
    from declared_quantities as quantities
    inner join {{ ref('matched_order_items') }} as order_items
        on quantities.order_key = order_items.order_key and quantities.gnum = order_items.gnum
),

ord03 as (
    select
        declaration_key,
        'ORD03' as rule_id,
        {{ shown_lines("'line ' || gnum || ': ordered ' || " ~ shown('order_qty'), 'gnum') }} as expected,
        {{ shown_lines("'line ' || gnum || ': declared so far ' || " ~ shown('declared_qty'), 'gnum') }} as observed
    from running
    where tier = 1 and declared_qty > order_qty
    group by declaration_key
),

ranked as (
    select
        *,
        first_value(cop_no) over waybill as holder,
        row_number() over waybill as place
    from live
    where waybill_key is not null
    window waybill as (partition by waybill_key order by tier, app_time, ebc_code, cop_no)
),

log04 as (
    select
        declaration_key,
        'LOG04' as rule_id,
        'waybill ' || {{ shown_key('waybill_key') }} || ' for one declaration' as expected,
        'kept by declaration ' || holder as observed
    from ranked
    where place > 1 and tier = 1
)

select * from ord03
union all
select * from log04
