{{ log() }}

with source as (
    {{ sound_records('export_claims') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['taxpayer_id', 'relation_no', 'form_no', number('line_no')]) }} as export_claim_key,
        taxpayer_id,
        relation_no,
        form_no,
        {{ whole('line_no') }} as line_no,
        period,
        business_type
    from source
)

select * from renamed
