-- the concerned declarations, with what each department holds of them side by side
select
    -- key
    customs.declaration_key,
    customs.ebc_code,
    customs.cop_no,

    -- which declaration
    customs.flow,
    customs.supervision_mode,
    customs.statistics_flag,
    customs.customs_code,
    customs.ebp_code,
    customs.order_no,
    customs.invt_no,
    closing.declaration_no,
    tax.zone_code,

    -- what came back
    customs.returned_amount,
    customs.returned_quantity,

    -- customs: the list
    customs.amount as customs_amount,
    customs.currency as customs_currency,
    customs.quantity as customs_quantity,
    customs.unit as customs_unit,
    customs.weight as customs_weight,
    customs.party as customs_party,
    customs.date as customs_date,
    customs.state as customs_state,
    closing.forms as customs_document,
    customs.as_of as customs_as_of,

    -- customs: closing data of the forms
    closing.amount as closing_amount,
    closing.currency as closing_currency,
    closing.quantity as closing_quantity,
    closing.party as closing_party,
    closing.date as closing_date,
    closing.state as closing_state,
    closing.document as closing_document,
    closing.as_of as closing_as_of,

    -- tax
    tax.amount as tax_amount,
    tax.refund as tax_refund,
    tax.invoices as tax_invoices,
    tax.party as tax_party,
    tax.date as tax_date,
    tax.state as tax_state,
    tax.document as tax_document,
    tax.as_of as tax_as_of,

    -- foreign exchange
    forex.amount as forex_amount,
    forex.currency as forex_currency,
    forex.party as forex_party,
    forex.date as forex_date,
    forex.state as forex_state,
    forex.document as forex_document,
    forex.as_of as forex_as_of,

    -- inspection
    inspection.quantity as inspection_quantity,
    inspection.weight as inspection_weight,
    inspection.date as inspection_date,
    inspection.state as inspection_state,
    inspection.document as inspection_document,
    inspection.as_of as inspection_as_of
from {{ ref('customs_records') }} as customs
left join {{ ref('closing_records') }} as closing on customs.declaration_key = closing.declaration_key
left join {{ ref('tax_records') }} as tax on customs.declaration_key = tax.declaration_key
left join {{ ref('forex_records') }} as forex on customs.declaration_key = forex.declaration_key
left join {{ ref('inspection_records') }} as inspection on customs.declaration_key = inspection.declaration_key
