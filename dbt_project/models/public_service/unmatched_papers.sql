{{ log() }}

-- Papers that name a declaration or a form that nobody knows: waiting from the run that brought them to the one in which it is
-- there (found), or in which the paper names it no longer (gone).
{%- set naming = [
    ('closing', 'stg_closings', 'form', 'papers.form_no'),
    ('export_claim', 'stg_export_claims', 'form', 'papers.form_no'),
    ('overseas_sale', 'stg_overseas_sales', 'form', 'papers.form_no'),
    ('forex', 'stg_forex', 'form', 'case when items.cop_no is null then items.form_no end'),
    ('forex', 'stg_forex', 'declaration', 'case when items.cop_no is not null then ' ~ key(['papers.ebc_code', 'items.cop_no']) ~ ' end'),
    ('inspection', 'stg_inspections', 'declaration', 'papers.declaration_key'),
    ('zone_registration', 'stg_zone_registrations', 'declaration', 'papers.declaration_key')
] %}

with changed as (
    select
        list,
        key,
        record_id,
        is_live
    from {{ ref('current_records') }}
    where run_date = {{ run_date() }}
),

named as (
    {%- for list, model, names, named in naming %}
        select distinct
            changed.list,
            changed.key,
            '{{ names }}' as names,
            {{ named }} as named
        from changed
        inner join {{ ref(model) }} as papers on changed.record_id = papers.record_id
        {% if list == 'forex' %}inner join {{ ref('stg_forex_items') }} as items on changed.record_id = items.record_id{% endif %}
        where changed.list = '{{ list }}' and changed.is_live
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

before as (
    select *
    from (
        {{ earlier('public_service', 'unmatched_papers', {
            'run_date': 'date', 'list': 'varchar', 'key': 'varchar', 'names': 'varchar', 'named': 'varchar', 'state': 'varchar'
        }) }}
    ) as papers
    qualify row_number() over (partition by list, key, names, named order by run_date desc) = 1
),

waiting as (
    select * exclude (run_date, state)
    from before
    where state = 'waiting'
),

candidates as (
    select * from named
    where named is not null
    union
    select waiting.*
    from waiting
    anti join changed on waiting.list = changed.list and waiting.key = changed.key
),

known as (
    select
        'form' as names,
        form_no as named
    from ({{ form_members() }}) as members
    union all
    select
        'declaration' as names,
        key as named
    from {{ ref('current_records') }}
    where list = 'declaration' and run_date <= {{ run_date() }}
),

unknown as (
    select candidates.*
    from candidates
    anti join known on candidates.names = known.names and candidates.named = known.named
),

ended as (
    select
        waiting.*,
        case when candidates.key is null then 'gone' else 'found' end as state
    from waiting
    left join candidates
        on
            waiting.list = candidates.list
            and waiting.key = candidates.key
            and waiting.names = candidates.names
            and waiting.named = candidates.named
    anti join unknown
        on
            waiting.list = unknown.list
            and waiting.key = unknown.key
            and waiting.names = unknown.names
            and waiting.named = unknown.named
),

told as (
    select
        *,
        'waiting' as state
    from unknown
    anti join waiting
        on
            unknown.list = waiting.list
            and unknown.key = waiting.key
            and unknown.names = waiting.names
            and unknown.named = waiting.named
    union all
    select * from ended
)

select
    {{ run_date() }} as run_date,
    list,
    {{ shown_key('key') }} as key,
    names,
    {{ shown_key('named') }} as named,
    state
from told
