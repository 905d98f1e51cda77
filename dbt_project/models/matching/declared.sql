-- current version of every declaration in scope
select
    scope.life_record_id,
    scope.declared_date,
    scope.matched_at,
    scope.decided_before,
    declarations.* exclude (buyer_id_number, buyer_name, buyer_telephone),
    {{ persons(['buyer_id_number', 'buyer_name', 'buyer_telephone'], 'declarations') }}
from {{ ref('scope') }} as scope
inner join {{ ref('stg_declarations') }} as declarations on scope.record_id = declarations.record_id
