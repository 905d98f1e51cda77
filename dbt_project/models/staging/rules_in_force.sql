{{ config(materialized="view") }}

select *
from {{ ref('rules') }}
where {{ run_date() }} >= valid_from and ({{ run_date() }} <= valid_to or valid_to is null)
