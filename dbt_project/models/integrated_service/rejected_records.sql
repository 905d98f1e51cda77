-- The quarantined records of the run that name an enterprise.
{%- set lists = of_received(naming_lists()) %}

with naming as (
    {%- for list in lists %}
        select
            files.source_id,
            files.path,
            cast(data.record_id % 10000000 as integer) as position,
            files.flow,
            data.ebc_code,
            {% set cop_no = 'data.cop_no' if lists[list] else 'cast(null as varchar)' -%}
            case when not {{ may_be_person(cop_no) }} then {{ cop_no }} end as cop_no
        from {{ source('raw', raw_tables()[list][0]) }} as data
        inner join {{ source('raw', 'files') }} as files on data.file_id = files.file_id and data.run_date = files.run_date
        where data.run_date = {{ run_date() }} and files.list = '{{ list }}' and not {{ may_be_person('data.ebc_code') }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    quarantine.list,
    naming.flow,
    naming.ebc_code,
    naming.cop_no,
    coalesce(quarantine.natural_key, quarantine.source_id || ' ' || quarantine.path || ' ' || quarantine.position) as natural_key,
    quarantine.rule_ids,
    quarantine.reason
from {{ ref('quarantine') }} as quarantine
inner join naming
    on
        quarantine.source_id = naming.source_id
        and quarantine.path = naming.path
        and quarantine.position = naming.position
where quarantine.run_date = {{ run_date() }}
