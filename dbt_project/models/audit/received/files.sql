{{ log() }}

select
    run_date,
    source_id,
    path,
    sha256,
    cast(bytes as integer) as bytes,
    cast(records as integer) as records,
    state,
    message,
    edition,
    reason,
    replayed_from
from {{ source('raw', 'files') }}
where run_date = {{ run_date() }}
