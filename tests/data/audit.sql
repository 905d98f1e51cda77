-- a published lake of two days, each a snapshot of its own: a good one, and one with a file, records and figures that are not as they should be
create schema published.audit;
create schema published.clearance;
create schema published.exchange;
create schema published.public_service;
create table published.audit.runs (
    run_date date, run_id varchar, state varchar, started_at timestamp, ended_at timestamp, unclaimed varchar[], rules_skipped varchar[], rates_simulated boolean,
    stage_seconds map(varchar, decimal(19, 5)), approvals struct(gate varchar, warnings varchar[], decision varchar, who varchar, "at" timestamp, why varchar)[]
);
create table published.audit.files (
    run_date date, source_id varchar, path varchar, sha256 varchar, bytes integer, records integer, state varchar, message varchar, edition varchar, reason varchar
);
create table published.audit.quarantine (
    run_date date, source_id varchar, path varchar, sha256 varchar, position integer, list varchar, natural_key varchar, rule_ids varchar[], reason varchar
);
create table published.audit.conservation (
    file_id bigint, run_date date, source_id varchar, list varchar, sha256 varchar, received integer, accepted integer, superseded integer, duplicate integer, stale integer, draft integer,
    quarantined integer, changed_on date
);
create table published.audit.gate_results (
    run_date date, stage varchar, suite varchar, expectation varchar, severity varchar, success boolean, observed varchar, bounds varchar, element_count integer, unexpected_count integer,
    says varchar, protects varchar, answers varchar, hurts varchar, subject varchar, value decimal(19, 5), lower decimal(19, 5), upper decimal(19, 5), basis varchar
);
create table published.clearance.clearance_facts (
    ebc_code varchar, cop_no varchar, ebp_code varchar, logistics_code varchar, flow varchar, status varchar, has_order boolean, has_payment boolean, has_waybill boolean, goods_value_cny decimal(19, 5), run_date date, changed_on date
);
create table published.clearance.check_findings (ebc_code varchar, cop_no varchar, rule_id varchar, action varchar, found_on date, changed_on date);
create table published.exchange.receipts (run_date date, receipt_id varchar, source_id varchar, message varchar);
create table published.public_service.rebate_eligibility (
    ebc_code varchar, cop_no varchar, gnum integer, verdict varchar, reason_rules varchar[], form_no varchar, declaration_no varchar, relation_no varchar, refund_amount decimal(19, 5)
);
create table published.public_service.department_mismatches (ebc_code varchar, cop_no varchar, field varchar, since date);

-- 2026-11-19: 100 declarations decided, 90 released; nothing rejected
begin;
insert into published.audit.runs values ('2026-11-19', 'one', 'published', '2026-11-20 00:30', '2026-11-20 00:35', [], [], false, map {}, []);
insert into published.audit.files values
    ('2026-11-19', 'export-orders', 'a.xml', repeat('a1', 32), 1000, 100, 'read', 'CEB303', '2022', null),
    ('2026-11-19', 'export-receipts', 'r.xml', repeat('a2', 32), 1000, 50, 'read', 'CEB403', '2022', null);
insert into published.audit.conservation values
    (1, '2026-11-19', 'export-orders', 'order', repeat('a1', 32), 100, 100, 0, 0, 0, 0, 0, '2026-11-19'), (2, '2026-11-19', 'export-receipts', 'payment', repeat('a2', 32), 50, 50, 0, 0, 0, 0, 0, '2026-11-19');
insert into published.audit.gate_results by name
select date '2026-11-19' as run_date, 'received' as stage, 'raw.files' as suite, 'file_state_known' as expectation, 'critical' as severity, true as success, 'all 2 as expected' as observed, 'one of read' as bounds,
    'every file is read' as says, 'the promise' as protects, 'data engineer' as answers, 'auditor' as hurts;
insert into published.clearance.clearance_facts
select '3301960' as ebc_code, 'L' || n, '33019Q0', if(n < 95, '440316K', '440316L'), 'E', if(n < 90, 'released', 'waiting'), true, true, n < 90, 100, '2026-11-19', '2026-11-19' from range(100) as lists (n);
insert into published.clearance.check_findings
select '3301960', 'L' || n, 'DOC03', 'wait', '2026-11-19', '2026-11-19' from range(90, 100) as lists (n);
insert into published.exchange.receipts select '2026-11-19', 'R' || n, 'export-orders', 'CEB304' from range(100) as r (n);
insert into published.public_service.rebate_eligibility
select '3301960', 'L' || n, 1, 'pending', ['REB02'], null, null, null, 0 from range(10) as items (n);
call published.set_commit_message('sandan', 'three_lists_daily 2026-11-19 · run one');
commit;

-- 2026-11-20: a file set aside whole, 12 of 200 records rejected, a source silent, a warning approved; 5 of the lists that waited are released
begin;
insert into published.audit.runs values
    ('2026-11-20', 'two', 'published', '2026-11-21 00:30', '2026-11-21 00:36', ['nobody'], ['PTY01'], true, map {},
        [{'gate': 'received', 'warnings': ['raw.files · records_as_usual'], 'decision': 'accepted', 'who': 'li.lei', 'at': timestamp '2026-11-21 08:15', 'why': 'half a day of power cut at the platform'}]);
insert into published.audit.files values
    ('2026-11-20', 'export-orders', 'b.xml', repeat('b1', 32), 1000, 200, 'read', 'CEB303', '2022', null),
    ('2026-11-20', 'export-orders', 'bad.xml', repeat('b2', 32), 10, 0, 'quarantined', null, null, 'not well-formed: line 1'),
    ('2026-11-20', 'export-orders', '<img src=x onerror=alert(1)>.xml', repeat('b1', 32), 1000, 0, 'repeated', null, null, null);
insert into published.audit.conservation values (3, '2026-11-20', 'export-orders', 'order', repeat('b1', 32), 200, 180, 3, 2, 2, 1, 12, '2026-11-20');
insert into published.audit.quarantine
select '2026-11-20', 'export-orders', 'b.xml', repeat('b1', 32), n, 'order', 'shop|' || n, ['FMT02'], 'FMT02 Mandatory field present 必填项: goodsValue' from range(12) as records (n)
union all select '2026-11-20', 'export-orders', 'bad.xml', repeat('b2', 32), null, 'order', null, ['FMT01'], 'FMT01 not well-formed: line 1';
insert into published.audit.gate_results by name
select date '2026-11-20' as run_date, stage, suite, expectation, severity, success, observed, bounds, 'it is so' as says, 'the promise' as protects, answers, 'auditor' as hurts, subject,
    cast(value as decimal(19, 5)) as value, cast(lower as decimal(19, 5)) as lower, cast(upper as decimal(19, 5)) as upper, basis
from (values
    ('received', 'raw.files', 'file_state_known', 'critical', true, 'all 3 as expected', 'one of read', 'data engineer', null, null, null, null, null),
    ('received', 'raw.files', 'records_as_usual', 'warning', false, '200', '400 to 600', 'source party', 'export-orders', 200, 400, 600, 'median 500, spread 20, of 20 working days'),
    ('received', 'raw.files', 'records_as_usual', 'warning', true, '55', '40 to 60', 'source party', 'export-waybills', 55, 40, 60, 'median 50, spread 2, of 20 working days'),
    ('received', 'raw.files', 'records_as_usual', 'warning', true, '5', 'not known yet', 'source party', 'export-returns', 5, null, null, 'too little to learn from'),
    ('marts', 'audit.conservation', 'nothing_lost', 'critical', true, 'all 1 as expected', 'every row', 'data engineer', null, null, null, null, null)
) as t (stage, suite, expectation, severity, success, observed, bounds, answers, subject, value, lower, upper, basis);
update published.clearance.clearance_facts set status = 'released', has_waybill = true, run_date = '2026-11-20', changed_on = '2026-11-20' where cop_no in ('L90', 'L91', 'L92', 'L93', 'L94');
insert into published.clearance.clearance_facts
select '3301960', 'M' || n, '33019Q0', '440316K', 'E', case when n < 30 then 'released' when n < 36 then 'review' else 'waiting' end, n < 38, n < 37, n < 36, 100, '2026-11-20', '2026-11-20' from range(40) as lists (n);
delete from published.clearance.check_findings where cop_no in ('L90', 'L91', 'L92', 'L93', 'L94');
insert into published.clearance.check_findings
select '3301960', 'M' || n, 'PAY01', 'review', '2026-11-20', '2026-11-20' from range(30, 36) as lists (n)
union all select '3301960', 'M' || n, 'DOC03', 'wait', '2026-11-20', '2026-11-20' from range(35, 37) as lists (n)
union all select '3301960', 'M39', 'TAX01', 'warn', '2026-11-20', '2026-11-20';
insert into published.exchange.receipts select '2026-11-20', case when n = 0 then 'F' when n <= 200 then 'R' else 'D' end || n, 'export-orders', if(n = 0, 'CEB900', 'CEB304')
from range(246) as r (n);
update published.public_service.rebate_eligibility set verdict = 'rebate', reason_rules = [], form_no = 'F1', declaration_no = '1', relation_no = 'R1', refund_amount = 13 where cop_no in ('L0', 'L1', 'L2');
insert into published.public_service.department_mismatches values ('3301960', 'L0', 'amount', '2026-11-20');
call published.set_commit_message('sandan', 'three_lists_daily 2026-11-20 · run two');
commit;
