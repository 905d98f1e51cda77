{#- A log by vintages of a month. A vintage that is published is never written again: what a run replaces was left by one that stopped. -#}
{% macro vintages() -%}
    {{- appended("period = {{ month() }} and vintage_no >= {{ var('vintage_no') }}") }}
{%- endmacro %}

{#- The rows of the month's vintage at work, or of the one so many before it. -#}
{% macro of_vintage(before=0) -%}
    period = {{ month() }} and vintage_no = {{ var("vintage_no") }}{% if before %} - {{ before }}{% endif %}
{%- endmacro %}

{#- Whether a moment lies in the month, from its first to its last second. -#}
{% macro in_month(moment) -%}
    ({{ moment }} >= date_trunc('month', {{ run_date() }}) and {{ moment }} < {{ run_date() }} + interval 1 day)
{%- endmacro %}

{#- What a cell is one of; quantities add up in one unit only. -#}
{% macro cell_columns() -%}
    {{ return(['flow', 'supervision_mode', 'hs_code', 'partner', 'transport_mode', 'customs_code', 'unit1']) }}
{%- endmacro %}

{#- The columns of a cell as they stand in a relation. -#}
{% macro cell_of(relation) -%}
    {%- for column in cell_columns() -%}
        {{ relation }}.{{ column }}{% if not loop.last %},
    {% endif %}
    {%- endfor -%}
{%- endmacro %}

{#- Two relations have the same cell; a code that is not known is a cell of its own. -#}
{% macro same_cell(left, right) -%}
    {%- for column in cell_columns() -%}
        {{ left }}.{{ column }} is not distinct from {{ right }}.{{ column }}{% if not loop.last %}
        and {% endif %}
    {%- endfor -%}
{%- endmacro %}

{#- The measures that a cell adds up, of its items and of what came back of them. -#}
{% macro cell_measures() -%}
    {{ return([
        'items', 'qty1', 'net_weight_kg', 'value_cny', 'value_usd', 'returns', 'returned_qty1', 'returned_net_weight_kg',
        'returned_value_cny', 'returned_value_usd'
    ]) }}
{%- endmacro %}

{#- Kilograms that a legal quantity states, where its unit is one of mass. -#}
{% macro kilograms(qty, unit) -%}
    case {{ unit }} when '035' then {{ qty }} when '036' then cast({{ qty }} * 0.001 as decimal(19, 5)) end
{%- endmacro %}

{#- The part of an amount that falls to what came back now; differences of what came back so far, so that all of it is the amount. -#}
{% macro returned_part(amount) -%}
    cast({{ part_of(amount, 'qty_so_far', 'qty') }} - {{ part_of(amount, 'qty_before', 'qty') }} as decimal(19, 5))
{%- endmacro %}

{#- The parameter of a policy of the house, as it is in force on the day that the vintage is made. -#}
{% macro policy(rule_id) -%}
    (
        select min(policy.parameter) from {{ ref('rules') }} as policy
        where
            policy.rule_id = '{{ rule_id }}'
            and date '{{ var("made_on") }}' between policy.valid_from and coalesce(policy.valid_to, date '9999-12-31')
    )
{%- endmacro %}

{#- The natural logarithm of CNY a unit, in steps of a hundredth: one percent. -#}
{% macro log_unit_value(value, qty) -%}
    cast(round(ln({{ value }} / {{ qty }}), 2) as decimal(9, 2))
{%- endmacro %}

{#- A weight rounded to the gram. -#}
{% macro to_the_gram(weight) -%}
    cast(round({{ weight }}, 3) as decimal(19, 5))
{%- endmacro %}
