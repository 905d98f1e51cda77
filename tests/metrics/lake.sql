-- A published lake of chance: lists and items of two months, two vintages of the first, returns, refunds, and the
-- protected tables of twenty-three months. `chance` makes the same numbers each time.
create temp macro chance(of, n) as cast(hash(of) % n as bigint);

insert into published.clearance.clearance_facts by name
select
    'E' || i % 7 as ebc_code,
    'C' || i as cop_no,
    if(i % 3 = 0, 'I', 'E') as flow,
    ['9610', '1210', '9710'][1 + chance(concat_ws(' ', i, 'mode'), 3)] as supervision_mode,
    ['2901', '2991', '5130', '4604'][1 + chance(concat_ws(' ', i, 'office'), 4)] as customs_code,
    ['5', '2'][1 + chance(concat_ws(' ', i, 'transport'), 2)] as transport_mode,
    if(i % 3 <> 0 and i % 5 = 0, 'A', null) as statistics_flag,
    if(i % 11 = 0, null, ['USA', 'FRA', 'HKG', 'JPN'][1 + chance(concat_ws(' ', i, 'partner'), 4)]) as destination_or_origin,
    date '2026-10-05' + cast(i % 50 as integer) as declared_date,
    ['closed', 'released', 'review', 'waiting', 'cancelled'][1 + chance(concat_ws(' ', i, 'status'), 5)] as status,
    if(status = 'waiting', null, declared_date + interval 10 hour) as matched_at,
    if(status in ('closed', 'released'), declared_date + interval 20 hour, null) as released_at,
    if(released_at is null or i % 13 = 0, null, cast(chance(concat_ws(' ', i, 'hours'), 10000000) / 100000 as decimal(19, 5))) as hours_to_release,
    1 + i % 3 as item_count
from range(400) as lists (i);

insert into published.clearance.clearance_items by name
select
    facts.ebc_code,
    facts.cop_no,
    cast(item.gnum as integer) as gnum,
    ['6109100010', '3304990099', '9503000000', '8517130000', '9999000000'][1 + chance(concat_ws(' ', facts.cop_no, item.gnum), 5)] as hs_code,
    facts.destination_or_origin as country
from published.clearance.clearance_facts as facts, range(1, facts.item_count + 1) as item (gnum);

insert into published.audit.trade_vintages by name
select * from (values
    ('2026-10', 1, 'preliminary', date '2026-11-05', true, 1), ('2026-10', 2, 'final', date '2026-12-05', true, 1),
    ('2026-11', 1, 'preliminary', date '2026-12-05', true, 1)
) as vintages (month, vintage_no, vintage, made_on, rates_simulated, items);

insert into published.statistics.trade_items by name
select
    vintages.month as period,
    vintages.vintage_no,
    items.ebc_code,
    items.cop_no,
    items.gnum,
    facts.declared_date + interval 20 hour as counted_at,
    facts.flow,
    facts.supervision_mode,
    left(items.hs_code, if(facts.statistics_flag = 'A', 4, 8)) as hs_code,
    coalesce(items.country, 'ZZZ') as partner,
    facts.transport_mode,
    facts.customs_code,
    cast(chance(concat_ws(' ', items.cop_no, items.gnum, vintage_no, 'kg'), 1000000) / 100000 as decimal(19, 5)) as net_weight_kg,
    cast(chance(concat_ws(' ', items.cop_no, items.gnum, vintage_no, 'cny'), 1000000000) / 100000 as decimal(19, 5)) as value_cny,
    cast(value_cny / 7 as decimal(19, 5)) as value_usd
from published.clearance.clearance_items as items
join published.clearance.clearance_facts as facts using (ebc_code, cop_no)
join published.audit.trade_vintages as vintages on strftime(facts.declared_date, '%Y-%m') = vintages.month
where facts.released_at is not null;

-- of a tenth of the items, in the same month and not of every cell
insert into published.statistics.trade_returns by name
select
    * exclude (value_cny, value_usd),
    counted_at as returned_at,
    cast(value_cny / 3 as decimal(19, 5)) as returned_value_cny,
    cast(value_usd / 3 as decimal(19, 5)) as returned_value_usd
from (select * exclude (qty1, unit2, qty2, net_weight_kg, currency, total_price, total_price_cny) from published.statistics.trade_items)
where chance(concat_ws(' ', cop_no, gnum, 'returned'), 10) = 0;

insert into published.statistics.trade_cells by name
select
    period, vintage_no, flow, supervision_mode, hs_code, partner, transport_mode, customs_code, sum(value_cny) as value_cny,
    sum(value_cny) as netted_value_cny
from published.statistics.trade_items group by all;

insert into published.public_service.rebate_eligibility by name
select
    ebc_code, cop_no, gnum, declared_date as export_date, if(chance(concat_ws(' ', cop_no, gnum), 2) = 0, 'rebate', 'pending') as verdict,
    if(verdict = 'rebate', cast(chance(concat_ws(' ', cop_no, gnum, 'refund'), 100000) / 100 as decimal(19, 5)), 0) as refund_amount
from published.clearance.clearance_items join published.clearance.clearance_facts using (ebc_code, cop_no)
where flow = 'E' and status = 'closed';

create temp table leaves as
select
    strftime(date '2025-01-01' + to_months(cast(m as integer)), '%Y-%m') as period, flow, heading, partner,
    cast(1000 + chance(concat_ws(' ', m, flow, heading, partner), 100000000) / 100000 as decimal(19, 5)) as value_cny
from range(23) as months (m), (values ('E'), ('I')) as flows (flow),
    (values ('6109'), ('3304'), ('9503'), ('8517'), ('4202'), ('6403')) as headings (heading),
    (values ('USA'), ('FRA'), ('HKG'), ('JPN')) as partners (partner);

insert into published.statistics.trade_published by name
select
    period, 1 as vintage_no, 'preliminary' as vintage, date '2026-12-05' as published_on, flow,
    if(grouping(heading) = 1, 0, 4) as hs_level, coalesce(heading, 'TOTAL') as hs_code, coalesce(partner, 'ALL') as partner,
    cast(sum(value_cny) as decimal(19, 5)) as value_cny, cast(sum(value_cny) / 7 as decimal(19, 5)) as value_usd,
    'F' as conf_status, 'P' as obs_status
from leaves group by grouping sets ((period, flow), (period, flow, heading), (period, flow, partner), (period, flow, heading, partner));

-- hidden: two headings of all partners
update published.statistics.trade_published set value_cny = null, value_usd = null, conf_status = 'C', obs_status = 'Q'
where hs_level = 4 and partner = 'ALL' and hs_code in ('4202', '6403');

-- a later vintage of the last month, in which only one figure is another
insert into published.statistics.trade_published by name
select * replace (2 as vintage_no, 'revised' as vintage, if(hs_level = 4 and hs_code = '6109' and partner = 'ALL', value_cny + 5, value_cny) as value_cny)
from published.statistics.trade_published where period = '2026-11';
