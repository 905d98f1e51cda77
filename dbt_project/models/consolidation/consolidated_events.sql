{{ config(post_hook=[
    "delete from {{ ref('tracking_events') }} where event = 'consolidated' and \"at\" = {{ run_moment() }}",
    "insert into {{ ref('tracking_events') }} by name select * from {{ this }}"
]) }}

-- The event that this month adds to each of its lists, in the rows of tracking_events: a later daily run that touches the
-- list writes it again. `changed_on` is the run that wrote the list's other rows, so that running that date again replaces all.
-- depends_on: {{ ref('tracking_events') }}
select
    facts.ebc_code,
    facts.cop_no,
    'consolidated' as event,
    {{ run_moment() }} as at,
    cast(null as varchar) as list,
    cast(null as varchar) as source_id,
    facts.changed_on
from {{ ref('consolidation_lists') }} as lists
inner join {{ ref('clearance_facts') }} as facts on lists.ebc_code = facts.ebc_code and lists.cop_no = facts.cop_no
where lists.month = {{ month() }} and lists.outcome = 'consolidated'
