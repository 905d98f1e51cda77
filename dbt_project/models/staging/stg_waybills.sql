{{ log() }}

with source as (
    {{ sound_records('waybills') }}
),

renamed as (
    select
        {{ record_columns() }},

        -- keys
        {{ key(['logistics_code', 'logistics_no']) }} as waybill_key,
        logistics_code,
        logistics_no,
        order_no,

        -- goods
        {{ amount('coalesce(weight, gross_weight)') }} as gross_weight,
        {{ whole('pack_no') }} as pack_no,

        -- money
        {{ amount('freight') }} as freight,
        {{ amount('insured_fee') }} as insured_fee,
        {{ customs_currency('currency') }} as currency,

        -- persons
        consignee,
        consignee_telephone,
        consignee_address
    from source
)

select * from renamed
