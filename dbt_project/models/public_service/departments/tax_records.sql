-- What tax holds of the concerned lists: who is registered, the claims that name a line of one of their forms, and the verdicts on
-- their items.
with concerned as (
    select
        declaration_key,
        ebc_code,
        cop_no
    from {{ ref('concerned_declarations') }}
    where is_concerned
),

placed as (
    select * from {{ ref('concerned_lines') }}
),

claims as (
    {{ current_papers('export_claim', 'stg_export_claims', 'placed', ['form_no', 'line_no']) }}
),

-- of several rows of a taxpayer the one that began last
taxpayers as (
    select *
    from ({{ current_papers('taxpayer', 'stg_taxpayers') }}) as papers
    where valid_from <= {{ run_date() }}
),

names as (
    select
        taxpayer_id,
        arg_max(party_code, valid_from) as party_code
    from taxpayers
    group by taxpayer_id
),

claimed as (
    select
        placed.declaration_key,
        string_agg(distinct names.party_code, ' ' order by names.party_code) as party,
        string_agg(distinct claims.form_no, ' ' order by claims.form_no) as document,
        -- a claim is of a month: its last day
        max(last_day(strptime(claims.period, '%Y%m'))) as date,
        max(claims.run_date) as as_of
    from placed
    inner join claims on placed.form_no = claims.form_no and placed.line_no = claims.line_no
    left join names on claims.taxpayer_id = names.taxpayer_id
    group by placed.declaration_key
),

zones as (
    select
        concerned.declaration_key,
        arg_max(taxpayers.zone_code, (taxpayers.valid_from, taxpayers.taxpayer_id)) as zone_code
    from concerned
    inner join taxpayers on concerned.ebc_code = taxpayers.party_code
    where taxpayers.valid_to >= {{ run_date() }} or taxpayers.valid_to is null
    group by concerned.declaration_key
),

verdicts as (
    select verdicts.*
    from {{ ref('rebate_verdicts') }} as verdicts
    semi join concerned on verdicts.declaration_key = concerned.declaration_key
    where verdicts.run_date <= {{ run_date() }}
    qualify row_number() over (partition by verdicts.declaration_key, verdicts.gnum order by verdicts.run_date desc) = 1
),

judged as (
    select
        declaration_key,
        case when min(verdict) = max(verdict) then min(verdict) else 'several' end as state,
        try_cast(sum(base_amount) as decimal(19, 5)) as amount,
        try_cast(sum(refund_amount) as decimal(19, 5)) as refund,
        string_agg(distinct invoice_no, ' ' order by invoice_no) as invoices,
        max(run_date) as as_of
    from verdicts
    group by declaration_key
)

select
    concerned.declaration_key,
    zones.zone_code,
    judged.amount,
    judged.refund,
    judged.invoices,
    claimed.party,
    claimed.date,
    judged.state,
    claimed.document,
    -- the claim is of the tax office; without one, the verdict
    coalesce(claimed.as_of, judged.as_of) as as_of
from concerned
left join zones on concerned.declaration_key = zones.declaration_key
left join claimed on concerned.declaration_key = claimed.declaration_key
left join judged on concerned.declaration_key = judged.declaration_key
where zones.zone_code is not null or claimed.document is not null or judged.state is not null
