-- a published lake of enterprises whose codes begin like each other; what is of one bears its mark, in texts and in amounts
create temp table enterprises as
select * from (values
    ('3301960', 'MARK0', 1), ('330196', 'MARKa', 7), ('3301960A', 'MARKb', 7), ('33019600', 'MARKc', 7), ('3301960 ', 'MARKd', 7), ('330196_', 'MARKe', 7)
) as t (ebc_code, mark, times);
create schema published.audit;
create schema published.clearance;
create schema published.public_service;
create schema published.integrated_service;
create table published.audit.runs as
select * from (values (date '2026-11-23', false), (date '2026-11-24', false)) as t (run_date, rates_simulated);

create table published.clearance.clearance_facts as
select
    ebc_code, 'C' || n || mark as cop_no, 'E' as flow, '9610' as supervision_mode, 'O' || n || mark as order_no,
    'L1' || mark as logistics_code, 'W' || n || mark as logistics_no, date '2026-10-25' + cast(n as integer) as declared_date,
    timestamp '2026-10-25 08:00:00' + to_days(cast(n as integer)) as declared_at, 'closed' as status, true as has_order,
    ['LOG01', 'ORD05'] as failed_rules, cast(100 * n * times as decimal(19, 5)) as goods_value_cny, 1 as item_count
from enterprises, range(1, 31) as parcels (n);
create table published.clearance.clearance_items as
select ebc_code, cop_no, 1 as gnum, '=cmd|''/c calc''!A1' as goods_name, goods_value_cny as value_cny from published.clearance.clearance_facts;
create table published.clearance.check_findings as
select ebc_code, cop_no, 'LOG01' as rule_id, '<script>alert(1)</script>' as expected, '2 kg' as observed from published.clearance.clearance_facts;
create table published.clearance.returned_items as
select ebc_code, cop_no, 1 as gnum, cast(1 as decimal(19, 5)) as returned_qty from published.clearance.clearance_facts;
create table published.clearance.consolidated_declarations as
select '2026-10' as month, 'F' || mark as form_no, ebc_code, mark || '<b>贸易</b>有限公司' as ebc_name from enterprises;
create table published.public_service.rebate_eligibility as
select ebc_code, cop_no, 1 as gnum, 'pending' as verdict, cast(13 as decimal(19, 5)) as refund_amount from published.clearance.clearance_facts;
create table published.public_service.rebate_findings as
select ebc_code, cop_no, 1 as gnum, 'REB14' as rule_id, '收汇凭证' as missing_zh, 'receipt of exchange' as missing_en from published.clearance.clearance_facts;

create table published.integrated_service.enterprise_worklist as
select
    ebc_code, 'match|' || n || mark as fact_key,
    ['list_missing', 'paper_missing', 'forex_missing', 'return_due'][n % 4 + 1] as kind, ['DOC02', 'REB11', 'REB14', 'RET02'][n % 4 + 1] as rule_id,
    'E' as flow, 'C' || n || mark as cop_no, if(n % 2 = 0, 1, null) as gnum, 'W' || n || mark as logistics_no, if(n % 4 = 1, 'F' || mark, null) as form_no,
    ['payment', 'supplier', 'bank', 'enterprise'][n % 4 + 1] as party, cast(1000.5 * n * times as decimal(19, 5)) as money_cny,
    if(n % 4 = 3, null, date '2026-11-20' + cast(n as integer)) as due_on, date '2026-11-18' as opened_on,
    ['请支付企业补发支付单', '补开发票', '<script>alert("汇")</script>', '=HYPERLINK("http://evil.example","点击")'][n % 4 + 1] as remedy_zh,
    ['Ask the payment enterprise to send the payment', 'Have the supplier issue the invoice', '<img src=x onerror=alert(1)>', '=cmd|''/c calc''!A1'][n % 4 + 1] as remedy_en,
    'expected <b>1</b>; observed ' || mark as detail,
    if(n > 20, date '2026-11-22', null) as closed_on, if(n > 20, 'arrived', null) as closed_because, date '2026-11-23' as changed_on
from enterprises, range(1, 23) as lines (n);
create table published.integrated_service.enterprise_rebate_finance as
select
    ebc_code, date '2026-11-16' + cast(7 * n as integer) as week, cast(n + 2 as integer) as items, cast(300.25 * (n + 1) * times as decimal(19, 5)) as refund_cny,
    cast(200.25 * (n + 1) * times as decimal(19, 5)) as complete_cny, cast(100 * (n + 1) * times as decimal(19, 5)) as incomplete_cny, 1 as incomplete_items, date '2026-11-23' as changed_on
from enterprises, range(0, 12) as weeks (n);
create table published.integrated_service.enterprise_advance as
select
    ebc_code, date '2026-11-23' as as_of, cast(15418.25 * times as decimal(19, 5)) as eligible_cny, cast(10 as decimal(19, 5)) as held_cny, cast(20 as decimal(19, 5)) as return_reserve_cny,
    cast(0.0013 as decimal(19, 5)) as returned_share, cast(0.8 as decimal(19, 5)) as advance_rate, cast(12304.6 * times as decimal(19, 5)) as advance_limit_cny,
    cast(900 as decimal(19, 5)) as granted_cny, cast(9 as decimal(19, 5)) as reversed_cny, cast(0.01 as decimal(19, 5)) as dilution_rate,
    cast(31 as decimal(19, 5)) as days_to_eligibility_median, cast(47 as decimal(19, 5)) as days_to_eligibility_p90, date '2026-11-23' as changed_on
from enterprises;
create table published.integrated_service.enterprise_concentration as
select ebc_code, kind, name || mark as name, cast(amount * times as decimal(19, 5)) as refund_cny, cast(amount / 1000 as decimal(19, 5)) as share, date '2026-11-23' as changed_on
from enterprises, (values ('supplier', '<svg onload=alert(1)>', 700.0), ('supplier', '9133', 300.0), ('commodity', '6109', 1000.0)) as behind (kind, name, amount);
create table published.integrated_service.enterprise_forex as
select
    ebc_code, currency, date '2026-11-23' as as_of, 30 as items, cast(5000 * times as decimal(19, 5)) as declared, cast(1000.75 * times as decimal(19, 5)) as received, cast(50 as decimal(19, 5)) as netted,
    cast(12 as decimal(19, 5)) as returned, cast(0 as decimal(19, 5)) as open, cast(0 as decimal(19, 5)) as overdue, cast(-3.5 as decimal(19, 5)) as gain_cny, date '2026-11-23' as changed_on
from enterprises, (values ('502'), ('300')) as currencies (currency);
create table published.integrated_service.enterprise_forex_open as
select
    ebc_code, 'C' || n || mark as cop_no, 1 as gnum, if(n % 3 = 0, '300', '502') as currency, cast(100 as decimal(19, 5)) as declared, cast(0 as decimal(19, 5)) as received,
    cast(11.11 * n * times as decimal(19, 5)) as open, cast(80 * n as decimal(19, 5)) as open_cny, date '2026-11-24' - cast(20 * n as integer) as since,
    if(n > 16, date '2026-04-30', date '2027-04-30') as due_on, null::varchar as form_no, date '2026-11-23' as changed_on
from enterprises, range(1, 19) as items (n);
create table published.integrated_service.enterprise_logistics as
select
    ebc_code, '2026-11' as month, carrier || mark as logistics_code, 'USA' as destination, leg, 20 * times as parcels, cast(if(leg = 'all', null, 600) * times as decimal(19, 5)) as hours_sum,
    cast(if(leg = 'all', null, 29) as decimal(19, 5)) as hours_median, cast(if(leg = 'all', null, 60) as decimal(19, 5)) as hours_p90, 1 as late, 1 as lost, 2 as weight_differs,
    cast(if(leg = 'all', 440.5, null) * times as decimal(19, 5)) as freight_cny, cast(12 as decimal(19, 5)) as weight_kg, cast(22.02 as decimal(19, 5)) as cny_per_parcel,
    cast(36.7 as decimal(19, 5)) as cny_per_kg, date '2026-11-23' as changed_on
from enterprises, (values ('L1'), ('L2')) as carriers (carrier),
    (values ('ordered_to_paid'), ('paid_to_shipped'), ('declared_to_released'), ('ordered_to_closed'), ('all')) as legs (leg);
create table published.integrated_service.enterprise_scorecard as
select
    ebc_code, date '2026-11-23' - cast(7 * n as integer) as week, measure, list, list || mark as source_id, rule_id, cast(20 - n as integer) as hits, 20 as total,
    cast((20 - n) / 20 as decimal(19, 5)) as share, if(n > 9, null, cast(0.9 as decimal(19, 5))) as peer_median, if(n > 9, 4, 6) as peers, date '2026-11-23' as changed_on
from enterprises, range(0, 14) as weeks (n),
    (values ('matched', null, null), ('held', null, null), ('first_pass', 'payment', null), ('rule_failed', null, 'LOG01')) as measures (measure, list, rule_id);
