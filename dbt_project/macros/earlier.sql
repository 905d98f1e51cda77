{#-
  A log as the earlier runs left it. A model that decides by earlier decisions would close a circle in dbt's graph,
  so it reads the table itself; before the first run there is none, and the columns come back empty.
-#}
{% macro earlier(schema, name, columns) -%}
    {{ as_it_is(relation_of(schema, name), columns, 'run_date < ' ~ run_date()) }}
{%- endmacro %}

{#- The rows of a relation that may not be there yet; then its columns come back empty. -#}
{% macro as_it_is(relation, columns, condition) -%}
    select
    {%- for column, type in columns.items() %}
        {% if relation %}{{ column }}{% else %}cast(null as {{ type }}) as {{ column }}{% endif %}{% if not loop.last %},{% endif %}
    {%- endfor %}
    {% if relation -%}
    from {{ relation }}
    where {{ condition }}
    {%- else -%}
        where false
    {%- endif %}
{%- endmacro %}
