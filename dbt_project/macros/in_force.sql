{#-
  Failed rules with the action that the catalogue gives them, for the flow and regime of the declaration. A rule that is
  not in force, or switched off, finds nothing.
-#}
{% macro in_force(failed) -%}
    select
        failed.declaration_key,
        failed.rule_id,
        actions.action,
        failed.expected,
        failed.observed
    from {{ failed }} as failed
    inner join {{ ref('matched') }} as matched on failed.declaration_key = matched.declaration_key
    inner join {{ ref('rule_actions') }} as actions
        on
            failed.rule_id = actions.rule_id
            and matched.flow = actions.flow
            and matched.supervision_mode is not distinct from actions.supervision_mode
    where actions.action <> 'off'
{%- endmacro %}
