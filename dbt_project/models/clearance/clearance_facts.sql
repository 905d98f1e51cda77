{{ declaration_mart() }}

with goods_values as (
    select
        declaration_key,
        case when count(*) = count(value_cny) then sum(value_cny) end as goods_value_cny,
        count(*) as item_count
    from {{ ref('valued_items') }}
    group by declaration_key
),

clearance_facts as (
    select
        -- key
        touched.ebc_code,
        touched.cop_no,

        -- what is declared, and where
        touched.flow,
        declarations.supervision_mode,
        declarations.customs_code,
        declarations.port_code,
        declarations.transport_mode,
        declarations.ebp_code,
        declarations.order_no,
        declarations.logistics_code,
        declarations.logistics_no,
        declarations.statistics_flag,
        declarations.destination_or_origin,
        touched.declared_date,
        lives.app_time as declared_at,

        -- state
        touched.status,
        case touched.status
            when 'waiting' then '120' when 'review' then '300' when 'refused' then '100' when 'released' then '800'
            when 'closed' then '899' when 'returned' then '899'
        end as return_status,
        touched.matched_at,
        touched.released_at,
        touched.closed_at,
        touched.has_order,
        touched.has_payment,
        touched.has_waybill,
        touched.failed_rules,

        -- measures
        try_cast(goods_values.goods_value_cny as decimal(19, 5)) as goods_value_cny,
        cast(goods_values.item_count as integer) as item_count,
        declarations.gross_weight_kg,
        declarations.net_weight_kg,
        {{ hours('lives.app_time', 'touched.released_at') }} as hours_to_release,
        {{ hours('touched.released_at', 'touched.closed_at') }} as hours_to_close,

        -- runs
        touched.decided_on as run_date,
        touched.run_date as changed_on
    from {{ ref('touched_declarations') }} as touched
    inner join {{ ref('stg_declarations') }} as declarations on touched.record_id = declarations.record_id
    left join {{ ref('stg_declarations') }} as lives on touched.life_record_id = lives.record_id
    inner join goods_values on touched.declaration_key = goods_values.declaration_key
)

select * from clearance_facts
