{#-
  One text for a key of several parts. U+001F is no character of XML 1.0 and is refused in the local formats,
  so two different keys never give the same text.
-#}
{% macro key(parts) -%}
    {%- for part in parts -%}
        coalesce({{ part }}, ''){% if not loop.last %} || chr(31) || {% endif %}
    {%- endfor -%}
{%- endmacro %}

{#- The same key as people read it: parts joined by "|", and a "|" inside a part written "\|". -#}
{% macro shown_key(column) -%}
    replace(replace(replace({{ column }}, '\', '\\'), '|', '\|'), chr(31), '|')
{%- endmacro %}

{#- A payment's key begins with its flow, since the two flows name payments in different ways; people need not see that. -#}
{% macro shown_list_key(list, key) -%}
    {{ shown_key("case " ~ list ~ " when 'payment' then substr(" ~ key ~ ", 3) else " ~ key ~ " end") }}
{%- endmacro %}

{#- A number within a key, however it was written: 1 and 01 are the same. -#}
{% macro number(column) -%}
    cast({{ whole(column) }} as varchar)
{%- endmacro %}
