{{ log() }}

select
    run_date,
    source_id,
    path,
    sha256,
    bytes,
    cast(records as integer) as records,
    state,
    message,
    edition,
    reason
from {{ source('raw', 'files') }}
where run_date = {{ run_date() }}
