-- declared lists, whose goods may be of several codes
select
    declared_date as day,
    flow,
    supervision_mode,
    transport_mode,
    customs_code,
    coalesce(destination_or_origin, 'ZZZ') as partner,
    hours_to_release
from published.clearance.clearance_facts
