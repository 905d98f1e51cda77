{{ config(materialized="view") }}

select *
from {{ ref('rules') }}
where {{ in_force_today() }}
