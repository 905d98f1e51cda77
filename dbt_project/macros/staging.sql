{#- The records of the run that passed every record rule, with the file they came in. -#}
{% macro sound_records(table) -%}
    select
        data.*,
        files.source_id,
        files.path,
        files.file_name,
        files.message,
        files.flow,
        files.code_lists
    from {{ source('raw', table) }} as data
    inner join {{ source('raw', 'files') }} as files
        on data.file_id = files.file_id and files.run_date = {{ run_date() }}
    anti join {{ ref('record_faults') }} as faults
        on data.record_id = faults.record_id and faults.run_date = {{ run_date() }}
    where data.run_date = {{ run_date() }}
{%- endmacro %}

{#- The items of the records in `heads`. -#}
{% macro sound_items(table, heads) -%}
    select data.*, heads.code_lists
    from {{ source('raw', table) }} as data
    inner join {{ heads }} as heads on data.record_id = heads.record_id
    where data.run_date = {{ run_date() }}
{%- endmacro %}

{#- What every staged record carries, whatever its list. -#}
{% macro record_columns() -%}
    run_date,
    record_id,
    source_id,
    path,
    file_name,
    position,
    message,
    flow,
    code_lists,
    cast(app_type as integer) as app_type,
    {{ moment('app_time') }} as app_time,
    app_status = '1' as is_draft
{%- endmacro %}

{#- A code as the other code set writes it: ISO codes of a source become the customs codes that messages carry. -#}
{% macro customs_currency(column) -%}
    case code_lists
        when 'iso' then (select any_value(c.iso) from {{ ref('code_lists') }} as c where c.code_list = 'currency' and c.code_set = 'iso' and c.code = {{ column }})
        else {{ column }}
    end
{%- endmacro %}

{#- ISO 3166 alpha-3 of a country code in the source's own code set. -#}
{% macro alpha3(column) -%}
    (select any_value(c.iso) from {{ ref('code_lists') }} as c where c.code_list = 'country' and c.code_set = code_lists and c.code = {{ column }})
{%- endmacro %}
