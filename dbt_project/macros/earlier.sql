{#-
  A log as the earlier runs left it. A model that decides by earlier decisions would close a circle in dbt's graph,
  so it reads the table itself; before the first run there is none, and the columns come back empty.
-#}
{% macro earlier(schema, name, columns) -%}
    {%- set relation = relation_of(schema, name) -%}
    select
    {%- for column, type in columns.items() %}
        {% if relation %}{{ column }}{% else %}cast(null as {{ type }}) as {{ column }}{% endif %}{% if not loop.last %},{% endif %}
    {%- endfor %}
    {% if relation -%}
    from {{ relation }}
    where run_date < {{ run_date() }}
    {%- else -%}
        where false
    {%- endif %}
{%- endmacro %}
