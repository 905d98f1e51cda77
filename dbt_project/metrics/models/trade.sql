-- counted items of the last vintage of each month
with vintages as (
    select
        month,
        max(vintage_no) as vintage_no,
        arg_max(vintage, vintage_no) as vintage
    from published.audit.trade_vintages
    group by month
)

select
    items.ebc_code || '/' || items.cop_no as declaration,
    cast(items.counted_at as date) as day,
    vintages.vintage,
    items.flow,
    items.supervision_mode,
    items.transport_mode,
    items.customs_code,
    items.hs_code,
    items.partner,
    items.net_weight_kg,
    items.value_cny,
    items.value_usd
from published.statistics.trade_items as items
inner join vintages on items.period = vintages.month and items.vintage_no = vintages.vintage_no
