{{ log() }}
-- depends_on: {{ ref('message_fields') }}

{% set tables = of_received(raw_tables()) %}
{% set rows = field_table() | selectattr('list', 'in', tables) | list %}

with files as (
    select
        file_id,
        list,
        message,
        edition,
        code_lists,
        relaxed
    from {{ source('raw', 'files') }}
    where run_date = {{ run_date() }} and state = 'read'
),

-- FMT01: what the reader could not read of a single record
unreadable as (
    {%- for list, names in tables.items() %}
        select
            record_id,
            '{{ list }}' as list,
            'FMT01' as rule_id,
            fault as detail
        from {{ source('raw', names[0]) }}
        where run_date = {{ run_date() }} and fault is not null
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- FMT02, FMT03: each message by its field table, in the edition that its source declares
fields as (
    {%- if not rows %}
        select
            cast(null as bigint) as record_id,
            cast(null as varchar) as list,
            cast(null as varchar) as fault
        where false
    {%- endif %}
    {%- for variant in rows | groupby('message') %}
    {%- set editions = variant.list | groupby('edition') %}
    {%- for edition in editions %}
    {%- for level in edition.list | groupby('level') %}
    {%- set list = level.list[0].list %}
    {{ field_faults(variant.grouper, list, judged_edition(editions, edition.grouper), level.grouper, tables[list][0 if level.grouper == 'head' else 1], level.list) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- FMT04: a value that fits its type must be in the code list in force on the day of application
application_days as (
    {%- for list, names in tables.items() %}
        select
            record_id,
            '{{ list }}' as list,
            coalesce(cast(try_strptime(left(app_time, 8), '%Y%m%d') as date), run_date) as day
        from {{ source('raw', names[0]) }}
        where run_date = {{ run_date() }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

coded as (
    {%- if not rows %}
        select
            cast(null as bigint) as record_id,
            cast(null as varchar) as element,
            cast(null as varchar) as code_list,
            cast(null as varchar) as code,
            cast(null as boolean) as fits
        where false
    {%- endif %}
    {%- for variant in rows | selectattr('code_list') | groupby('message') %}
    {%- set editions = variant.list | groupby('edition') %}
    {%- for edition in editions %}
    {%- for level in edition.list | groupby('level') %}
    {{ coded_values(variant.grouper, judged_edition(editions, edition.grouper), tables[level.list[0].list][0 if level.grouper == 'head' else 1], level.list) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- most codes were always in force: only the others are looked up by day
permanent_codes as (
    select distinct
        code_list,
        code,
        unnest(case code_set when '*' then ['customs', 'iso'] else [code_set] end) as code_set
    from {{ ref('code_lists') }}
    where valid_from <= date '1949-10-01' and valid_to is null
),

doubtful_codes as (
    select
        coded.record_id,
        coded.element,
        coded.code_list,
        coded.code,
        files.list,
        files.code_lists
    from coded
    inner join files on coded.record_id // 10000000 = files.file_id
    anti join permanent_codes as known
        on coded.code_list = known.code_list and coded.code = known.code and files.code_lists = known.code_set
    where coded.code is not null and coded.fits
),

unknown_codes as (
    select
        doubtful.record_id,
        doubtful.list,
        'FMT04' as rule_id,
        doubtful.element || ' ' || {{ shown_code('doubtful.code') }} || ' is not in the code list' as detail
    from doubtful_codes as doubtful
    inner join application_days on doubtful.record_id = application_days.record_id
    anti join {{ ref('code_lists') }} as known
        on
            doubtful.code_list = known.code_list
            and doubtful.code = known.code
            and known.code_set in ('*', doubtful.code_lists)
            and application_days.day between known.valid_from and coalesce(known.valid_to, date '9999-12-31')
),

-- FMT05: gnum compares as a number; what is no whole number is a matter of FMT03
repeated_items as (
    {%- for list, items in of_received({
        'order': 'order_items', 'declaration': 'declaration_items', 'departure': 'departure_items',
        'invoice': 'invoice_items', 'forex': 'forex_items', 'closing': 'closing_items'
    }).items() %}
        select
            record_id,
            '{{ list }}' as list,
            'FMT05' as rule_id,
            'gnum repeats' as detail
        from {{ source('raw', items) }}
        where run_date = {{ run_date() }} and regexp_full_match(gnum, '[+-]?[0-9]+') and try_cast(gnum as bigint) is not null
        group by record_id, try_cast(gnum as bigint)
        having count(*) > 1
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- FMT06
without_items as (
    {%- for list, (heads, items) in of_received({
        'order': ('orders', 'order_items'), 'declaration': ('declarations', 'declaration_items'),
        'invoice': ('invoices', 'invoice_items'), 'forex': ('forex', 'forex_items'), 'closing': ('closings', 'closing_items')
    }).items() %}
        select
            record_id,
            '{{ list }}' as list,
            'FMT06' as rule_id,
            'no items' as detail
        from {{ source('raw', heads) }}
        where
            run_date = {{ run_date() }}
            and fault is null
            and record_id not in (
                select record_id from {{ source('raw', items) }}
                where run_date = {{ run_date() }}
            )
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- FMT07
half_second_units as (
    select distinct
        record_id,
        'declaration' as list,
        'FMT07' as rule_id,
        'one of unit2 and qty2 is empty' as detail
    from {{ source('raw', 'declaration_items') }}
    where run_date = {{ run_date() }} and (unit2 is null) <> (qty2 is null)
),

-- FMT08
negative_values as (
    {%- set papers = rows | selectattr('list', 'in', paper_tables()) | selectattr('type', 'eq', 'N19,5')
        | rejectattr('element', 'eq', 'endingCredit') | list %}
    {%- if not papers %}
        select
            cast(null as bigint) as record_id,
            cast(null as varchar) as list,
            cast(null as varchar) as detail
        where false
    {%- endif %}
    {%- for of_list in papers | groupby('list') %}
    {%- for of_level in of_list.list | groupby('level') %}
    {{ negative_values(of_list.grouper, tables[of_list.grouper], of_level.grouper, of_level.list) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

found as (
    select * from unreadable
    union all
    select
        record_id,
        list,
        left(fault, 5),
        substr(fault, 7)
    from fields
    where record_id not in (select record_id from unreadable)
    union all
    select * from unknown_codes
    union all
    select * from repeated_items
    union all
    select * from without_items
    union all
    select * from half_second_units
    union all
    select
        record_id,
        list,
        'FMT08',
        detail
    from negative_values
),

record_faults as (
    select distinct
        {{ run_date() }} as run_date,
        found.record_id,
        found.list,
        found.rule_id,
        found.detail
    from found
    left join {{ ref('rules_in_force') }} as rules on found.rule_id = rules.rule_id
    -- typing rests on the first three: they hold whatever the catalogue says
    where rules.rule_id is not null or found.rule_id in ('FMT01', 'FMT02', 'FMT03')
)

select * from record_faults
