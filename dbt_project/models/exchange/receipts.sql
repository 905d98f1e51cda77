{{ log() }}

{%- set fields = receipt_fields() %}
{%- set keys = receipt_keys() %}

-- Every receipt of the run, with the elements that its message has. What cannot be answered so (a key is missing, or no value of its
-- element) and what could not be read is answered by CEB900. Persons are in none: no receipt of the standard has an element for one.
with answers as (
    select * from {{ ref('answered_records') }}
    union all by name
    select * from {{ ref('answered_declarations') }}
),

receipts as (
    {%- if not fields %}
        select
            answers.*,
            '' as receipt,
            true as is_answerable
        from answers
        where false
    {%- endif %}
    {%- for variant in fields | groupby('message') %}
    {%- set editions = variant.list | groupby('edition') %}
    {%- for edition in editions %}
    {%- set elements = {} %}
    {%- for field in edition.list %}{% do elements.update({field.column_name: field}) %}{% endfor %}
        select
            answers.* exclude ({{ keys | join(', ') }}),
            '{{ variant.grouper }}' as receipt,
            {%- for column in keys %}
                {% if column in elements -%}
                    case when {{ fits_element('answers.' ~ column, elements[column]) }} then answers.{{ column }} end as {{ column }},
                {%- else -%}
                    answers.{{ column }},
                {%- endif %}
            {%- endfor %}
            coalesce(
                {%- for field in edition.list if field.key_part or (field.presence == 'M' and not field.may_be_empty) %}
                    {{ fits_element('answers.' ~ field.column_name, field) }} and
                {%- endfor %}
                true,
                false
            ) as is_answerable
        from answers
        where
            answers.message = 'CEB{{ variant.grouper[3:] | int - 1 }}'{% if editions | length > 1 %} and answers.edition = '{{ edition.grouper }}'{% endif %}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

answered as (
    select
        * exclude (is_answerable, receipt, return_status),
        case when is_answerable then receipt else 'CEB900' end as receipt,
        -- a format receipt says below zero that a format is wrong; what became of the record stands in its text
        case when is_answerable or starts_with(return_status, '-') then return_status else '-1' end as return_status,
        case
            when is_answerable then return_info
            else '第' || cast(record_id % 10000000 as varchar) || '条记录缺少回执必填项,状态' || return_status || ',' || return_info
        end as info
    from receipts
),

format_rule as (
    select max(title_zh) as title_zh
    from {{ ref('rules_in_force') }}
    where rule_id = 'FMT01'
),

unreadable as (
    select
        'F' || files.file_id as receipt_id,
        files.source_id,
        files.message,
        files.edition,
        'quarantined' as state,
        files.path,
        'CEB900' as receipt,
        codes.return_status,
        codes.text_zh || ',' || {{ named_rule("'FMT01'", 'rules.title_zh') }} || ',[' || coalesce(files.reason, '') || ']' as info
    from {{ source('raw', 'files') }} as files
    inner join {{ ref('receipt_codes') }} as codes on codes.about = 'file'
    cross join format_rule as rules
    where files.run_date = {{ run_date() }} and files.state = 'quarantined'
),

receipts_of_the_run as (
    select * from answered
    union all by name
    select * from unreadable
)

select
    {{ run_date() }} as run_date,
    receipt_id,
    source_id,
    receipt as message,
    edition,
    list,
    state,
    {%- for column in keys %}
        {{ column }},
    {%- endfor %}
    case when receipt = 'CEB900' then left(regexp_replace(path, '{{ no_characters() }}', '?', 'g'), 255) end as ori_cop_msg_id,
    case when receipt = 'CEB900' then coalesce(message || 'Message', 'Unknown') end as ori_message_type,
    return_status,
    -- what is decided follows on what is received
    '{{ var("run_date") | replace("-", "") }}23595900' || case when starts_with(receipt_id, 'D') then '1' else '0' end as return_time,
    left(regexp_replace(info, '{{ no_characters() }}', '?', 'g'), case receipt when 'CEB900' then 5000 else 1000 end) as return_info
from receipts_of_the_run
