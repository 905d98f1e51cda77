-- imports that the first two steps would release, with what each adds to its buyer's year, in rank order
with allotted as (
    {{ in_force(ref('allotment_rules')) }}
),

failed as (
    select
        declaration_key,
        action
    from {{ ref('single_findings') }}
    union all
    select
        declaration_key,
        action
    from allotted
),

passed as (
    select
        matched.declaration_key,
        matched.ebc_code,
        matched.cop_no,
        matched.app_time,
        matched.buyer_id_number_hash as buyer_hash,
        matched.buyer_id_number_shown as buyer_shown,
        year(matched.declared_date) as year,
        'LIM02' as rule_id,
        cast(null as varchar) as expected,
        cast(null as varchar) as observed
    from {{ ref('matched') }} as matched
    where
        matched.flow = 'I'
        and matched.declaration_key not in (
            select failed.declaration_key from failed
            where failed.action in ('refuse', 'wait', 'review')
        )
),

-- where the catalogue lets the limit refuse, one that does not fit is not released
limited as (
    {{ in_force('passed') }}
)

select
    passed.declaration_key,
    passed.buyer_hash,
    passed.buyer_shown,
    cast(passed.year as integer) as year,
    greatest(coalesce(dutiable.dutiable_value, 0), 0) as dutiable_value,
    passed.buyer_hash is not null and coalesce(limited.action in ('refuse', 'wait', 'review'), false) as is_limited,
    row_number() over (
        partition by passed.buyer_hash, passed.year
        order by passed.app_time, passed.ebc_code, passed.cop_no
    ) as place
from passed
left join {{ ref('dutiable_values') }} as dutiable on passed.declaration_key = dutiable.declaration_key
left join limited on passed.declaration_key = limited.declaration_key
