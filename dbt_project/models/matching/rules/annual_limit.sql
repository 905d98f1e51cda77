-- LIM02, judged last: of the imports that would be released, in rank order, a buyer's year admits each that still fits
with recursive
totals as (
    {{ earlier('matching', 'annual_totals', {
        'run_date': 'date', 'buyer_hash': 'varchar', 'year': 'integer', 'total': 'decimal(19, 5)'
    }) }}
),

candidates as (
    select * from {{ ref('annual_candidates') }}
),

asked as (
    select
        buyer_hash,
        year,
        sum(dutiable_value) as asked
    from candidates
    where buyer_hash is not null
    group by buyer_hash, year
),

latest as (
    {{ latest_totals('asked') }}
),

-- buyers whose whole day fits are through; only the others are walked
walked as (
    select
        asked.buyer_hash,
        asked.year,
        coalesce(latest.total, 0) as total
    from asked
    left join latest on asked.buyer_hash = latest.buyer_hash and asked.year = latest.year
    where coalesce(latest.total, 0) + asked.asked > {{ parameter('LIM02') }}
),

turns as (
    select
        candidates.*,
        {{ parameter('LIM02') }} as allowed
    from candidates
    semi join walked on candidates.buyer_hash = walked.buyer_hash and candidates.year = walked.year
),

-- each step admits, of those that fit by themselves, as many as fit together, up to the first that does not; it and what
-- the step passed by are refused, since a total never falls within a day
walk as (
    select
        buyer_hash,
        year,
        cast(0 as bigint) as place,
        cast(total as decimal(38, 5)) as total
    from walked
    union all
    select
        step.buyer_hash,
        step.year,
        step.place,
        step.total
    from (
        select
            turns.buyer_hash,
            turns.year,
            turns.place,
            turns.is_limited,
            turns.allowed,
            cast(
                reached.total + sum(turns.dutiable_value) over (
                    partition by turns.buyer_hash, turns.year order by turns.place
                ) as decimal(38, 5)
            ) as total
        from (
            select
                buyer_hash,
                year,
                max(place) as place,
                max(total) as total
            from walk
            group by buyer_hash, year
        ) as reached
        inner join turns
            on
                reached.buyer_hash = turns.buyer_hash
                and reached.year = turns.year
                and reached.place < turns.place
        where not turns.is_limited or reached.total + turns.dutiable_value <= turns.allowed
    ) as step
    qualify
        bool_and(not step.is_limited or step.total <= step.allowed) over (
            partition by step.buyer_hash, step.year order by step.place
        )
),

lim02 as (
    select
        turns.declaration_key,
        'LIM02' as rule_id,
        'at most ' || {{ shown('turns.allowed') }} || ' CNY in ' || turns.year || ' for buyer ' || turns.buyer_shown as expected,
        {{ shown('walk.total + turns.dutiable_value') }} || ' CNY with this declaration' as observed
    from turns
    asof inner join walk
        on turns.buyer_hash = walk.buyer_hash and turns.year = walk.year and turns.place > walk.place
    where walk.total + turns.dutiable_value > turns.allowed
)

select * from lim02
