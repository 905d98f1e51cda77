{{ log() }}

with source as (
    {{ sound_records('overseas_sales') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['ebc_code', 'sale_no']) }} as overseas_sale_key,
        ebc_code,
        sale_no,
        form_no,
        {{ whole('line_no') }} as line_no,
        {{ day('sold_on') }} as sold_on,
        {{ amount('qty') }} as qty,
        {{ amount('amount') }} as amount,
        {{ customs_currency('currency') }} as currency
    from source
)

select * from renamed
