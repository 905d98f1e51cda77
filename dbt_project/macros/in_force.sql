{#- Failed rules with the action that the catalogue gives them; a rule that is not in force finds nothing. -#}
{% macro in_force(failed) -%}
    select
        failed.declaration_key,
        failed.rule_id,
        rules.action,
        failed.expected,
        failed.observed
    from {{ failed }} as failed
    inner join {{ ref('matched') }} as matched on failed.declaration_key = matched.declaration_key
    inner join {{ ref('rules_in_force') }} as rules
        on failed.rule_id = rules.rule_id and rules.flow in ('*', matched.flow)
{%- endmacro %}
