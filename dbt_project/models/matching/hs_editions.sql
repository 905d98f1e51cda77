{{ config(materialized="view") }}

-- outside these days no edition is loaded, and HSC01 is skipped
select distinct
    edition,
    valid_from,
    valid_to
from {{ ref('hs_codes') }}
