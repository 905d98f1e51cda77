-- files of this run, and files of earlier records that it superseded (or had superseded when it ran before)
{%- set relation = relation_of('audit', 'conservation') %}

with received as (
    select file_id
    from {{ source('raw', 'files') }}
    where run_date = {{ run_date() }} and state = 'read' and list is not null
),

superseded as (
    select distinct superseded_id // 10000000 as file_id
    from {{ ref('record_versions') }}
    where run_date = {{ run_date() }} and superseded_id is not null
),

written_before as (
    {% if relation -%}
        select file_id from {{ relation }}
        where changed_on = {{ run_date() }}
    {%- else -%}
        select file_id from received
        where false
    {%- endif %}
)

select * from received
union
select * from superseded
union
select * from written_before
