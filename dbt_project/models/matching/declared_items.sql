select
    declared.declaration_key,
    declared.order_key,
    items.*
from {{ ref('declared') }} as declared
inner join {{ ref('stg_declaration_items') }} as items on declared.record_id = items.record_id
