{#-
  One text for a key of several parts. U+001F is no character of XML 1.0 and is refused in the local formats,
  so two different keys never give the same text.
-#}
{% macro key(parts) -%}
    {%- for part in parts -%}
        coalesce({{ part }}, ''){% if not loop.last %} || chr(31) || {% endif %}
    {%- endfor -%}
{%- endmacro %}

{#- The same key as people read it. -#}
{% macro shown_key(column) -%}
    replace({{ column }}, chr(31), '|')
{%- endmacro %}
