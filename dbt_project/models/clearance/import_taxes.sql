{{ declaration_mart() }}

-- as of the last decision, at the rates that it knew
select
    -- key
    touched.ebc_code,
    touched.cop_no,
    taxes.gnum,

    -- what is dutiable, and how
    taxes.value_cny,
    taxes.dutiable_value,
    taxes.dutiable_value_usd,
    taxes.regime,
    taxes.vat_rate,
    taxes.consumption_rate,

    -- what is due
    taxes.vat_due,
    taxes.consumption_due,
    taxes.tariff_due,

    -- runs
    touched.run_date as changed_on
from {{ ref('touched_declarations') }} as touched
inner join {{ ref('item_taxes') }} as taxes
    on touched.declaration_key = taxes.declaration_key and touched.decided_on = taxes.run_date
where touched.flow = 'I' and touched.status <> 'cancelled'
