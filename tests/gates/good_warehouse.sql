-- Run 2026-11-20: twelve order records, one payment, one waybill, two declarations, a quarantined and a repeated file.
CREATE TABLE raw.files (run_date DATE, file_id BIGINT, source_id VARCHAR, path VARCHAR, sha256 VARCHAR, records BIGINT, state VARCHAR, reason VARCHAR);
INSERT INTO raw.files VALUES
    ('2026-11-20', 1, 'platform', 'orders.xml', 'aa', 12, 'read', NULL),
    ('2026-11-20', 2, 'platform', 'rest.xml', 'bb', 4, 'read', NULL),
    ('2026-11-20', 3, 'platform', 'again.xml', 'aa', 0, 'repeated', NULL),
    ('2026-11-19', 9, 'platform', 'old.xml', 'zz', 7, 'read', NULL);
INSERT INTO raw.files SELECT '2026-11-20', 100 + i, 'platform', 'more-' || i, 'm' || i, 0, 'read', NULL FROM range(30) AS t (i);
INSERT INTO raw.files VALUES ('2026-11-20', 4, 'platform', 'broken.xml', 'cc', 0, 'quarantined', 'not well-formed');
INSERT INTO raw.orders SELECT '2026-11-20', 1001 + i, 1 FROM range(12) AS t (i);
INSERT INTO raw.order_items SELECT run_date, record_id, 1 FROM raw.orders;
INSERT INTO raw.payments VALUES ('2026-11-20', 21, 2);
INSERT INTO raw.waybills VALUES ('2026-11-20', 22, 2);
INSERT INTO raw.declarations VALUES ('2026-11-20', 23, 2), ('2026-11-20', 24, 2);

CREATE SCHEMA reference;
CREATE TABLE reference.rules (rule_id VARCHAR, flow VARCHAR, regime VARCHAR, action VARCHAR, valid_from DATE, valid_to DATE);
INSERT INTO reference.rules VALUES
    ('DOC01', '*', '*', 'wait', '2014-02-10', NULL),
    ('DOC01', '*', '9610', 'review', '2014-02-10', '2020-01-01'),
    ('DOC01', '*', '9710', 'off', '2014-02-10', NULL),
    ('WGT01', '*', '*', 'refuse', '2014-02-10', NULL),
    ('WGT01', 'E', '*', 'review', '2014-02-10', NULL),
    ('WGT01', '*', '9610', 'warn', '2014-02-10', NULL),
    ('OLD01', '*', '*', 'review', '2014-02-10', '2020-01-01');

CREATE SCHEMA audit;
CREATE TABLE audit.record_states (run_date DATE, record_id BIGINT, list VARCHAR, source_id VARCHAR, sha256 VARCHAR, state VARCHAR, rule_ids VARCHAR[]);
INSERT INTO audit.record_states VALUES
    ('2026-11-20', 21, 'payment', 'platform', 'bb', 'accepted', []),
    ('2026-11-20', 22, 'waybill', 'platform', 'bb', 'quarantined', ['FMT02']),
    ('2026-11-20', 23, 'declaration', 'platform', 'bb', 'accepted', []),
    ('2026-11-20', 24, 'declaration', 'platform', 'bb', 'accepted', []);
INSERT INTO audit.record_states SELECT run_date, record_id, 'order', 'platform', 'aa', 'accepted', [] FROM raw.orders;
CREATE TABLE audit.source_shapes (run_date DATE, source_id VARCHAR, list VARCHAR, name VARCHAR, kind VARCHAR, filled INTEGER, total INTEGER);
INSERT INTO audit.source_shapes
SELECT DATE '2026-11-20' - CAST(i AS INTEGER), 'platform', 'order', name, kind, filled, 12
FROM range(6) AS t (i), (VALUES ('orderNo', 'element', 12), ('note', 'element', 1), ('colour', 'unread', 12)) AS names (name, kind, filled)
WHERE name <> 'note' OR i > 0;
CREATE TABLE audit.quarantine (run_date DATE, source_id VARCHAR, path VARCHAR, sha256 VARCHAR, position INTEGER, list VARCHAR, natural_key VARCHAR, rule_ids VARCHAR[], reason VARCHAR);
INSERT INTO audit.quarantine VALUES
    ('2026-11-20', 'platform', 'rest.xml', 'bb', 2, 'waybill', 'L|1', ['FMT02'], 'freight is missing'),
    ('2026-11-20', 'platform', 'broken.xml', 'cc', NULL, NULL, NULL, ['FMT01'], 'not well-formed');
CREATE TABLE audit.conservation (run_date DATE, changed_on DATE, source_id VARCHAR, list VARCHAR, sha256 VARCHAR, received INTEGER, accepted INTEGER, superseded INTEGER, duplicate INTEGER, stale INTEGER, draft INTEGER, quarantined INTEGER);
INSERT INTO audit.conservation VALUES ('2026-11-20', '2026-11-20', 'platform', 'order', 'aa', 12, 12, 0, 0, 0, 0, 0);

CREATE SCHEMA staging;
CREATE TABLE staging.current_records (run_date DATE, list VARCHAR, key VARCHAR, record_id BIGINT, is_live BOOLEAN, app_time TIMESTAMP);
INSERT INTO staging.current_records VALUES
    ('2026-11-20', 'order', 'P|1', 1001, true, '2026-11-20 08:00:00'),
    ('2026-11-20', 'declaration', 'E' || chr(31) || '1', 23, true, '2026-11-20 09:00:00'),
    ('2026-11-20', 'declaration', 'E' || chr(31) || '2', 24, true, '2026-11-20 09:00:00');
CREATE TABLE staging.stg_orders (run_date DATE, goods_value DECIMAL(19, 5), freight DECIMAL(19, 5), actural_paid DECIMAL(19, 5));
INSERT INTO staging.stg_orders VALUES ('2026-11-20', 100, 0, NULL);
CREATE TABLE staging.stg_payments (run_date DATE, amount_paid DECIMAL(19, 5));
CREATE TABLE staging.stg_declaration_items (run_date DATE, qty DECIMAL(19, 5), price DECIMAL(19, 5), total_price DECIMAL(19, 5));

CREATE SCHEMA matching;
CREATE TABLE matching.decisions (run_date DATE, declaration_key VARCHAR, ebc_code VARCHAR, cop_no VARCHAR, status VARCHAR, failed_rules VARCHAR[], has_order BOOLEAN, has_payment BOOLEAN, has_waybill BOOLEAN, decided_on DATE);
INSERT INTO matching.decisions VALUES
    ('2026-11-19', 'E' || chr(31) || '0', 'E', '0', 'waiting', ['DOC01'], false, true, true, '2026-11-19'),
    ('2026-11-20', 'E' || chr(31) || '0', 'E', '0', 'closed', [], true, true, true, '2026-11-20'),
    ('2026-11-20', 'E' || chr(31) || '1', 'E', '1', 'released', [], true, false, true, '2026-11-20'),
    ('2026-11-20', 'E' || chr(31) || '2', 'E', '2', 'waiting', ['DOC01', 'WGT01'], false, true, true, '2026-11-20');
-- the catalogue does not wait for payments in regime 9710
CREATE TABLE matching.matched (declaration_key VARCHAR, ebc_code VARCHAR, cop_no VARCHAR, flow VARCHAR, supervision_mode VARCHAR);
INSERT INTO matching.matched VALUES
    ('E' || chr(31) || '0', 'E', '0', 'E', '9610'), ('E' || chr(31) || '1', 'E', '1', 'E', '9710'), ('E' || chr(31) || '2', 'E', '2', 'E', '9610');
CREATE TABLE matching.rule_actions (flow VARCHAR, supervision_mode VARCHAR, rule_id VARCHAR, action VARCHAR);
INSERT INTO matching.rule_actions VALUES
    ('E', '9710', 'DOC01', 'wait'), ('E', '9710', 'DOC02', 'off'), ('E', '9710', 'DOC03', 'review'), ('E', '9610', 'DOC02', 'wait');
ALTER TABLE matching.decisions ADD COLUMN flow VARCHAR DEFAULT 'E';
ALTER TABLE matching.decisions ADD COLUMN released_at TIMESTAMP;
INSERT INTO matching.decisions VALUES ('2026-11-20', 'E' || chr(31) || '3', 'E', '3', 'returned', [], true, true, true, '2026-11-20', 'I', '2026-11-20 23:59:59');
ALTER TABLE reference.rules ADD COLUMN parameter DECIMAL(19, 5);
INSERT INTO reference.rules VALUES ('LIM02', 'I', '*', 'refuse', '2019-01-01', NULL, 26000);
CREATE TABLE matching.item_taxes (run_date DATE, declaration_key VARCHAR, gnum INTEGER, declaration_value DECIMAL(19, 5), dutiable_value DECIMAL(19, 5), tariff_due DECIMAL(19, 5), consumption_due DECIMAL(19, 5), vat_due DECIMAL(19, 5));
INSERT INTO matching.item_taxes VALUES
    ('2026-11-20', 'E' || chr(31) || '3', 1, 10, 3.33333, 0, 0, 0.3),
    ('2026-11-20', 'E' || chr(31) || '3', 2, 10, 6.66667, 0, NULL, NULL),
    ('2026-11-20', 'E' || chr(31) || '4', 1, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE matching.admitted (run_date DATE, declaration_key VARCHAR, buyer_hash VARCHAR, year INTEGER, dutiable_value DECIMAL(19, 5), is_limited BOOLEAN);
INSERT INTO matching.admitted VALUES ('2026-11-20', 'E' || chr(31) || '3', 'ab', 2026, 10, true);
CREATE TABLE matching.annual_totals (run_date DATE, buyer_hash VARCHAR, year INTEGER, total DECIMAL(19, 5));
INSERT INTO matching.annual_totals VALUES
    ('2026-11-18', 'ab', 2026, 26000), ('2026-11-19', 'ab', 2026, 25990), ('2026-11-19', 'ab', 2025, 26000), ('2026-11-20', 'ab', 2026, 26000);
CREATE TABLE matching.findings (run_date DATE, declaration_key VARCHAR, ebc_code VARCHAR, cop_no VARCHAR, rule_id VARCHAR, action VARCHAR, expected VARCHAR, observed VARCHAR, found_on DATE);
INSERT INTO matching.findings VALUES
    ('2026-11-20', 'E' || chr(31) || '2', 'E', '2', 'DOC01', 'wait', 'an order', 'none', '2026-11-20'),
    ('2026-11-20', 'E' || chr(31) || '2', 'E', '2', 'WGT01', 'review', '≤ 1', '2', '2026-11-20');

CREATE SCHEMA clearance;
CREATE TABLE clearance.clearance_facts (changed_on DATE, ebc_code VARCHAR, cop_no VARCHAR, status VARCHAR, return_status VARCHAR, goods_value_cny DECIMAL(19, 5), item_count INTEGER, flow VARCHAR, statistics_flag VARCHAR, closed_at TIMESTAMP);
INSERT INTO clearance.clearance_facts VALUES
    ('2026-11-20', 'E', '1', 'released', '800', 30, 2, 'E', 'B', NULL),
    ('2026-11-20', 'E', '2', 'waiting', '120', 5, 1, 'E', 'B', NULL),
    ('2026-11-19', 'E', '3', 'closed', '899', 30, 2, 'E', 'B', '2026-11-19 08:00:00'),
    ('2026-11-19', 'E', '4', 'closed', '899', 30, 1, 'E', 'A', '2026-11-19 08:00:00');
CREATE TABLE clearance.clearance_items (changed_on DATE, ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, value_cny DECIMAL(19, 5), qty DECIMAL(19, 5), qty1 DECIMAL(19, 5), qty2 DECIMAL(19, 5), total_price DECIMAL(19, 5), unit VARCHAR, currency VARCHAR, returned_qty DECIMAL(19, 5));
INSERT INTO clearance.clearance_items (changed_on, ebc_code, cop_no, gnum, value_cny, qty, returned_qty) VALUES ('2026-11-20', 'E', '1', 1, 10, 2, 2), ('2026-11-20', 'E', '1', 2, 20, 3, 1), ('2026-11-20', 'E', '2', 1, 5, 1, 0);
INSERT INTO clearance.clearance_items VALUES
    ('2026-11-19', 'E', '3', 1, 20, 2, 1, NULL, 20, '011', '142', 0),
    ('2026-11-19', 'E', '3', 2, 10, 4, 1, NULL, 10, '011', '142', 0),
    ('2026-11-19', 'E', '4', 1, 30, 1, 1, NULL, 30, '011', '142', 0);
CREATE TABLE clearance.returned_items (changed_on DATE, ebc_code VARCHAR, cop_no VARCHAR, guid VARCHAR, gnum INTEGER, returned_qty DECIMAL(19, 5), in_time BOOLEAN, restored_value_cny DECIMAL(19, 5));
INSERT INTO clearance.returned_items VALUES ('2026-11-20', 'E', '1', 'A', 1, 1.5, true, 4), ('2026-11-20', 'E', '1', 'B', 1, 0.5, false, 0), ('2026-11-20', 'E', '1', 'A', 2, 1, true, 2);
CREATE TABLE clearance.import_taxes (changed_on DATE, ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER);
INSERT INTO clearance.import_taxes VALUES ('2026-11-20', 'E', '1', 1), ('2026-11-20', 'E', '1', 2);
CREATE TABLE clearance.missing_rates (currency VARCHAR, month VARCHAR, items BIGINT);
CREATE TABLE clearance.check_findings (changed_on DATE, ebc_code VARCHAR, cop_no VARCHAR, rule_id VARCHAR);
INSERT INTO clearance.check_findings VALUES ('2026-11-20', 'E', '2', 'DOC01');
CREATE TABLE clearance.list_usage (changed_on DATE, list VARCHAR, source_id VARCHAR, key VARCHAR, usage VARCHAR);
INSERT INTO clearance.list_usage VALUES ('2026-11-20', 'order', 'platform', 'P|1', 'matched');

CREATE TABLE clearance.consolidation_members (month VARCHAR, ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, form_no VARCHAR, line_no INTEGER, qty DECIMAL(19, 5), unit VARCHAR, qty1 DECIMAL(19, 5), unit1 VARCHAR, qty2 DECIMAL(19, 5), unit2 VARCHAR, returned_qty DECIMAL(19, 5), currency VARCHAR, total_price DECIMAL(19, 5), value_cny DECIMAL(19, 5));
INSERT INTO clearance.consolidation_members VALUES
    ('2026-11', 'E', '3', 1, 'F', 1, 2, '011', 1, '035', NULL, NULL, 0, '142', 20, 20),
    ('2026-11', 'E', '3', 2, 'F', 1, 1, '011', 0.25, '035', NULL, NULL, 3, '142', 2.5, 2.5);
CREATE TABLE clearance.consolidated_items (month VARCHAR, form_no VARCHAR, line_no INTEGER, qty DECIMAL(19, 5), unit VARCHAR, qty1 DECIMAL(19, 5), unit1 VARCHAR, qty2 DECIMAL(19, 5), unit2 VARCHAR, currency VARCHAR, total_price DECIMAL(19, 5), value_cny DECIMAL(19, 5), members INTEGER);
INSERT INTO clearance.consolidated_items VALUES ('2026-11', 'F', 1, 3, '011', 1.25, '035', NULL, NULL, '142', 22.5, 22.5, 2);
CREATE TABLE clearance.consolidated_declarations (month VARCHAR, form_no VARCHAR, lines INTEGER, members INTEGER, total_prices MAP(VARCHAR, DECIMAL(19, 5)));
INSERT INTO clearance.consolidated_declarations VALUES ('2026-11', 'F', 1, 2, MAP {'142': 22.5});
CREATE TABLE clearance.consolidation_counts (month VARCHAR, rule_version VARCHAR, closed INTEGER, consolidated INTEGER, left_out_simplified INTEGER, left_out_returned INTEGER);
INSERT INTO clearance.consolidation_counts VALUES ('2026-11', '2018-194', 2, 1, 1, 0);
CREATE SCHEMA exchange;
CREATE TABLE exchange.receipts (run_date DATE, receipt_id VARCHAR, source_id VARCHAR, message VARCHAR, ebc_code VARCHAR, cop_no VARCHAR, return_status VARCHAR);
INSERT INTO exchange.receipts SELECT run_date, 'R' || record_id, source_id, 'CEB304', NULL, NULL, '120' FROM audit.record_states;
INSERT INTO exchange.receipts SELECT run_date, 'F' || file_id, source_id, 'CEB900', NULL, NULL, '-1' FROM raw.files WHERE state = 'quarantined';
INSERT INTO exchange.receipts VALUES ('2026-11-20', 'D23', 'platform', 'CEB604', 'E', '1', '800'), ('2026-11-20', 'D24', 'platform', 'CEB604', 'E', '2', '120');
-- Rebate: an item of 免退 with an invoice line and exchange, one of a manufacturer's month, one that waits.
CREATE SCHEMA public_service;
CREATE TABLE public_service.rebate_eligibility (ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, verdict VARCHAR, reason_rules VARCHAR[], deadline DATE, state VARCHAR, method VARCHAR, rebate_rate DECIMAL(19, 5), base_amount DECIMAL(19, 5), refund_amount DECIMAL(19, 5), forex_received DECIMAL(19, 5), forex_due DECIMAL(19, 5), form_no VARCHAR, line_no INTEGER, declaration_no VARCHAR, export_date DATE, relation_no VARCHAR, taxpayer_id VARCHAR, period VARCHAR, changed_on DATE);
INSERT INTO public_service.rebate_eligibility VALUES
    ('E', '1', 1, 'rebate', [], NULL, 'granted', 'T', 0.13, 500, 65, 95, 95, 'F1', 1, '290120260000000001', '2026-11-05', 'R', 'T', '202611', '2026-11-20'),
    ('M', '2', 1, 'rebate', [], NULL, 'granted', 'C', 0.13, 700, 50, 0, 0, 'F2', 1, '290120260000000002', '2026-11-05', 'R', 'C', '202611', '2026-11-20'),
    ('E', '3', 1, 'pending', ['REB07'], '2027-04-30', 'open', 'T', 0.13, NULL, 0, 100, 95, 'F1', 2, '290120260000000001', '2026-11-05', NULL, 'T', NULL, '2026-11-20');
CREATE TABLE public_service.exported_items AS SELECT changed_on AS run_date, ebc_code, cop_no, gnum, '9610' AS supervision_mode FROM public_service.rebate_eligibility;
CREATE TABLE public_service.rebate_actions (export_date DATE, supervision_mode VARCHAR, rule_id VARCHAR, action VARCHAR);
INSERT INTO public_service.rebate_actions VALUES ('2026-11-05', '9610', 'REB14', 'pending'), ('2026-11-05', '1210', 'REB14', 'off');
-- the second item came to its month from another one
CREATE TABLE public_service.rebate_entries (run_date DATE, ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, taxpayer_id VARCHAR, period VARCHAR, cause VARCHAR, amount DECIMAL(19, 5));
INSERT INTO public_service.rebate_entries VALUES
    ('2026-11-19', 'E', '1', 1, 'T', '202611', 'granted', 91), ('2026-11-20', 'E', '1', 1, 'T', '202611', 'returned', -26),
    ('2026-11-19', 'M', '2', 1, 'C', '202610', 'granted', 60), ('2026-11-20', 'M', '2', 1, 'C', '202610', 'corrected', -60),
    ('2026-11-20', 'M', '2', 1, 'C', '202611', 'corrected', 50);
CREATE TABLE public_service.invoice_allocations (ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, invoice VARCHAR, invoice_line INTEGER, taxpayer_id VARCHAR, relation_no VARCHAR, qty DECIMAL(19, 5), amount DECIMAL(19, 5), changed_on DATE);
INSERT INTO public_service.invoice_allocations VALUES
    ('E', '1', 1, '|I', 1, 'T', 'R', 4, 200, '2026-11-20'), ('E', '1', 1, '|I', 2, 'T', 'R', 6, 300, '2026-11-20'),
    ('E', '9', 1, '|I', 2, 'T', 'R', 2, 100, '2026-11-19');
CREATE TABLE public_service.forex_allocations (ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, receipt VARCHAR, amount DECIMAL(19, 5), changed_on DATE);
INSERT INTO public_service.forex_allocations VALUES ('E', '1', 1, 'B|X', 95, '2026-11-20'), ('E', '9', 1, 'B|X', 5, '2026-11-19');
CREATE TABLE public_service.rebate_totals (taxpayer_id VARCHAR, period VARCHAR, items INTEGER, refund_amount DECIMAL(19, 5), changed_on DATE);
INSERT INTO public_service.rebate_totals VALUES ('T', '202611', 1, 65, '2026-11-20'), ('C', '202611', 1, 50, '2026-11-20');
CREATE TABLE public_service.credit_refunds (taxpayer_id VARCHAR, period VARCHAR, ending_credit DECIMAL(19, 5), credit_refund DECIMAL(19, 5), refundable DECIMAL(19, 5), exempt_credit DECIMAL(19, 5), changed_on DATE);
INSERT INTO public_service.credit_refunds VALUES ('C', '202611', 50, 91, 50, 41, '2026-11-20');
-- The papers behind them, as staged.
CREATE TABLE staging.stg_invoices (record_id BIGINT, invoice_key VARCHAR, kind VARCHAR, state VARCHAR, buyer_id VARCHAR, red_of VARCHAR);
INSERT INTO staging.stg_invoices VALUES (31, chr(31) || 'I', 'O', 'N', 'T', NULL), (32, chr(31) || 'I', 'S', 'N', 'T', NULL), (34, chr(31) || 'RED', 'S', 'V', 'T', chr(31) || 'I');
CREATE TABLE staging.stg_invoice_items (record_id BIGINT, gnum INTEGER, qty DECIMAL(19, 5), net_amount DECIMAL(19, 5));
INSERT INTO staging.stg_invoice_items VALUES (31, 1, 1, 1), (32, 1, 4, 200), (32, 2, 8, 400);
CREATE TABLE staging.stg_forex (record_id BIGINT, kind VARCHAR, deemed_reason VARCHAR, amount DECIMAL(19, 5), netted_fees DECIMAL(19, 5));
INSERT INTO staging.stg_forex VALUES (33, 'R', NULL, 90, 10);
CREATE TABLE staging.stg_closings (record_id BIGINT, closing_key VARCHAR, form_no VARCHAR, declaration_no VARCHAR, export_date DATE);
INSERT INTO staging.stg_closings VALUES (41, 'F1', 'F1', '290120260000000001', '2026-11-05'), (42, 'F2', 'F2', '290120260000000002', '2026-11-05');
CREATE TABLE staging.stg_export_claims (record_id BIGINT, export_claim_key VARCHAR, taxpayer_id VARCHAR, relation_no VARCHAR, form_no VARCHAR, line_no INTEGER, period VARCHAR);
INSERT INTO staging.stg_export_claims VALUES (43, 'TRF1', 'T', 'R', 'F1', 1, '202611'), (44, 'CRF2', 'C', 'R', 'F2', 1, '202611');
CREATE TABLE staging.stg_purchase_claims (record_id BIGINT, purchase_claim_key VARCHAR, taxpayer_id VARCHAR, relation_no VARCHAR, invoice_key VARCHAR, invoice_line INTEGER);
INSERT INTO staging.stg_purchase_claims VALUES (45, 'TRI1', 'T', 'R', chr(31) || 'I', 1), (46, 'TRI2', 'T', 'R', chr(31) || 'I', 2);
CREATE TABLE staging.stg_taxpayers (record_id BIGINT, taxpayer_key VARCHAR, taxpayer_id VARCHAR, party_code VARCHAR, vat_status VARCHAR, rebate_filed_on DATE, rebate_method VARCHAR, valid_from DATE, valid_to DATE);
INSERT INTO staging.stg_taxpayers VALUES (47, 'T', 'T', 'E', 'G', '2026-11-30', 'T', '2026-11-05', '2026-11-05'), (48, 'C', 'C', 'M', 'G', '2015-01-01', 'C', '2014-01-01', NULL);
CREATE TABLE staging.stg_vat_returns (record_id BIGINT, vat_return_key VARCHAR, taxpayer_id VARCHAR, period VARCHAR);
INSERT INTO staging.stg_vat_returns VALUES (49, 'C202611', 'C', '202611');
INSERT INTO staging.current_records VALUES
    ('2026-11-18', 'invoice', chr(31) || 'I', 31, true, '2026-11-18 08:00:00'), ('2026-11-19', 'invoice', chr(31) || 'I', 32, true, '2026-11-19 08:00:00'),
    ('2026-11-19', 'invoice', chr(31) || 'RED', 34, true, '2026-11-19 08:00:00'), ('2026-11-19', 'forex', 'B' || chr(31) || 'X', 33, true, '2026-11-19 08:00:00'),
    ('2026-11-19', 'closing', 'F1', 41, true, '2026-11-19 08:00:00'), ('2026-11-19', 'closing', 'F2', 42, true, '2026-11-19 08:00:00'),
    ('2026-11-19', 'export_claim', 'TRF1', 43, true, '2026-11-19 08:00:00'), ('2026-11-19', 'export_claim', 'CRF2', 44, true, '2026-11-19 08:00:00'),
    ('2026-11-19', 'purchase_claim', 'TRI1', 45, true, '2026-11-19 08:00:00'), ('2026-11-19', 'purchase_claim', 'TRI2', 46, true, '2026-11-19 08:00:00'),
    ('2026-11-19', 'taxpayer', 'T', 47, true, '2026-11-19 08:00:00'), ('2026-11-19', 'taxpayer', 'C', 48, true, '2026-11-19 08:00:00'),
    ('2026-11-19', 'vat_return', 'C202611', 49, true, '2026-11-19 08:00:00');
-- Departments: a declaration of the run whose forms differ, one that is left as an earlier run told it.
CREATE TABLE public_service.department_exchange (ebc_code VARCHAR, cop_no VARCHAR, customs_state VARCHAR, tax_refund DECIMAL(19, 5), changed_on DATE);
INSERT INTO public_service.department_exchange VALUES
    ('E', '1', 'released', 65, '2026-11-20'), ('E', '2', 'waiting', NULL, '2026-11-20'), ('E', '3', 'closed', 0, '2026-11-19');
CREATE TABLE public_service.department_mismatches (ebc_code VARCHAR, cop_no VARCHAR, field VARCHAR, department_a VARCHAR, department_b VARCHAR, changed_on DATE);
INSERT INTO public_service.department_mismatches VALUES
    ('E', '1', 'amount', 'customs', 'closing', '2026-11-19'), ('E', '1', 'amount', 'customs', 'forex', '2026-11-20'),
    ('E', '3', 'party', 'customs', 'tax', '2026-11-20'), ('E', '9', 'declaration', 'customs', 'forex', '2026-11-20');
CREATE TABLE public_service.department_notices (run_date DATE, told VARCHAR, ebc_code VARCHAR, cop_no VARCHAR, field VARCHAR, department_b VARCHAR, value_b VARCHAR);
INSERT INTO public_service.department_notices VALUES
    ('2026-11-20', 'customs', 'E', '1', 'amount', 'forex', NULL), ('2026-11-20', 'forex', 'E', '1', 'amount', 'forex', '50'),
    ('2026-11-20', 'customs', 'E', '1', 'state', 'forex', 'received'), ('2026-11-20', 'customs', 'E', '1', 'amount', 'closing', '50');

-- Small exporters: what E has to do, what E and M may expect, parcels, and a scorecard with the shares of six.
ALTER TABLE clearance.check_findings ADD COLUMN action VARCHAR DEFAULT 'wait';
ALTER TABLE matching.decisions ADD COLUMN life_record_id BIGINT DEFAULT 1;
UPDATE clearance.clearance_items SET total_price = 100, currency = '502' WHERE cop_no = '1' AND gnum = 1;
CREATE TABLE public_service.rebate_findings (ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, rule_id VARCHAR, action VARCHAR);
INSERT INTO public_service.rebate_findings VALUES ('E', '3', 1, 'REB07', 'pending'), ('E', '3', 1, 'REB14', 'pending'), ('E', '3', 1, 'EXM03', 'exempt');
CREATE SCHEMA integrated_service;
CREATE TABLE integrated_service.touched_exporters AS SELECT unnest(['E', 'M']) AS ebc_code;
CREATE TABLE integrated_service.exporter_entries AS SELECT ebc_code, DATE '2026-11-20' AS run_date FROM integrated_service.touched_exporters;
CREATE TABLE integrated_service.enterprise_worklist (ebc_code VARCHAR, fact_key VARCHAR, kind VARCHAR, rule_id VARCHAR, cop_no VARCHAR, gnum INTEGER, party VARCHAR, money_cny DECIMAL(19, 5), opened_on DATE, remedy_zh VARCHAR, remedy_en VARCHAR, closed_on DATE, closed_because VARCHAR, changed_on DATE);
INSERT INTO integrated_service.enterprise_worklist VALUES
    ('E', 'match|E|2|DOC01', 'list_missing', 'DOC01', '2', NULL, 'platform', 5, '2026-11-20', '发', 'send', NULL, NULL, '2026-11-20'),
    ('E', 'match|E|2|LIM02', 'limit_near', 'LIM02', '2', NULL, 'enterprise', 5, '2026-11-20', '退', 'cancel', NULL, NULL, '2026-11-20'),
    ('E', 'match|E|1|DOC01', 'list_missing', 'DOC01', '1', NULL, 'platform', 30, '2026-11-18', '发', 'send', '2026-11-20', 'arrived', '2026-11-20'),
    ('E', 'rebate|E|3|1|REB07', 'paper_missing', 'REB07', '3', 1, 'enterprise', 2.6, '2026-11-20', '报', 'claim', NULL, NULL, '2026-11-20'),
    ('E', 'rebate|E|3|1|REB14', 'forex_missing', 'REB14', '3', 1, 'bank', 4, '2026-11-19', '收', 'collect', NULL, NULL, '2026-11-20'),
    ('E', 'record|waybill|L|1|FMT02', 'list_rejected', 'FMT02', NULL, NULL, 'enterprise', 0, '2026-11-20', '补', 'fill', NULL, NULL, '2026-11-20');
CREATE TABLE integrated_service.enterprise_rebate_finance (ebc_code VARCHAR, week DATE, refund_cny DECIMAL(19, 5), complete_cny DECIMAL(19, 5), incomplete_cny DECIMAL(19, 5), changed_on DATE);
INSERT INTO integrated_service.enterprise_rebate_finance VALUES
    ('E', '2026-11-09', 20, 20, 0, '2026-11-20'), ('E', '2026-11-16', 45, 45, 0, '2026-11-20'), ('E', '2026-12-14', 2.6, 0, 2.6, '2026-11-20'),
    ('M', '2026-12-07', 50, 50, 0, '2026-11-20');
CREATE TABLE integrated_service.enterprise_advance (ebc_code VARCHAR, eligible_cny DECIMAL(19, 5), held_cny DECIMAL(19, 5), return_reserve_cny DECIMAL(19, 5), advance_rate DECIMAL(19, 5), advance_limit_cny DECIMAL(19, 5), changed_on DATE);
INSERT INTO integrated_service.enterprise_advance VALUES ('E', 45, 5, 1, 0.8, 30, '2026-11-20'), ('M', 50, 60, 0, 0.8, 0, '2026-11-20');
CREATE TABLE integrated_service.enterprise_concentration (ebc_code VARCHAR, kind VARCHAR, name VARCHAR, refund_cny DECIMAL(19, 5), share DECIMAL(19, 5), changed_on DATE);
INSERT INTO integrated_service.enterprise_concentration VALUES
    ('E', 'commodity', '8517', 65, 1, '2026-11-20'), ('E', 'supplier', 'S', 40, 0.61538, '2026-11-20'), ('E', 'supplier', 'T', 25, 0.38462, '2026-11-20'),
    ('M', 'commodity', '6109', 50, 1, '2026-11-20');
CREATE TABLE integrated_service.enterprise_forex_open (ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, currency VARCHAR, open DECIMAL(19, 5), open_cny DECIMAL(19, 5), changed_on DATE);
INSERT INTO integrated_service.enterprise_forex_open VALUES ('E', '3', 1, '142', 4, 4, '2026-11-20');
CREATE TABLE integrated_service.enterprise_forex (ebc_code VARCHAR, currency VARCHAR, declared DECIMAL(19, 5), open DECIMAL(19, 5), overdue DECIMAL(19, 5), open_0_30 DECIMAL(19, 5), open_31_90 DECIMAL(19, 5), open_91_180 DECIMAL(19, 5), open_over_180 DECIMAL(19, 5), changed_on DATE);
INSERT INTO integrated_service.enterprise_forex VALUES
    ('E', '502', 100, 0, 0, 0, 0, 0, 0, '2026-11-20'), ('E', '142', 20, 4, 0, 4, 0, 0, 0, '2026-11-20');
CREATE TABLE integrated_service.enterprise_logistics (ebc_code VARCHAR, month VARCHAR, leg VARCHAR, parcels INTEGER, changed_on DATE);
INSERT INTO integrated_service.enterprise_logistics VALUES
    ('E', '2026-11', 'all', 1, '2026-11-20'), ('E', '2026-11', 'ordered_to_paid', 7, '2026-11-20'), ('E', '2026-10', 'all', 9, '2026-10-31');
CREATE TABLE integrated_service.enterprise_scorecard (ebc_code VARCHAR, week DATE, measure VARCHAR, list VARCHAR, source_id VARCHAR, rule_id VARCHAR, hits INTEGER, total INTEGER, share DECIMAL(19, 5), peer_median DECIMAL(19, 5), peers INTEGER, changed_on DATE);
INSERT INTO integrated_service.enterprise_scorecard VALUES
    ('E', '2026-11-16', 'held', NULL, NULL, NULL, 2, 4, 0.5, NULL, 0, '2026-11-20'),
    ('E', '2026-11-16', 'rule_failed', NULL, NULL, 'DOC01', 1, 4, 0.25, NULL, 0, '2026-11-20'),
    ('E', '2026-11-16', 'rule_failed', NULL, NULL, 'WGT01', 1, 4, 0.25, NULL, 0, '2026-11-20'),
    ('E', '2026-11-09', 'held', NULL, NULL, NULL, 9, 9, 1, NULL, 0, '2026-11-13');
INSERT INTO integrated_service.enterprise_scorecard
SELECT 'E' || i, '2026-11-16', 'first_pass', 'order', 'platform', NULL, 1, 2, 0.5, 0.5, 5, '2026-11-20' FROM range(6) AS t (i);
-- A second vintage of November: one item of a list that closed, in a cell of its own; a cell that only saw a return; and a list that waits.
CREATE TABLE main.vintages_begun (month VARCHAR, vintage_no INTEGER);
INSERT INTO main.vintages_begun VALUES ('2026-11', 2);
CREATE SCHEMA statistics;
CREATE TABLE statistics.trade_items (period VARCHAR, vintage_no INTEGER, ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, counted_at TIMESTAMP, flow VARCHAR, supervision_mode VARCHAR, hs_code VARCHAR, partner VARCHAR, transport_mode VARCHAR, customs_code VARCHAR, unit1 VARCHAR, qty1 DECIMAL(19, 5), net_weight_kg DECIMAL(19, 5), value_cny DECIMAL(19, 5), value_usd DECIMAL(19, 5));
INSERT INTO statistics.trade_items VALUES
    ('2026-11', 1, 'E', '3', 1, '2026-11-19 08:00:00', 'E', '9610', '61091000', 'HKG', '5', '5349', '011', 1, 0.25, 15, 2),
    ('2026-11', 2, 'E', '3', 1, '2026-11-19 08:00:00', 'E', '9610', '61091000', 'HKG', '5', '5349', '011', 1, 0.25, 20, 3),
    ('2026-11', 2, 'E', '3', 2, '2026-11-19 08:00:00', 'E', '9610', '61091000', 'HKG', '5', '5349', '011', NULL, 0.25, 10, 1),
    ('2026-11', 2, 'E', '4', 1, '2026-11-19 08:00:00', 'E', '9610', '9503', 'HKG', '5', '5349', NULL, 1, 2, 30, 4);
CREATE TABLE statistics.trade_returns AS SELECT period, vintage_no, ebc_code, cop_no, flow, supervision_mode, hs_code, partner, transport_mode, customs_code, unit1, 0.5::DECIMAL(19, 5) AS returned_qty1, 0.1::DECIMAL(19, 5) AS returned_net_weight_kg, 5::DECIMAL(19, 5) AS returned_value_cny, 1::DECIMAL(19, 5) AS returned_value_usd FROM statistics.trade_items WHERE cop_no = '4';
UPDATE statistics.trade_returns SET hs_code = '33049900';
CREATE TABLE statistics.trade_cells (period VARCHAR, vintage_no INTEGER, flow VARCHAR, supervision_mode VARCHAR, hs_code VARCHAR, partner VARCHAR, transport_mode VARCHAR, customs_code VARCHAR, unit1 VARCHAR, items INTEGER, qty1 DECIMAL(19, 5), net_weight_kg DECIMAL(19, 5), value_cny DECIMAL(19, 5), value_usd DECIMAL(19, 5), returns INTEGER, returned_qty1 DECIMAL(19, 5), returned_net_weight_kg DECIMAL(19, 5), returned_value_cny DECIMAL(19, 5), returned_value_usd DECIMAL(19, 5));
INSERT INTO statistics.trade_cells VALUES
    ('2026-11', 1, 'E', '9610', '61091000', 'HKG', '5', '5349', '011', 1, 1, 0.25, 15, 2, 0, 0, 0, 0, 0),
    ('2026-11', 2, 'E', '9610', '61091000', 'HKG', '5', '5349', '011', 2, NULL, 0.5, 30, 4, 0, 0, 0, 0, 0),
    ('2026-11', 2, 'E', '9610', '9503', 'HKG', '5', '5349', NULL, 1, 1, 2, 30, 4, 0, 0, 0, 0, 0),
    ('2026-11', 2, 'E', '9610', '33049900', 'HKG', '5', '5349', NULL, 0, 0, 0, 0, 0, 1, 0.5, 0.1, 5, 1);
-- For publication: of what went only the totals; what came back is all there. Of what vintage 1 hid of heading 6205 nothing is left.
CREATE TABLE statistics.trade_published (period VARCHAR, vintage_no INTEGER, flow VARCHAR, hs_level INTEGER, hs_code VARCHAR, partner VARCHAR, value_cny DECIMAL(19, 5), value_usd DECIMAL(19, 5), net_weight_kg DECIMAL(19, 5), qty1 DECIMAL(19, 5), unit1 VARCHAR, declarations BIGINT, items BIGINT, enterprises BIGINT, conf_status VARCHAR, obs_status VARCHAR);
INSERT INTO statistics.trade_published BY NAME
SELECT '2026-11' AS period, 2 AS vintage_no, partner, cells.*
FROM (VALUES
    ('E', 0, 'TOTAL', 60, 8, 2.5, 'F', 'A'),
    ('E', 2, '61', NULL, NULL, NULL, 'C', 'Q'), ('E', 2, '95', NULL, NULL, NULL, 'C', 'Q'),
    ('E', 4, '6109', NULL, NULL, NULL, 'C', 'Q'), ('E', 4, '9503', NULL, NULL, NULL, 'C', 'Q'),
    ('E', 6, '610910', NULL, NULL, NULL, 'C', 'Q'), ('E', 6, '9503', NULL, NULL, NULL, 'C', 'Q'),
    ('E', 8, '6205', NULL, NULL, NULL, 'C', 'Q'), ('E', 8, '61091000', NULL, NULL, NULL, 'C', 'Q'), ('E', 8, '9503', NULL, NULL, NULL, 'C', 'Q'),
    ('RE', 0, 'TOTAL', 5, 1, 0.1, 'F', 'A'), ('RE', 2, '33', 5, 1, 0.1, 'F', 'A'), ('RE', 4, '3304', 5, 1, 0.1, 'F', 'A'),
    ('RE', 6, '330499', 5, 1, 0.1, 'F', 'A'), ('RE', 8, '33049900', 5, 1, 0.1, 'F', 'A')
) AS cells (flow, hs_level, hs_code, value_cny, value_usd, net_weight_kg, conf_status, obs_status), (VALUES ('HKG'), ('ALL')) AS partners (partner);
CREATE TABLE statistics.trade_hidden AS SELECT period, vintage_no, flow, hs_level, hs_code, partner, true AS unsafe FROM statistics.trade_published WHERE conf_status = 'C';
INSERT INTO statistics.trade_published SELECT * REPLACE (1 AS vintage_no) FROM statistics.trade_published WHERE flow = 'E' AND hs_code IN ('61', '6205');
CREATE TABLE statistics.trade_revisions (period VARCHAR, vintage_no INTEGER, flow VARCHAR, supervision_mode VARCHAR, hs_code VARCHAR, partner VARCHAR, transport_mode VARCHAR, customs_code VARCHAR, unit1 VARCHAR, measure VARCHAR, cause VARCHAR, change DECIMAL(19, 5));
INSERT INTO statistics.trade_revisions VALUES
    ('2026-11', 2, 'E', '9610', '61091000', 'HKG', '5', '5349', '011', 'value_cny', 'late', 10),
    ('2026-11', 2, 'E', '9610', '61091000', 'HKG', '5', '5349', '011', 'value_cny', 'rate', 5),
    ('2026-11', 2, 'E', '9610', '61091000', 'HKG', '5', '5349', '011', 'value_usd', 'late', 1),
    ('2026-11', 2, 'E', '9610', '61091000', 'HKG', '5', '5349', '011', 'value_usd', 'rate', 1),
    ('2026-11', 2, 'E', '9610', '61091000', 'HKG', '5', '5349', '011', 'net_weight_kg', 'late', 0.25),
    ('2026-11', 2, 'E', '9610', '61091000', 'HKG', '5', '5349', '011', 'items', 'late', 1);
INSERT INTO statistics.trade_revisions
SELECT '2026-11', 2, 'E', '9610', hs_code, 'HKG', '5', '5349', NULL, measure, cause, change
FROM (VALUES
    ('9503', 'items', 'late', 1), ('9503', 'qty1', 'late', 1), ('9503', 'net_weight_kg', 'late', 2), ('9503', 'value_cny', 'late', 30), ('9503', 'value_usd', 'late', 4),
    ('33049900', 'returns', 'returned', 1), ('33049900', 'returned_qty1', 'returned', 0.5), ('33049900', 'returned_net_weight_kg', 'returned', 0.1),
    ('33049900', 'returned_value_cny', 'returned', 5), ('33049900', 'returned_value_usd', 'returned', 1)
) AS changes (hs_code, measure, cause, change);
CREATE TABLE statistics.trade_exclusions (period VARCHAR, vintage_no INTEGER, flow VARCHAR, reason VARCHAR, items INTEGER);
INSERT INTO statistics.trade_exclusions VALUES ('2026-11', 2, 'E', 'not_departed', 2), ('2026-11', 2, 'E', 'waiting', 1);
CREATE TABLE statistics.coverage (period VARCHAR, vintage_no INTEGER, source_id VARCHAR, list VARCHAR, days INTEGER, days_heard INTEGER, last_heard DATE, received INTEGER, accepted INTEGER, superseded INTEGER, duplicate INTEGER, stale INTEGER, draft INTEGER, quarantined INTEGER);
INSERT INTO statistics.coverage VALUES ('2026-11', 2, 'platform', 'order', 30, 1, '2026-11-20', 6, 1, 1, 1, 1, 1, 1), ('2026-11', 1, 'bank', 'payment', 30, 0, '2026-10-31', 0, 0, 0, 0, 0, 0, 0);
CREATE TABLE statistics.item_nonresponse (period VARCHAR, vintage_no INTEGER, flow VARCHAR, field VARCHAR, items INTEGER, missing_items INTEGER, missing_value_share DECIMAL(19, 5));
INSERT INTO statistics.item_nonresponse VALUES ('2026-11', 2, 'E', 'qty1', 3, 1, 0.05), ('2026-11', 2, 'E', 'qty2', 3, 3, 1);
CREATE TABLE statistics.unit_value_outliers (period VARCHAR, vintage_no INTEGER, ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, flow VARCHAR, qty1 DECIMAL(19, 5), value_cny DECIMAL(19, 5));
CREATE TABLE statistics.revision_sizes (period VARCHAR, vintage_no INTEGER, flow VARCHAR, measure VARCHAR, before DECIMAL(19, 5), after DECIMAL(19, 5));
INSERT INTO statistics.revision_sizes VALUES ('2026-11', 2, 'E', 'value_cny', 15, 60), ('2026-11', 2, 'E', 'items', 1, 3);
CREATE TABLE statistics.forms_counted (ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, counted_qty1 DECIMAL(19, 5), form_no VARCHAR, form_qty1 DECIMAL(19, 5));
ALTER TABLE clearance.clearance_facts ADD COLUMN released_at TIMESTAMP;
ALTER TABLE clearance.clearance_facts ADD COLUMN declared_date DATE DEFAULT '2026-11-19';
ALTER TABLE clearance.clearance_facts ADD COLUMN net_weight_kg DECIMAL(19, 5);
UPDATE clearance.clearance_facts SET net_weight_kg = CASE cop_no WHEN '3' THEN 0.5 ELSE 2 END, released_at = CASE WHEN status IN ('released', 'closed') THEN '2026-11-19 23:59:59'::TIMESTAMP END;
