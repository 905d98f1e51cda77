{{ item_mart() }}

select
    -- key
    ebc_code,
    cop_no,
    gnum,

    -- verdict
    verdict,
    reason_rules,
    case
        when verdict = 'pending'
            then list_filter(list_transform(findings, finding -> finding.missing_zh), text -> text is not null)
        else []
    end as missing_zh,
    case
        when verdict = 'pending'
            then list_filter(list_transform(findings, finding -> finding.missing_en), text -> text is not null)
        else []
    end as missing_en,
    rule_version,
    deadline,
    state,

    -- amounts
    rebate_rate,
    base_amount,
    refund_amount,
    currency,
    forex_received,
    forex_due,

    -- papers
    form_no,
    line_no,
    declaration_no,
    export_date,
    taxpayer_id,
    method,
    relation_no,
    period,
    invoice_no,

    -- where customs' closing of the form came from
    closing_landed_on,
    closing_source_id,
    closing_path,

    -- runs
    changed_on
from {{ ref('touched_rebates') }}
where verdict is not null
