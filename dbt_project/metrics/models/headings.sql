select
    hs_code as heading,
    description as name
from reference.hs_codes
where digits = '4'
