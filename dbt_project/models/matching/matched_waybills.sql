-- current waybills that a declaration in scope names
with keys as (
    select distinct waybill_key as key
    from {{ ref('declared') }}
    where waybill_key is not null
),

current_waybills as (
    {{ current_records_of('waybill', 'keys') }}
)

select
    waybills.* exclude (consignee, consignee_telephone, consignee_address),
    {{ persons(['consignee', 'consignee_telephone', 'consignee_address'], 'waybills') }}
from current_waybills
inner join {{ ref('stg_waybills') }} as waybills on current_waybills.record_id = waybills.record_id
where current_waybills.is_live
