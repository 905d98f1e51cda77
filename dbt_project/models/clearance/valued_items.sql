-- items of the touched declarations, valued at the monthly rate of the month of declaration
with rates as (
    select
        month,
        currency,
        cny_per_unit
    from {{ ref('monthly_rates') }}
    where currency <> '142'
    union all
    select distinct
        strftime(declared_date, '%Y-%m'),
        '142',
        1
    from {{ ref('touched_declarations') }}
)

select
    touched.declaration_key,
    touched.ebc_code,
    touched.cop_no,
    touched.declared_date,
    touched.run_date as changed_on,
    items.* exclude (run_date, record_id),
    rates.cny_per_unit is not null and dollars.cny_per_unit is not null as has_rates,
    {{ converted('items.total_price', 'rates.cny_per_unit', 'cast(1 as decimal(19, 8))') }} as value_cny,
    {{ converted('items.total_price', 'rates.cny_per_unit', 'dollars.cny_per_unit') }} as value_usd
from {{ ref('touched_declarations') }} as touched
inner join {{ ref('stg_declaration_items') }} as items on touched.record_id = items.record_id
left join rates
    on strftime(touched.declared_date, '%Y-%m') = rates.month and items.currency = rates.currency
left join rates as dollars
    on strftime(touched.declared_date, '%Y-%m') = dollars.month and dollars.currency = '502'
