{#-
  `make forget`: takes the clear values of persons out of what the runs before the run date received. What is open is still
  compared with what comes later, so staging keeps hash and mask; raw keeps, as the landing, that something stood there.
  `tables`: table → columns, as `sandan.warehouse.forgotten.tables_of_persons` finds them.
-#}
{% macro forget(tables) -%}
    {%- call statement('forget') -%}
        {%- for table, columns in tables.items() %}
        update {{ table }} set
            {%- for column in columns %}
            {{ column }} = {% if table.startswith('staging.') %}'forgotten ' || {{ person_hash(column) }} || ' ' || {{ masked(column) }}
            {%- else %}case when {{ column }} is not null then 'forgotten' end{% endif %}{% if not loop.last %},{% endif %}
            {%- endfor %}
        where run_date < {{ run_date() }};
        {%- endfor %}
    {%- endcall -%}
    {%- do adapter.commit() -%}
{%- endmacro %}
