select
    district,
    name_zh
from reference.districts
