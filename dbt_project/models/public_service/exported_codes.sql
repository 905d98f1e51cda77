{{ log() }}

-- the commodity codes of exports, each from the run on that saw it first
with seen as (
    {{ earlier('public_service', 'exported_codes', {'run_date': 'date', 'hs_code': 'varchar'}) }}
)

select distinct
    items.run_date,
    items.hs_code
from {{ ref('exported_items') }} as items
anti join seen on items.hs_code = seen.hs_code
where items.run_date = {{ run_date() }}
