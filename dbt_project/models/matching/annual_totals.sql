{{ log() }}

-- Totals of buyers and years that the run changed: what it released, less what came back in time. The run starts from
-- the latest row before its date, so no run reads the year again.
with totals as (
    {{ earlier('matching', 'annual_totals', {
        'run_date': 'date', 'buyer_hash': 'varchar', 'year': 'integer', 'total': 'decimal(19, 5)'
    }) }}
),

returned as (
    select
        declaration_key,
        restored_value
    from {{ ref('returned_values') }}
    where run_date = {{ run_date() }}
),

released as (
    select
        admitted.declaration_key,
        admitted.buyer_hash,
        admitted.year
    from {{ ref('admitted') }} as admitted
    semi join returned on admitted.declaration_key = returned.declaration_key
    where admitted.run_date <= {{ run_date() }}
    qualify row_number() over (partition by admitted.declaration_key order by admitted.run_date desc) = 1
),

entries as (
    select
        buyer_hash,
        year,
        dutiable_value as change
    from {{ ref('admitted') }}
    where run_date = {{ run_date() }}
    union all
    select
        released.buyer_hash,
        released.year,
        -returned.restored_value
    from returned
    inner join released on returned.declaration_key = released.declaration_key
),

changes as (
    select
        buyer_hash,
        year,
        sum(change) as change
    from entries
    where buyer_hash is not null
    group by buyer_hash, year
    having sum(change) <> 0
),

latest as (
    {{ latest_totals('changes') }}
)

select
    {{ run_date() }} as run_date,
    changes.buyer_hash,
    changes.year,
    cast(coalesce(latest.total, 0) + changes.change as decimal(19, 5)) as total
from changes
left join latest on changes.buyer_hash = latest.buyer_hash and changes.year = latest.year
