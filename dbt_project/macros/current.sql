{#- The current record of each key of a list, or of the keys in `keys` (column `key`) alone, at the end of the run. -#}
{% macro current_records_of(list, keys=none) -%}
    select key, record_id, order_key, is_live
    from (
        select records.*
        from {{ ref('current_records') }} as records
        {% if keys %}semi join {{ keys }} as keys on records.key = keys.key{% endif %}
        where records.list = '{{ list }}' and records.run_date <= {{ run_date() }}
    )
    qualify row_number() over (partition by key order by run_date desc) = 1
{%- endmacro %}

{#-
  What a rule of the catalogue allows on the day of the run. `flow`: the column that says of which flow a row is, where
  the rule may have other parameters for one flow. A row of one regime has none: it changes the action alone.
-#}
{% macro parameter(rule_id, flow=none) -%}
    {%- if flow is none -%}
        (
            select arg_min(rule.parameter, coalesce(rule.flow, '*')) from {{ ref('rules_in_force') }} as rule
            where rule.rule_id = '{{ rule_id }}' and coalesce(rule.regime, '*') = '*'
        )
    {%- else -%}
        case {{ flow }} when 'I' then {{ parameter_of(rule_id, 'I') }} else {{ parameter_of(rule_id, 'E') }} end
    {%- endif -%}
{%- endmacro %}

{% macro parameter_of(rule_id, flow) -%}
    (
        select arg_min(rule.parameter, coalesce(rule.flow, '*') = '*') from {{ ref('rules_in_force') }} as rule
        where
            rule.rule_id = '{{ rule_id }}'
            and coalesce(rule.flow, '*') in ('*', '{{ flow }}')
            and coalesce(rule.regime, '*') = '*'
    )
{%- endmacro %}
