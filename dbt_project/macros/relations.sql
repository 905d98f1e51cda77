{#-
  A table as it is, and not by ref(): none before the first run has made it, and while dbt parses.
  In a file of its own: sqlfluff takes what return() gives only of macros of another file.
-#}
{% macro relation_of(schema, name) -%}
    {{ return(adapter.get_relation(database=target.database, schema=schema, identifier=name) if execute else none) }}
{%- endmacro %}
