-- what follows from each rule for the declarations in scope: of the catalogue's rows the most specific counts
with regimes as (
    select distinct
        flow,
        supervision_mode
    from {{ ref('declared') }}
)

select
    regimes.flow,
    regimes.supervision_mode,
    rules.rule_id,
    rules.action
from regimes
inner join {{ ref('rules_in_force') }} as rules
    on rules.flow in ('*', regimes.flow) and (rules.regime = '*' or regimes.supervision_mode = rules.regime)
where rules.stage = 'match'
qualify
    row_number() over (
        partition by regimes.flow, regimes.supervision_mode, rules.rule_id
        order by rules.flow = '*', rules.regime = '*'
    ) = 1
