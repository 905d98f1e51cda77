{#-
  `make forget`: takes the clear values of persons out of what the runs before the run date received. What is open is still
  compared with what comes later, so staging keeps hash and mask; raw keeps, as the landing, that something stood there.
-#}
{% macro forget(personal, free_text) -%}
    {%- set query -%}
        select
            schema_name || '.' || table_name as name,
            schema_name = 'staging' as is_staged,
            string_agg(column_name, ' ' order by column_index) as columns
        from duckdb_columns()
        where
            database_name = current_database()
            and (
                (schema_name in ('raw', 'staging') and column_name in ('{{ personal | join("', '") }}'))
                or (schema_name = 'raw' and column_name in ('{{ free_text | join("', '") }}'))
            )
        group by all
        order by all
    {%- endset -%}
    {%- call statement('forget') -%}
        {%- for table in run_query(query).rows %}
        update {{ table.name }} set
            {%- for column in table.columns.split() %}
            {{ column }} = {% if table.is_staged %}'forgotten ' || {{ person_hash(column) }} || ' ' || {{ masked(column) }}
            {%- else %}case when {{ column }} is not null then 'forgotten' end{% endif %}{% if not loop.last %},{% endif %}
            {%- endfor %}
        where run_date < {{ run_date() }};
        {%- endfor %}
    {%- endcall -%}
    {%- do adapter.commit() -%}
{%- endmacro %}
