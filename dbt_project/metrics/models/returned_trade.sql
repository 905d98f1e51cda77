-- what came back, by the last vintage of each month
with vintages as (
    select
        month,
        max(vintage_no) as vintage_no,
        arg_max(vintage, vintage_no) as vintage
    from published.audit.trade_vintages
    group by month
)

select
    cast(returned.returned_at as date) as day,
    vintages.vintage,
    returned.flow,
    returned.supervision_mode,
    returned.transport_mode,
    returned.customs_code,
    returned.hs_code,
    returned.partner,
    returned.returned_value_cny,
    returned.returned_value_usd
from published.statistics.trade_returns as returned
inner join vintages on returned.period = vintages.month and returned.vintage_no = vintages.vintage_no
