-- declared items, each with its list
select
    facts.ebc_code || '/' || facts.cop_no as declaration,
    facts.declared_date as day,
    facts.flow,
    facts.supervision_mode,
    facts.transport_mode,
    facts.customs_code,
    left(items.hs_code, case when facts.statistics_flag = 'A' then 4 else 8 end) as hs_code,
    coalesce(items.country, 'ZZZ') as partner,
    facts.status <> 'cancelled' as is_standing,
    facts.matched_at is not null as is_matched,
    facts.released_at is not null as is_released,
    -- an item is its part of one list, and of the hours of that
    facts.hours_to_release / facts.item_count as hours_to_release,
    case when facts.hours_to_release is not null then 1 / facts.item_count end as timed_lists
from published.clearance.clearance_facts as facts
inner join published.clearance.clearance_items as items on facts.ebc_code = items.ebc_code and facts.cop_no = items.cop_no
