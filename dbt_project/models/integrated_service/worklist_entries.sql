{{ log() }}

-- Lines that the run opened, changed or closed. A subject is a declaration, an exported item or a record; the run looks at those that it
-- decided, judged, rejected or accepted, and a line of theirs that nothing speaks of any more is closed.
{%- set columns = {
    'ebc_code': 'varchar', 'fact_key': 'varchar', 'subject': 'varchar', 'kind': 'varchar', 'rule_id': 'varchar', 'flow': 'varchar',
    'cop_no': 'varchar', 'gnum': 'integer', 'logistics_no': 'varchar', 'form_no': 'varchar', 'party': 'varchar', 'money_cny': 'decimal(19, 5)',
    'due_on': 'date', 'opened_on': 'date', 'remedy_zh': 'varchar', 'remedy_en': 'varchar', 'detail': 'varchar', 'closed_on': 'date',
    'closed_because': 'varchar'
} %}
{%- set written = relation_of('integrated_service', 'enterprise_worklist') %}
{%- set lists = naming_lists() %}
{%- set near = finance_parameter('limit_near') %}
{%- set opened_on = "if(before.closed_on is null, coalesce(before.opened_on, lines.opened_on), lines.opened_on)" %}

with log as not materialized (
    {{ earlier('integrated_service', 'worklist_entries', dict(columns, run_date='date')) }}
),

decided as (
    select
        decisions.declaration_key,
        'match|' || decisions.ebc_code || '|' || decisions.cop_no as subject,
        decisions.ebc_code,
        decisions.cop_no,
        decisions.flow,
        decisions.status,
        decisions.decided_on,
        decisions.declared_date + cast({{ parameter('DOC04', 'decisions.flow') }} as integer) as window_ends,
        facts.logistics_no,
        facts.goods_value_cny
    from {{ ref('decisions') }} as decisions
    left join {{ ref('clearance_facts') }} as facts on decisions.ebc_code = facts.ebc_code and decisions.cop_no = facts.cop_no
    where decisions.run_date = {{ run_date() }}
),

findings as (
    select
        decided.*,
        findings.rule_id,
        findings.found_on,
        'expected ' || findings.expected || '; observed ' || findings.observed as detail
    from decided
    inner join {{ ref('findings') }} as findings
        on decided.declaration_key = findings.declaration_key and decided.decided_on = findings.run_date
    where decided.status in ('waiting', 'review', 'refused') and findings.action in ('wait', 'review', 'refuse')
),

-- imports that are held, near a limit when they are released; a buyer is known by a keyed hash, and only the share is told
totals as (
    select
        buyer_hash,
        year,
        arg_max(total, run_date) as total
    from {{ ref('annual_totals') }}
    where
        run_date <= {{ run_date() }}
        and buyer_hash in (
            select matched.buyer_id_number_hash
            from {{ ref('matched') }} as matched
            where matched.flow = 'I'
        )
    group by buyer_hash, year
),

limits as (
    select
        decided.*,
        unnest([
            struct_pack(
                rule_id := 'LIM01',
                whole := cast({{ parameter_of('LIM01', 'I') }} as decimal(19, 5)),
                part := dutiable.dutiable_value,
                says := 'value'
            ),
            struct_pack(
                rule_id := 'LIM02',
                whole := cast({{ parameter_of('LIM02', 'I') }} as decimal(19, 5)),
                part := cast(dutiable.dutiable_value + coalesce(totals.total, 0) as decimal(19, 5)),
                says := 'year of the buyer with this parcel'
            )
        ], recursive := true)
    from decided
    inner join {{ ref('matched') }} as matched on decided.declaration_key = matched.declaration_key
    inner join {{ ref('dutiable_values') }} as dutiable on decided.declaration_key = dutiable.declaration_key
    left join totals on matched.buyer_id_number_hash = totals.buyer_hash and year(matched.declared_date) = totals.year
    where decided.flow = 'I' and decided.status in ('waiting', 'review')
),

limits_near as (
    select
        limits.* exclude (whole, part, says),
        'expected at most ' || {{ shown('whole') }} || '; observed ' || says || ' ' || cast(100 * part / whole as integer) || ' %' as detail
    from limits
    anti join findings on limits.declaration_key = findings.declaration_key and limits.rule_id = findings.rule_id
    where part > {{ product('whole', near) }}
),

judged as (
    select
        items.*,
        'rebate|' || items.ebc_code || '|' || items.cop_no || '|' || items.gnum as subject,
        facts.logistics_no,
        unnest(case
            when items.verdict in ('pending', 'blocked')
                then
                    list_filter(
                        items.findings,
                        finding -> finding.action in ('pending', 'exclude', 'block')
                        -- nothing can be claimed before the form is closed, nor is there a claim to withdraw
                        and not (finding.rule_id = 'REB07' and list_contains(list_transform(items.findings, it -> it.rule_id), 'REB02'))
                        and not (finding.rule_id = 'BLK06' and items.relation_no is null)
                    )
            when items.state = 'pre_refunded'
                then
                    [struct_pack(
                        rule_id := 'REB19',
                        action := 'pending',
                        expected := 'sold abroad by ' || items.due_on,
                        observed := 'not all sold',
                        missing_en := cast(null as varchar),
                        missing_zh := cast(null as varchar)
                    )]
            else []
        end, recursive := true)
    from {{ ref('exporter_items') }} as items
    left join {{ ref('clearance_facts') }} as facts on items.ebc_code = facts.ebc_code and items.cop_no = facts.cop_no
    where items.run_date = {{ run_date() }}
),

rejected as (
    select
        records.*,
        'record|' || records.list || '|' || records.natural_key as subject,
        unnest(records.rule_ids) as rule_id,
        facts.logistics_no,
        facts.goods_value_cny,
        coalesce(
            case when records.list = 'return' then cast(facts.released_at as date) + cast({{ parameter_of('RET01', 'I') }} as integer) end,
            {{ run_date() }} + cast({{ finance_parameter('rejected_days') }} as integer)
        ) as answer_by
    from {{ ref('rejected_records') }} as records
    left join {{ ref('clearance_facts') }} as facts
        on records.ebc_code = facts.ebc_code and records.cop_no = facts.cop_no and records.flow = facts.flow
),

facts as (
    select
        ebc_code,
        subject,
        rule_id,
        cast(null as varchar) as list,
        flow,
        cop_no,
        cast(null as integer) as gnum,
        logistics_no,
        cast(null as varchar) as form_no,
        goods_value_cny as money_cny,
        case when status = 'waiting' and starts_with(rule_id, 'DOC') then window_ends end as due_on,
        found_on,
        detail
    from findings
    union all by name
    select
        ebc_code,
        subject,
        rule_id,
        flow,
        cop_no,
        logistics_no,
        goods_value_cny as money_cny,
        detail
    from limits_near
    union all by name
    select
        ebc_code,
        subject,
        rule_id,
        'E' as flow,
        cop_no,
        gnum,
        logistics_no,
        form_no,
        case
            when rule_id = 'REB14' then open_cny
            when action = 'exclude' then tax_cny
            else cast(refund_cny + estimate_cny + held_cny as decimal(19, 5))
        end as money_cny,
        case
            when rule_id = 'REB02' and form_no is null then {{ claim_day_after('closed_on') }}
            when rule_id = 'REB19' then due_on
            else deadline
        end as due_on,
        'expected ' || expected || '; observed ' || observed as detail
    from judged
    union all by name
    -- a key that was rejected twice in the run is one to send again
    select
        any_value(ebc_code) as ebc_code,
        subject,
        rule_id,
        any_value(list) as list,
        any_value(flow) as flow,
        any_value(cop_no) as cop_no,
        any_value(logistics_no) as logistics_no,
        any_value(goods_value_cny) as money_cny,
        min(answer_by) as due_on,
        min(reason) as detail
    from rejected
    group by subject, rule_id
),

accepted as (
    select 'record|' || list || '|' || {{ shown_key('key') }} as subject
    from {{ ref('current_records') }}
    where
        run_date = {{ run_date() }}
        and list in ('{{ lists | join("', '") }}')
    {%- for list, model in {'cancellation': 'stg_cancellations', 'return': 'stg_returns'}.items() %}
        union
        select 'record|{{ list }}|' || {{ shown_key("coalesce(declaration_key, " ~ key(['ebc_code', 'invt_no']) ~ ")") }}
        from {{ ref(model) }}
        where run_date = {{ run_date() }} and not is_draft
    {%- endfor %}
),

-- a rejected record that nobody sent again is let go after its day
expired as (
    select distinct subject
    from log
    where
        starts_with(subject, 'record|')
        and due_on < {{ run_date() }}
        and due_on >= coalesce((select max(before.run_date) from log as before), due_on)
),

subjects as (
    select
        subject,
        case status when 'cancelled' then 'cancelled' else 'arrived' end as gone
    from decided
    union all
    select
        'rebate|' || ebc_code || '|' || cop_no || '|' || gnum,
        case verdict when 'taxed' then 'expired' else 'arrived' end
    from {{ ref('exporter_items') }}
    where run_date = {{ run_date() }}
    union all
    select
        coalesce(accepted.subject, expired.subject),
        case when accepted.subject is null then 'expired' else 'arrived' end
    from accepted
    full join expired on accepted.subject = expired.subject
),

reached as (
    select subject from subjects
    union
    select subject from facts
),

before as (
    select log.*
    from log
    semi join reached on log.subject = reached.subject
    qualify row_number() over (partition by log.ebc_code, log.fact_key order by log.run_date desc) = 1
),

lines as (
    select
        facts.ebc_code,
        facts.subject || '|' || facts.rule_id as fact_key,
        facts.subject,
        case
            when facts.list = 'return' then 'return_due'
            when facts.list is not null then 'list_rejected'
            else remedies.kind
        end as kind,
        facts.rule_id,
        facts.flow,
        facts.cop_no,
        facts.gnum,
        facts.logistics_no,
        facts.form_no,
        case facts.list
            when 'order' then 'platform'
            when 'forex' then 'bank'
            when 'inspection' then 'customs'
            else remedies.party
        end as party,
        coalesce(facts.money_cny, cast(0 as decimal(19, 5))) as money_cny,
        facts.due_on,
        coalesce(facts.found_on, {{ run_date() }}) as opened_on,
        remedies.remedy_zh,
        remedies.remedy_en,
        facts.detail,
        cast(null as date) as closed_on,
        cast(null as varchar) as closed_because
    from facts
    inner join {{ ref('remedies') }} as remedies on facts.rule_id = remedies.rule_id
),

-- open since the run that opened it, and due when that run said
found as (
    select
        lines.* replace (
            {{ opened_on }} as opened_on,
            case when lines.rule_id = 'BLK06' then {{ claim_day_after(opened_on) }} else lines.due_on end as due_on
        )
    from lines
    left join before on lines.ebc_code = before.ebc_code and lines.fact_key = before.fact_key
),

changed as (
    select found.*
    from found
    left join before on found.ebc_code = before.ebc_code and found.fact_key = before.fact_key
    where
        before.fact_key is null
        {%- for column in columns if column not in ('ebc_code', 'fact_key', 'subject') %}
            or found.{{ column }} is distinct from before.{{ column }}
        {%- endfor %}
    union all by name
    select
        {%- for column in columns if column not in ('closed_on', 'closed_because') %}
            before.{{ column }},
        {%- endfor %}
        {{ run_date() }} as closed_on,
        subjects.gone as closed_because
    from before
    inner join subjects on before.subject = subjects.subject
    anti join found on before.ebc_code = found.ebc_code and before.fact_key = found.fact_key
    where before.closed_on is null
),

written as (
    select
        ebc_code,
        fact_key
    from {{ written or 'log' }}
    where {% if written %}changed_on{% else %}run_date{% endif %} = {{ run_date() }}
),

-- what an earlier run of the same date wrote, and this one does not: the line is again what it was before
taken_back as (
    select log.* exclude (run_date)
    from log
    semi join written on log.ebc_code = written.ebc_code and log.fact_key = written.fact_key
    anti join changed on log.ebc_code = changed.ebc_code and log.fact_key = changed.fact_key
    qualify row_number() over (partition by log.ebc_code, log.fact_key order by log.run_date desc) = 1
),

entries as (
    select * from changed
    union all by name
    select * from taken_back
)

select
    {{ run_date() }} as run_date,
    entries.*
from entries
