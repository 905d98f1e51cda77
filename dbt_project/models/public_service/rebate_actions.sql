-- what the catalogue lets follow from a rule for exports of a day: of its rows in force on that day the most specific counts
with exports as (
    select distinct
        export_date,
        supervision_mode
    from {{ ref('judged_exports') }}
)

select
    exports.export_date,
    exports.supervision_mode,
    rules.rule_id,
    rules.action
from exports
inner join {{ ref('rules') }} as rules
    on
        exports.export_date >= rules.valid_from
        and (exports.export_date <= rules.valid_to or rules.valid_to is null)
        and rules.flow in ('*', 'E')
        and (rules.regime = '*' or exports.supervision_mode = rules.regime)
where rules.stage = 'rebate'
qualify
    row_number() over (
        partition by exports.export_date, exports.supervision_mode, rules.rule_id
        order by rules.flow = '*', rules.regime = '*'
    ) = 1
