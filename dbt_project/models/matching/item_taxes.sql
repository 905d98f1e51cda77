{{ log() }}

-- one row per item of an import that the run decides: what is dutiable, and what is due of it
with declarations as (
    select
        declared.declaration_key,
        declared.declared_date,
        {{ in_cny('declared.freight', 'declared.currency', 'rates.cny_per_unit') }}
        + {{ in_cny('declared.insured_fee', 'declared.currency', 'rates.cny_per_unit') }} as charges,
        dollars.cny_per_unit as cny_per_dollar
    from {{ ref('declared') }} as declared
    left join {{ ref('monthly_rates') }} as rates
        on strftime(declared.declared_date, '%Y-%m') = rates.month and declared.currency = rates.currency
    left join {{ ref('monthly_rates') }} as dollars
        on strftime(declared.declared_date, '%Y-%m') = dollars.month and dollars.currency = '502'
    where declared.flow = 'I'
),

valued as (
    select
        items.declaration_key,
        declarations.declared_date,
        try_cast(declarations.charges as decimal(19, 5)) as charges,
        declarations.cny_per_dollar,
        items.gnum,
        items.hs_code,
        items.qty,
        {{ in_cny('items.total_price', 'items.currency', 'rates.cny_per_unit') }} as value_cny
    from declarations
    inner join {{ ref('declared_items') }} as items on declarations.declaration_key = items.declaration_key
    left join {{ ref('monthly_rates') }} as rates
        on strftime(declarations.declared_date, '%Y-%m') = rates.month and items.currency = rates.currency
),

summed as (
    select
        *,
        case
            when count(*) over declaration = count(value_cny) over declaration
                then try_cast(sum(value_cny) over declaration as decimal(19, 5))
        end as goods_cny,
        count(*) over declaration = 1 and qty = 1 as is_single_item,
        gnum = max(gnum) over declaration as is_last
    from valued
    window declaration as (partition by declaration_key)
),

-- freight and insurance by value; the last line takes what rounding leaves over, so that the shares add up
shared as (
    select
        *,
        case
            when is_last then null
            when goods_cny = 0 then 0
            else {{ portion('charges', 'value_cny', 'goods_cny') }}
        end as share
    from summed
),

dutiable as (
    select
        *,
        try_cast(goods_cny + charges as decimal(19, 5)) as declaration_value,
        case
            when declaration_value is null then null
            when is_last then try_cast(value_cny + charges - coalesce(sum(share) over declaration, 0) as decimal(19, 5))
            else try_cast(value_cny + share as decimal(19, 5))
        end as dutiable_value
    from shared
    window declaration as (partition by declaration_key)
),

-- the catalogue's single limit and retail share, by the day of declaration
terms as (
    select
        rule_id,
        parameter,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('rules') }}
    where rule_id in ('LIM01', 'TAX02') and flow = 'I' and regime = '*'
),

rated as (
    select
        dutiable.*,
        tariff.mfn_rate,
        tariff.vat_rate,
        tariff.consumption_rate,
        case
            when dutiable.declaration_value is null then null
            when dutiable.is_single_item and dutiable.declaration_value > single_limit.parameter then 'full'
            else 'retail_70'
        end as regime,
        case regime when 'full' then 1 + tariff.mfn_rate else retail_share.parameter end as factor
    from dutiable
    left join {{ ref('import_tariff') }} as tariff
        on dutiable.hs_code = tariff.hs_code and dutiable.declared_date between tariff.valid_from and tariff.valid_to
    left join terms as single_limit
        on
            single_limit.rule_id = 'LIM01'
            and dutiable.declared_date between single_limit.valid_from and single_limit.valid_to
    left join terms as retail_share
        on
            retail_share.rule_id = 'TAX02'
            and dutiable.declared_date between retail_share.valid_from and retail_share.valid_to
)

select
    {{ run_date() }} as run_date,
    declaration_key,
    gnum,
    hs_code,
    declared_date,
    is_single_item,
    declaration_value,
    value_cny,
    dutiable_value,
    {{ converted('dutiable_value', 'cast(1 as decimal(19, 8))', 'cny_per_dollar') }} as dutiable_value_usd,
    regime,
    mfn_rate,
    vat_rate,
    consumption_rate,
    case regime
        when 'full' then {{ import_tax('dutiable_value', 'cast(1 as decimal(19, 5))', 'mfn_rate', 'cast(0 as decimal(19, 5))') }}
        when 'retail_70' then {{ import_tax('dutiable_value', 'cast(0 as decimal(19, 5))', 'mfn_rate', 'cast(0 as decimal(19, 5))') }}
    end as tariff_due,
    {{ import_tax('dutiable_value', 'factor', 'consumption_rate', 'consumption_rate') }} as consumption_due,
    {{ import_tax('dutiable_value', 'factor', 'vat_rate', 'consumption_rate') }} as vat_due
from rated
