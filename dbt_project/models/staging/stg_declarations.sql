{{ log() }}

with source as (
    {{ sound_records('declarations') }}
),

renamed as (
    select
        {{ record_columns() }},

        -- keys: of the declaration, of the order and of the waybill that it names
        {{ key(['ebc_code', 'cop_no']) }} as declaration_key,
        case when order_no is not null then {{ key(['ebp_code', 'order_no']) }} end as order_key,
        case when logistics_no is not null then {{ key(['logistics_code', 'logistics_no']) }} end as waybill_key,
        ebc_code,
        cop_no,
        ebp_code,
        order_no,
        logistics_code,
        logistics_no,
        invt_no,

        -- the way through customs
        trade_mode as supervision_mode,
        customs_code,
        port_code,
        traf_mode as transport_mode,
        statistics_flag,
        agent_code,
        agent_name,
        ebc_name,
        owner_code,
        owner_name,
        {{ alpha3('country') }} as destination_or_origin,

        -- goods
        {{ whole('pack_no') }} as pack_no,
        {{ amount('gross_weight') }} as gross_weight_kg,
        {{ amount('net_weight') }} as net_weight_kg,

        -- money
        {{ amount('freight') }} as freight,
        {{ amount('insured_fee') }} as insured_fee,
        {{ customs_currency('currency') }} as currency,

        -- persons
        buyer_id_type,
        buyer_id_number,
        buyer_name,
        buyer_telephone
    from source
)

select * from renamed
