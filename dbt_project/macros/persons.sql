{#- A person as a keyed hash: 64 hexadecimal digits, null for null. The key is known to the connection alone. -#}
{% macro person_hash(column) -%}
    persons.main.person_hash({{ column }})
{%- endmacro %}

{#- What may be shown of a person: the first character, and of longer texts the last. -#}
{% macro masked(column) -%}
    (left({{ column }}, 1) || '***' || case when length({{ column }}) >= 8 then right({{ column }}, 1) else '' end)
{%- endmacro %}
