{#- The current record of each of the keys in `keys` (column `key`), at the end of the run. -#}
{% macro current_records_of(list, keys) -%}
    select key, record_id, order_key, is_live
    from (
        select records.*
        from {{ ref('current_records') }} as records
        semi join {{ keys }} as keys on records.key = keys.key
        where records.list = '{{ list }}' and records.run_date <= {{ run_date() }}
    )
    qualify row_number() over (partition by key order by run_date desc) = 1
{%- endmacro %}

{#- What a rule of the catalogue allows on the day of the run. -#}
{% macro parameter(rule_id) -%}
    (select rule.parameter from {{ ref('rules_in_force') }} as rule where rule.rule_id = '{{ rule_id }}')
{%- endmacro %}
