{#-
  `make forget`: takes the clear values of persons out of what the runs before the run date received. What is open is still
  compared with what comes later, so staging keeps hash and mask; raw keeps, as the landing, that something stood there.
  `tables`: table → columns, as `sandan.warehouse.forgotten.tables_of_persons` finds them.
-#}
{% macro forgotten(table, column) -%}
    {%- if table.startswith('staging.') -%}
        'forgotten ' || {{ person_hash(column) }} || ' ' || {{ masked(column) }}
    {%- else -%}
        case when {{ column }} is not null then 'forgotten' end
    {%- endif -%}
{%- endmacro %}

{% macro forget(tables) -%}
    {%- call statement('forget') -%}
        {%- for table, columns in tables.items() %}
            {%- set values = [] %}
            {%- for column in columns %}{% do values.append(column ~ ' = ' ~ forgotten(table, column)) %}{% endfor %}
            update {{ table }} set {{ values | join(', ') }}
            where run_date < {{ run_date() }};
        {%- endfor %}
    {%- endcall -%}
    {%- do adapter.commit() -%}
{%- endmacro %}
