{#- A number as a person writes it: no trailing zeros. -#}
{% macro shown(number) -%}
    rtrim(rtrim(cast({{ number }} as varchar), '0'), '.')
{%- endmacro %}

{#- The first lines of many, so that a finding stays readable. -#}
{% macro shown_lines(text, order) -%}
    array_to_string(list_slice(list({{ text }} order by {{ order }}), 1, 3), '; ') || case when count(*) > 3 then '; +' || (count(*) - 3) else '' end
{%- endmacro %}
