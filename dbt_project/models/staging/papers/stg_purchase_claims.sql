{{ log() }}

with source as (
    {{ sound_records('purchase_claims') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['taxpayer_id', 'relation_no', 'invoice_code', 'invoice_no', number('invoice_line')]) }} as purchase_claim_key,
        {{ key(['invoice_code', 'invoice_no']) }} as invoice_key,
        taxpayer_id,
        relation_no,
        invoice_code,
        invoice_no,
        {{ whole('invoice_line') }} as invoice_line,
        period
    from source
)

select * from renamed
