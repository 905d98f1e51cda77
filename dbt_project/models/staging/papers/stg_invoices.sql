{{ log() }}

with source as (
    {{ sound_records('invoices') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['invoice_code', 'invoice_no']) }} as invoice_key,
        case when red_of_no is not null then {{ key(['red_of_code', 'red_of_no']) }} end as red_of,
        invoice_code,
        invoice_no,
        kind,
        {{ day('issued_on') }} as issued_on,
        seller_id,
        buyer_id,
        state,
        {{ amount('net_amount') }} as net_amount,
        {{ amount('tax_amount') }} as tax_amount
    from source
)

select * from renamed
