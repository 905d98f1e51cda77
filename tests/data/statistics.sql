-- a published lake of the statistics of thirteen months, the last one in two vintages; MARK stands on what must not get out of the house
create schema published.audit;
create schema published.statistics;
create table published.audit.trade_vintages as
select
    strftime(date '2025-11-01' + to_months(cast(m as integer)), '%Y-%m') as month, no as vintage_no,
    ['preliminary', 'revised'][no] as vintage, cast(date '2025-12-05' + to_months(cast(m + no - 1 as integer)) as date) as made_on,
    made_on + interval 20 hour as ended_at, made_on - 1 as data_until, true as rates_simulated, 'abcdef012345' as rates_version
from range(13) as months (m), range(1, 3) as vintages (no);
create table published.audit.gate_results as
select date '2026-11-30' as run_date, 'statistics' as stage, 'trade_cells' as suite, expectation, severity, success, 'MARK/1 item 1' as observed
from (values ('cells_are_sums', 'critical', true), ('cell_unique', 'critical', true), ('outliers_bear_little', 'warning', false)) as t (expectation, severity, success);

-- value of a month and flow: what comes with a later vintage is a hundredth of it
create temp table totals as
select
    month as period, vintage_no, vintage, made_on as published_on, flow,
    cast((1000000 + 50000 * row_number() over (partition by flow, vintage_no order by month)) * (1 + 0.01 * (vintage_no - 1)) * if(flow = 'E', 1, 0.4) as decimal(19, 5)) as value_cny
from published.audit.trade_vintages, (values ('E'), ('I')) as flows (flow);
create table published.statistics.trade_published as
select
    *, 0 as hs_level, 'TOTAL' as hs_code, 'ALL' as partner, cast(value_cny * 0.14 as decimal(19, 5)) as value_usd, cast(1000 as decimal(19, 5)) as net_weight_kg,
    cast(null as decimal(19, 5)) as qty1, cast(null as varchar) as unit1, cast(null as bigint) as declarations, cast(4000 as bigint) as items, cast(40 as bigint) as enterprises,
    'F' as conf_status, 'A' as obs_status
from totals
union all by name
select * exclude (value_cny), 0 as hs_level, 'TOTAL' as hs_code, 'ALL' as partner, 'C' as conf_status, 'Q' as obs_status
from (select * replace ('R' || flow as flow) from totals) where flow = 'RI'
union all by name
select * replace ('R' || flow as flow, cast(12345.67 as decimal(19, 5)) as value_cny), 0 as hs_level, 'TOTAL' as hs_code, 'ALL' as partner, cast(150 as bigint) as items, 'F' as conf_status, 'A' as obs_status
from totals where flow = 'E'
union all by name
-- a chapter that is told and one that is hidden, both with outliers
select * exclude (value_cny), 2 as hs_level, chapter as hs_code, 'ALL' as partner, if(is_told, value_cny, null) as value_cny, cast(if(is_told, 400, null) as bigint) as items, if(is_told, 'F', 'C') as conf_status,
    if(is_told, 'A', 'Q') as obs_status
from totals, (values ('61', true), ('85', false)) as chapters (chapter, is_told) where flow = 'E';
create table published.statistics.trade_suppression as
select month as period, vintage_no, flow, hs_level, flow = 'RI' as withheld, cast(hs_level * 50 as bigint) as cells, cast(hs_level * 4 as bigint) as hidden_cells, cast(hs_level * 0.0123 as decimal(19, 5)) as hidden_share
from published.audit.trade_vintages, (values ('E'), ('I'), ('RI')) as flows (flow), (values (0), (2), (4), (6), (8)) as levels (hs_level);
create table published.statistics.trade_items as
select month as period, vintage_no, '3301MARK' as ebc_code, cast(77777.77 as decimal(19, 5)) as value_cny from published.audit.trade_vintages;
create table published.statistics.trade_exclusions as
select month as period, vintage_no, flow, '9610' as supervision_mode, reason, cast(1 as integer) as declarations, cast(items as integer) as items, cast(88888.88 as decimal(19, 5)) as value_cny
from published.audit.trade_vintages, (values ('E', 'waiting', 600), ('E', 'refused', 400), ('E', 'cancelled', 13), ('E', 'review', 17), ('I', 'waiting', 1000), ('I', 'refused', 7)) as left_out (flow, reason, items);
create table published.statistics.coverage as
select
    month as period, vintage_no, source_id, list, 30 as days, days_heard, date '2026-11-30' as last_heard, received, received - quarantined as accepted,
    0 as superseded, 0 as duplicate, 0 as stale, 0 as draft, quarantined
from published.audit.trade_vintages,
    (values ('export-declarations', 'declaration', 30, 10000, 250), ('wallet-payments', 'payment', 29, 500, 11), ('local-orders', 'order', 0, 0, 0), ('<img src=x onerror=alert(1)>', 'order', 3, 100, 0)) as sources (source_id, list, days_heard, received, quarantined);
create table published.statistics.item_nonresponse as
select
    month as period, vintage_no, flow, field, 4000 as items, cast(missing as integer) as missing_items, if(field = 'net_weight_kg', 3000, 0) as estimated_items,
    cast(66666.66 as decimal(19, 5)) as missing_value_cny, cast(missing / 4000 as decimal(19, 5)) as missing_share, cast(0.5 as decimal(19, 5)) as missing_value_share
from published.audit.trade_vintages, (values ('E'), ('I')) as flows (flow),
    (values ('hs_code', 1200), ('partner', 0), ('transport_mode', 0), ('customs_code', 0), ('unit1', 0), ('qty1', 19), ('qty2', 2400), ('net_weight_kg', 20)) as fields (field, missing);
create table published.statistics.unit_value_outliers as
select month as period, vintage_no, '3301MARK' as ebc_code, 'MARK' || n as cop_no, 1 as gnum, 'E' as flow, if(n < 60, '61091000', if(n < 90, '85171300', '95030089')) as hs_code, cast(55555.55 as decimal(19, 5)) as value_cny
from published.audit.trade_vintages, range(100) as items (n);
create table published.statistics.revision_sizes as
select
    month as period, vintage_no, vintage_no - 1 as from_vintage_no, flow, measure, cast(44444.44 as decimal(19, 5)) as before, cast(44444.44 as decimal(19, 5)) as after,
    cast(44444.44 as decimal(19, 5)) as absolute_change, cast(if(flow = 'E', 40, 7) as decimal(19, 5)) as late_change, 500 as cells, if(flow = 'E', 60, 8) as revised_cells,
    cast(0.01 as decimal(19, 5)) as change_share, cast(0.0321 as decimal(19, 5)) as absolute_change_share, cast(0.0087 as decimal(19, 5)) as late_share
from published.audit.trade_vintages, (values ('E'), ('I')) as flows (flow), (values ('items'), ('value_cny')) as measures (measure)
where vintage_no > 1;
