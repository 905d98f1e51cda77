-- The rules that look at an item, its papers and its relation: one row per item and rule that speaks, with what the
-- catalogue lets follow from it. REB and BLK speak when they fail, TAX and EXM when they hold.
{%- set differing = "array_to_string(list_transform(closing_differing, part -> part.field || ' ' || coalesce(part.%s, '-')), ', ')" %}
{%- set rules = [
    ('REB01', "list_has_any(failed_rules, ['DOC01', 'DOC02', 'DOC03'])",
        "'order, payment and waybill when it was released'", "'without ' || array_to_string(failed_rules, ', ')",
        "order, receipt of payment or waybill of the list", '清单对应的订单、收款单或运单'),
    ('REB02', "not is_simplified and (declaration_no is null or closing_differing <> [])",
        "case when declaration_no is null then 'on a declaration form that customs has closed' else " ~ (differing | format('of_form')) ~ " end",
        "case when form_no is null then 'on no form' when declaration_no is null then 'form ' || form_no || ' not closed by customs' "
        ~ "else 'customs: ' || " ~ (differing | format('of_customs')) ~ " end",
        "declaration form and its closing by customs", '报关单及海关结关信息'),
    ('REB03', "is_simplified", "'statistics flag B'", "'statistics flag A'", none, none),
    ('REB04', "vat_status is distinct from 'G'", "'general VAT taxpayer'",
        "case vat_status when 'S' then 'small-scale taxpayer' else 'not in the register' end",
        "registration as general VAT taxpayer", '增值税一般纳税人登记'),
    ('REB05', "vat_status = 'G' and not coalesce(has_method and rebate_filed_on <= filing_due, false)",
        "'rebate filed by ' || filing_due", "'filed ' || coalesce(cast(rebate_filed_on as varchar), 'never') || case when has_method then '' else ', no method' end",
        "filing for export rebate", '出口退（免）税备案'),
    ('REB06', "rebate_rate is null and tsflag is null", "'a rebate rate of ' || hs_code || ' on ' || export_date", "'none in the library'",
        "rebate rate of the goods", '商品退税率'),
    ('REB07', "not is_simplified and relation_no is null", "'claimed within a relation'", "'no claim'",
        "export claim with relation number", '出口退税出口明细申报（关联号）'),
    ('REB08', "is_by_invoice and (coalesce(valid_lines, 0) = 0 and fault is null or missing_lines > 0)",
        "'special invoice or import slip behind relation ' || relation_no",
        "case when missing_lines > 0 then missing_lines || ' claimed lines are not there' else 'no purchase claim' end",
        "VAT special invoice or import slip, and purchase claim", '增值税专用发票或海关进口增值税专用缴款书及进货明细申报'),
    ('REB09', "is_by_invoice and fault is not null", "'a normal invoice to the exporter'", "fault",
        "valid invoice to the exporter", '有效的本企业购进发票'),
    ('REB10', "is_invoiced and invoice_goods_names is distinct from goods_names",
        "'goods name ' || array_to_string(goods_names, ', ')", "'invoice: ' || array_to_string(invoice_goods_names, ', ')",
        "invoice with the goods name of the form", '发票货物名称与报关单一致'),
    ('REB11', "is_invoiced and (invoice_units <> 1 or not is_unit_of_all)",
        "'one of the units ' || concat_ws(', ', unit, unit1, unit2)", "'invoice: ' || group_unit || case when invoice_units > 1 then ' and others' else '' end",
        "invoice in a unit of the form", '发票计量单位与报关单一致'),
    ('REB12', "is_invoiced and invoice_units = 1 and is_unit_of_all and invoice_qty < item_qty",
        "'at least ' || " ~ shown('item_qty') ~ " || ' invoiced'", shown('invoice_qty'),
        "invoices of the whole quantity", '发票数量不少于报关单数量'),
    ('REB13', "is_by_invoice and (hs_codes > 1 or rates > 1)", "'one code and one rate a relation'", "hs_codes || ' codes, ' || rates || ' rates'",
        "relation of one commodity code and rebate rate", '同一关联号下商品编码、退税率唯一'),
    ('REB14', "not is_simplified and not (is_pre_refund and not is_settled) and forex_received + 0.00001 <= forex_due",
        "'at least ' || " ~ shown('forex_due') ~ " || ' ' || currency || ' by ' || forex_by",
        shown('forex_received') ~ " || coalesce(', ' || forex_unreasoned || ' is deemed without a reason', '')",
        "receipt of foreign exchange", '收汇凭证'),
    ('REB15', "method = 'C' and relation_no is not null and not has_return", "'VAT return of ' || period", "'none'",
        "VAT return of the period", '当期增值税纳税申报表'),
    ('REB17', "rebate_rate = 0 and tsflag is null", "'a rebate rate above 0'", "'0'", none, none),
    ('REB18', "is_by_invoice and ordinary_lines > 0", "'no ordinary invoice'", "ordinary_lines || ' lines of ordinary invoices'",
        "VAT special invoice instead of the ordinary one", '以增值税专用发票替换普通发票'),
    ('REB19', "is_pre_refund and is_settled and claimable_qty = 0 and remaining_qty > 0", "'sold abroad by ' || claim_by", "'nothing sold'",
        "sale of the goods in the overseas warehouse", '海外仓货物销售'),
    ('BLK01', "enterprise_hold is not null", "'no hold on the enterprise'", "enterprise_hold", none, none),
    ('BLK02', "supplier_hold is not null", "'no hold on a supplier'", "supplier_hold", none, none),
    ('BLK03', "goods_hold is not null", "'no hold on the goods'", "goods_hold", none, none),
    ('BLK04', "claimed_relations > 1 or used_twice is not null", "'claimed once'",
        "coalesce('invoice ' || used_twice, 'form ' || form_no || ' line ' || line_no) || ' in two relations'", none, none),
    ('BLK05', "inspection_result in ('F', 'H')", "'inspection passed'", "case inspection_result when 'F' then 'failed' else 'held' end", none, none),
    ('BLK06', "remaining_qty <= 0 and qty > 0", "'goods abroad'", "'all came back'", none, none),
    ('TAX03', "tsflag = '1'", "'a rebate that is not cancelled'", "'cancelled for ' || hs_code", none, none),
    ('EXM02', "scheme_differing = [] and not (has_voucher and relation_no is not null)", "'six fields registered and equal'", "'equal, no claim with a voucher'", none, none),
    ('EXM03', "vat_status = 'S'", "'small-scale taxpayer'", "'small-scale taxpayer'", none, none),
    ('EXM04', "tsflag = '2'", "'exempt in the library'", "'exempt'", none, none)
] %}

with spoken as (
    select
        declaration_key,
        gnum,
        export_date,
        supervision_mode,
        unnest({{ spoken(rules) }}, recursive := true)
    from {{ ref('rebate_papers') }}
)

select
    spoken.declaration_key,
    spoken.gnum,
    spoken.rule_id,
    actions.action,
    spoken.expected,
    spoken.observed,
    spoken.missing_en,
    spoken.missing_zh
from spoken
inner join {{ ref('rebate_actions') }} as actions
    on
        spoken.export_date = actions.export_date
        and spoken.supervision_mode = actions.supervision_mode
        and spoken.rule_id = actions.rule_id
where actions.action <> 'off'
