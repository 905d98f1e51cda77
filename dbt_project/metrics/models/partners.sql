select
    partner,
    name,
    name_zh,
    region,
    subregion
from reference.partners
