{{ item_mart() }}

select
    -- key
    ebc_code,
    cop_no,
    gnum,

    -- verdict
    verdict,
    reason_rules,
    rule_version,
    deadline,
    state,

    -- amounts
    rebate_rate,
    base_amount,
    refund_amount,
    currency,
    forex_received,

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
