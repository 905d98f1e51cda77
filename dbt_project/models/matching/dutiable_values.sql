-- the imports that the run decides, and what is due of them; where the tax of one item is not known, neither is the sum
select
    declaration_key,
    bool_and(is_single_item) as is_single_item,
    any_value(declaration_value) as dutiable_value,
    case when count(*) = count(vat_due) then try_cast(sum(tariff_due + consumption_due + vat_due) as decimal(19, 5)) end as tax_due
from {{ ref('item_taxes') }}
where run_date = {{ run_date() }}
group by declaration_key
