{{ log() }}

-- What a manufacturer's month comes to (免抵退): the goods of the month that have every paper, at the rate of each.
with items as (
    select *
    from {{ ref('rebate_decisions') }}
    where method = 'C'
),

periods as (
    select
        taxpayer_id,
        period
    from items
    where relation_no is not null and taxpayer_id is not null
    union
    select
        taxpayer_before,
        period_before
    from {{ ref('rebate_decisions') }}
    where period_before is not null
),

returns as (
    {{ current_papers('vat_return', 'stg_vat_returns', 'periods', ['taxpayer_id', 'period']) }}
),

sums as (
    select
        taxpayer_id,
        period,
        count(*) as items,
        cast(sum(fob_cny) as decimal(19, 5)) as fob_cny,
        cast(round(sum({{ product('fob_cny', 'rebate_rate') }}), 2) as decimal(19, 5)) as gross_credit,
        cast(round(sum({{ product('fob_cny', 'vat_rate - rebate_rate') }}), 2) as decimal(19, 5)) as gross_cost,
        min(rebate_rate) as lowest_rate
    from items
    where is_granted
    group by taxpayer_id, period
),

credits as (
    select
        periods.taxpayer_id,
        periods.period,
        coalesce(sums.items, 0) as items,
        coalesce(sums.fob_cny, 0) as fob_cny,
        coalesce(returns.ending_credit, 0) as ending_credit,
        coalesce(returns.duty_free_material, 0) as duty_free_material,
        greatest(
            coalesce(sums.gross_credit, 0)
            - {{ share_of('coalesce(returns.duty_free_material, 0)', 'coalesce(sums.lowest_rate, 0)') }},
            0
        ) as credit_refund,
        coalesce(sums.gross_cost, 0) as not_creditable
    from periods
    semi join {{ ref('stg_taxpayers') }} as taxpayers
        on
            periods.taxpayer_id = taxpayers.taxpayer_id
            and taxpayers.rebate_method = 'C'
            and taxpayers.run_date <= {{ run_date() }}
    left join sums on periods.taxpayer_id = sums.taxpayer_id and periods.period = sums.period
    left join returns on periods.taxpayer_id = returns.taxpayer_id and periods.period = returns.period
)

select
    {{ run_date() }} as run_date,
    taxpayer_id,
    period,
    cast(items as integer) as items,
    cast(fob_cny as decimal(19, 5)) as fob_cny,
    cast(ending_credit as decimal(19, 5)) as ending_credit,
    cast(duty_free_material as decimal(19, 5)) as duty_free_material,
    cast(credit_refund as decimal(19, 5)) as credit_refund,
    cast(greatest(least(ending_credit, credit_refund), 0) as decimal(19, 5)) as refundable,
    cast(credit_refund - greatest(least(ending_credit, credit_refund), 0) as decimal(19, 5)) as exempt_credit,
    cast(not_creditable as decimal(19, 5)) as not_creditable
from credits
