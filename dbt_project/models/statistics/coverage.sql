{{ vintages() }}
{%- set states = ['received', 'accepted', 'superseded', 'duplicate', 'stale', 'draft', 'quarantined'] %}

-- a source that sent before and is silent in the month has a row, too
select
    -- the vintage
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,

    -- a source, and a list that it has ever sent by the end of the month
    source_id,
    list,

    -- on how many days it was heard
    cast(date_part('day', {{ run_date() }}) as integer) as days,
    cast(count(distinct run_date) filter (where is_of_month) as integer) as days_heard,
    max(run_date) as last_heard,

    -- what became of the records that came in the month
    {%- for state in states %}
        cast(coalesce(sum({{ state }}) filter (where is_of_month), 0) as integer) as {{ state }}{% if not loop.last %},{% endif %}
    {%- endfor %}
from (
    select
        *,
        run_date >= date_trunc('month', {{ run_date() }}) as is_of_month
    from {{ ref('conservation') }}
    where run_date <= {{ run_date() }}
)
group by source_id, list
