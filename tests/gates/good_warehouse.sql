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
CREATE TABLE reference.rules (rule_id VARCHAR, valid_from DATE, valid_to DATE);
INSERT INTO reference.rules VALUES ('DOC01', '2014-02-10', NULL), ('WGT01', '2014-02-10', NULL), ('OLD01', '2014-02-10', '2020-01-01');

CREATE SCHEMA audit;
CREATE TABLE audit.record_states (run_date DATE, record_id BIGINT, list VARCHAR, source_id VARCHAR, sha256 VARCHAR, state VARCHAR, rule_ids VARCHAR[]);
INSERT INTO audit.record_states VALUES
    ('2026-11-20', 21, 'payment', 'platform', 'bb', 'accepted', []),
    ('2026-11-20', 22, 'waybill', 'platform', 'bb', 'quarantined', ['FMT02']),
    ('2026-11-20', 23, 'declaration', 'platform', 'bb', 'accepted', []),
    ('2026-11-20', 24, 'declaration', 'platform', 'bb', 'accepted', []);
INSERT INTO audit.record_states SELECT run_date, record_id, 'order', 'platform', 'aa', 'accepted', [] FROM raw.orders;
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
CREATE TABLE matching.decisions (run_date DATE, declaration_key VARCHAR, ebc_code VARCHAR, cop_no VARCHAR, status VARCHAR, failed_rules VARCHAR[], has_order BOOLEAN, has_payment BOOLEAN, has_waybill BOOLEAN);
INSERT INTO matching.decisions VALUES
    ('2026-11-19', 'E' || chr(31) || '0', 'E', '0', 'waiting', ['DOC01'], false, true, true),
    ('2026-11-20', 'E' || chr(31) || '0', 'E', '0', 'closed', [], true, true, true),
    ('2026-11-20', 'E' || chr(31) || '1', 'E', '1', 'released', [], true, true, true),
    ('2026-11-20', 'E' || chr(31) || '2', 'E', '2', 'waiting', ['DOC01', 'WGT01'], false, true, true);
CREATE TABLE matching.findings (run_date DATE, declaration_key VARCHAR, ebc_code VARCHAR, cop_no VARCHAR, rule_id VARCHAR, action VARCHAR, expected VARCHAR, observed VARCHAR, found_on DATE);
INSERT INTO matching.findings VALUES
    ('2026-11-20', 'E' || chr(31) || '2', 'E', '2', 'DOC01', 'wait', 'an order', 'none', '2026-11-20'),
    ('2026-11-20', 'E' || chr(31) || '2', 'E', '2', 'WGT01', 'review', '≤ 1', '2', '2026-11-20');

CREATE SCHEMA clearance;
CREATE TABLE clearance.clearance_facts (changed_on DATE, ebc_code VARCHAR, cop_no VARCHAR, status VARCHAR, return_status VARCHAR, goods_value_cny DECIMAL(19, 5), item_count INTEGER);
INSERT INTO clearance.clearance_facts VALUES ('2026-11-20', 'E', '1', 'released', '800', 30, 2), ('2026-11-20', 'E', '2', 'waiting', '120', 5, 1);
CREATE TABLE clearance.clearance_items (changed_on DATE, ebc_code VARCHAR, cop_no VARCHAR, gnum INTEGER, value_cny DECIMAL(19, 5));
INSERT INTO clearance.clearance_items VALUES ('2026-11-20', 'E', '1', 1, 10), ('2026-11-20', 'E', '1', 2, 20), ('2026-11-20', 'E', '2', 1, 5);
CREATE TABLE clearance.missing_rates (currency VARCHAR, month VARCHAR, items BIGINT);
CREATE TABLE clearance.check_findings (changed_on DATE, ebc_code VARCHAR, cop_no VARCHAR, rule_id VARCHAR);
INSERT INTO clearance.check_findings VALUES ('2026-11-20', 'E', '2', 'DOC01');
CREATE TABLE clearance.list_usage (changed_on DATE, list VARCHAR, source_id VARCHAR, key VARCHAR, usage VARCHAR);
INSERT INTO clearance.list_usage VALUES ('2026-11-20', 'order', 'platform', 'P|1', 'matched');
