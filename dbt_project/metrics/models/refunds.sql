-- exported items that the rebate is about, by day of export
select
    lines.export_date as day,
    facts.flow,
    facts.supervision_mode,
    facts.transport_mode,
    facts.customs_code,
    left(items.hs_code, case when facts.statistics_flag = 'A' then 4 else 8 end) as hs_code,
    coalesce(items.country, 'ZZZ') as partner,
    lines.verdict,
    lines.refund_amount
from published.public_service.rebate_eligibility as lines
inner join published.clearance.clearance_facts as facts on lines.ebc_code = facts.ebc_code and lines.cop_no = facts.cop_no
inner join published.clearance.clearance_items as items
    on lines.ebc_code = items.ebc_code and lines.cop_no = items.cop_no and lines.gnum = items.gnum
