{#- An amount in CNY; nothing needs no rate. -#}
{% macro in_cny(amount, currency, cny_per_unit) -%}
    case
        when coalesce({{ amount }}, 0) = 0 then cast(0 as decimal(19, 5))
        when {{ currency }} = '142' then {{ amount }}
        else {{ converted(amount, cny_per_unit, 'cast(1 as decimal(19, 8))') }}
    end
{%- endmacro %}

{#-
  An import tax, rounded to the cent, half up: value × factor × rate ÷ (1 − rate of consumption tax), since consumption
  tax is part of the price that it and VAT are levied on. `factor` is the share that retail imports pay, or 1 and the
  rate of the tariff. Whole numbers: values, factors and rates have five decimals each.
-#}
{% macro import_tax(value, factor, rate, consumption_rate) -%}
    {%- set divisor = '(100000 - ' ~ units(consumption_rate, 5) ~ ') * 100000000' -%}
    cast(
        (2 * {{ units(positive(value), 5) }} * {{ units(factor, 5) }} * {{ units(rate, 5) }} + {{ divisor }})
        // (2 * {{ divisor }})
        * 0.01 as decimal(19, 5)
    )
{%- endmacro %}

{#- Not greatest(): DuckDB passes nulls by, and what is unknown stays unknown. -#}
{% macro positive(number) -%}
    (case when {{ number }} < 0 then 0 else {{ number }} end)
{%- endmacro %}

{#- Of `totals`, the earlier rows of annual_totals: the latest of each buyer and year that `of` names. -#}
{% macro latest_totals(of) -%}
    select
        totals.buyer_hash,
        totals.year,
        arg_max(totals.total, totals.run_date) as total
    from totals
    semi join {{ of }} on totals.buyer_hash = {{ of }}.buyer_hash and totals.year = {{ of }}.year
    group by totals.buyer_hash, totals.year
{%- endmacro %}
