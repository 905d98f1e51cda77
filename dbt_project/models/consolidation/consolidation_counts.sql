{{ monthly() }}

-- one row a month, also one without any list
with lists as (
    select
        count(*) as closed,
        count(*) filter (where outcome = 'consolidated') as consolidated,
        count(*) filter (where outcome = 'simplified') as left_out_simplified,
        count(*) filter (where outcome = 'returned') as left_out_returned,
        count(*) filter (where outcome = 'consolidated' and strftime(closed_at, '%Y-%m') < {{ month() }}) as late
    from {{ ref('consolidation_lists') }}
    where month = {{ month() }}
),

members as (
    select
        count(*) as members,
        count(*) filter (where returned_qty > 0) as partly_returned
    from {{ ref('consolidation_members') }}
    where month = {{ month() }}
),

forms as (
    select
        count(*) as forms,
        coalesce(sum(lines), 0) as lines,
        coalesce(sum(value_cny), 0) as value_cny
    from {{ ref('consolidated_declarations') }}
    where month = {{ month() }}
),

rule as (
    select max(rule_version) as rule_version
    from {{ ref('merge_keys') }}
    where {{ in_force_today() }}
)

select
    {{ month() }} as month,
    rule.rule_version,
    cast(lists.closed as integer) as closed,
    cast(lists.consolidated as integer) as consolidated,
    cast(lists.late as integer) as late,
    cast(lists.left_out_simplified as integer) as left_out_simplified,
    cast(lists.left_out_returned as integer) as left_out_returned,
    cast(forms.forms as integer) as forms,
    cast(forms.lines as integer) as lines,
    cast(members.members as integer) as members,
    cast(members.partly_returned as integer) as partly_returned,
    try_cast(forms.value_cny as decimal(19, 5)) as value_cny
from lists
cross join members
cross join forms
cross join rule
