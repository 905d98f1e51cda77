{#-
  What matching may know of the persons in `columns` of `table`: whether two are the same (keyed hash), and what people
  may see of them (mask). Only import lists are compared by persons.
-#}
{% macro persons(columns, table) -%}
    {%- for column in columns -%}
        case {{ table }}.flow when 'I' then {{ person_hash(table ~ '.' ~ column) }} end as {{ column }}_hash,
    case {{ table }}.flow when 'I' then {{ masked(table ~ '.' ~ column) }} end as {{ column }}_shown{% if not loop.last %},
    {% endif %}
    {%- endfor -%}
{%- endmacro %}

{#- A person as a finding shows it: `parts` is label → column without `_shown`. -#}
{% macro shown_person(parts) -%}
    {%- for label, column in parts.items() -%}
        '{{ label }} ' || coalesce({{ column }}_shown, 'none'){% if not loop.last %} || ', ' || {% endif %}
    {%- endfor -%}
{%- endmacro %}

{#- Masks of two persons may look the same: what of `parts` (label → the two columns) is not. -#}
{% macro other_parts(parts) -%}
    concat_ws(', '{% for label, (left, right) in parts.items() -%}
        , case when {{ left }}_hash is distinct from {{ right }}_hash then 'other {{ label }}' end
    {%- endfor %})
{%- endmacro %}
