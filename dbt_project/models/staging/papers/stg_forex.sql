{{ log() }}

with source as (
    {{ sound_records('forex') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['bank_code', 'bank_ref']) }} as forex_key,
        bank_code,
        bank_ref,
        ebc_code,
        kind,
        deemed_reason,
        {{ day('received_on') }} as received_on,
        {{ customs_currency('currency') }} as currency,
        {{ amount('amount') }} as amount,
        {{ amount('netted_fees') }} as netted_fees,
        payer_name
    from source
)

select * from renamed
