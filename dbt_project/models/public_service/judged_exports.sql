-- The touched items with all that is known of each: list, form line, taxpayer, rate, claim, goods abroad, and the verdict before.
with touched as (
    select * from {{ ref('touched_exports') }}
),

exports as (
    {{ latest_exports('touched') }}
),

verdicts as (
    select verdicts.*
    from (
        {{ earlier('public_service', 'rebate_verdicts', {
            'run_date': 'date', 'declaration_key': 'varchar', 'gnum': 'integer', 'state': 'varchar', 'sold_qty': 'decimal(19, 5)',
            'refund_amount': 'decimal(19, 5)', 'returned_qty': 'decimal(19, 5)', 'taxpayer_id': 'varchar', 'period': 'varchar',
            'findings': 'struct(rule_id varchar, action varchar)[]'
        }) }}
    ) as verdicts
    semi join touched on verdicts.declaration_key = touched.declaration_key and verdicts.gnum = touched.gnum
),

before as (
    select *
    from verdicts
    qualify row_number() over (partition by declaration_key, gnum order by run_date desc) = 1
),

members as (
    select members.*
    from ({{ form_members() }}) as members
    semi join exports on members.ebc_code = exports.ebc_code and members.cop_no = exports.cop_no and members.gnum = exports.gnum
),

form_lines as (
    select
        lines.form_no,
        lines.line_no,
        cast(sum(lines.qty) as decimal(19, 5)) as qty
    from ({{ form_members() }}) as lines
    semi join members on lines.form_no = members.form_no and lines.line_no = members.line_no
    group by lines.form_no, lines.line_no
),

closed_lines as (
    select
        closings.form_no,
        closings.declaration_no,
        closings.export_date,
        closings.record_id,
        closings.ebc_code,
        closings.run_date as landed_on,
        closings.source_id,
        closings.path,
        items.gnum as line_no,
        items.gname,
        items.gcode,
        items.qty,
        items.unit,
        items.currency
    from ({{ current_papers('closing', 'stg_closings', 'members', ['form_no']) }}) as closings
    inner join {{ ref('stg_closing_items') }} as items on closings.record_id = items.record_id
),

-- customs' closing of the form says under which number and when the goods left
placed as (
    select
        exports.*,
        members.form_no,
        members.line_no,
        closed_lines.declaration_no,
        closed_lines.gname as form_goods_name,
        closed_lines.record_id as closing_record_id,
        closed_lines.landed_on as closing_landed_on,
        closed_lines.source_id as closing_source_id,
        closed_lines.path as closing_path,
        case
            when closed_lines.form_no is not null
                then
                    list_filter(
                        [
                            struct_pack(field := 'enterprise', of_form := members.ebc_code, of_customs := closed_lines.ebc_code),
                            struct_pack(field := 'code', of_form := exports.hs_code, of_customs := closed_lines.gcode),
                            struct_pack(field := 'unit', of_form := members.unit, of_customs := closed_lines.unit),
                            struct_pack(
                                field := 'quantity', of_form := {{ shown('form_lines.qty') }}, of_customs := {{ shown('closed_lines.qty') }}
                            ),
                            struct_pack(field := 'currency', of_form := members.currency, of_customs := closed_lines.currency)
                        ],
                        part -> part.of_form is distinct from part.of_customs
                    )
        end as closing_differing,
        coalesce(closed_lines.export_date, cast(exports.closed_at as date)) as export_date,
        cast(exports.qty - exports.returned_qty as decimal(19, 5)) as remaining_qty
    from exports
    left join members on exports.ebc_code = members.ebc_code and exports.cop_no = members.cop_no and exports.gnum = members.gnum
    left join form_lines on members.form_no = form_lines.form_no and members.line_no = form_lines.line_no
    left join closed_lines on members.form_no = closed_lines.form_no and members.line_no = closed_lines.line_no
),

-- the catalogue on the date of export: the rules of 2026 alone know a last day for all claims
terms as (
    select
        placed.export_date,
        min(rules.parameter) filter (where rules.rule_id = 'TAX04') as cap_months,
        min(rules.parameter) filter (where rules.rule_id = 'REB14') as forex_tolerance
    from (select distinct export_date from placed) as placed
    inner join {{ ref('rules') }} as rules
        on placed.export_date >= rules.valid_from and (placed.export_date <= rules.valid_to or rules.valid_to is null)
    where rules.stage = 'rebate' and rules.regime = '*'
    group by placed.export_date
),

dated as (
    select
        placed.*,
        {{ rule_version('placed.export_date') }} as rule_version,
        make_date(year(placed.export_date) + 1, 4, 30) as claim_by,
        cast(placed.export_date + to_months(cast(terms.cap_months as integer)) as date) as cap_on,
        terms.forex_tolerance
    from placed
    left join terms on placed.export_date = terms.export_date
),

-- what stood on the last day, a hold apart: nothing that comes later adds to it
at_cap as (
    select
        verdicts.declaration_key,
        verdicts.gnum,
        verdicts.sold_qty,
        list_transform(verdicts.findings, finding -> finding.action) as actions
    from verdicts
    inner join dated
        on
            verdicts.declaration_key = dated.declaration_key
            and verdicts.gnum = dated.gnum
            and verdicts.run_date <= dated.cap_on
    qualify row_number() over (partition by verdicts.declaration_key, verdicts.gnum order by verdicts.run_date desc) = 1
),

taxpayers as (
    {{ current_papers('taxpayer', 'stg_taxpayers') }}
),

registered as (
    select
        dated.declaration_key,
        dated.gnum,
        taxpayers.record_id,
        taxpayers.taxpayer_id,
        taxpayers.vat_status,
        taxpayers.rebate_filed_on,
        taxpayers.rebate_method,
        taxpayers.zone_code
    from dated
    inner join taxpayers
        on
            dated.ebc_code = taxpayers.party_code
            and dated.export_date >= taxpayers.valid_from
            and (dated.export_date <= taxpayers.valid_to or taxpayers.valid_to is null)
    qualify
        row_number() over (
            partition by dated.declaration_key, dated.gnum order by taxpayers.valid_from desc, taxpayers.taxpayer_id desc
        ) = 1
),

goods as (
    select distinct
        hs_code,
        export_date
    from dated
),

beginnings as (
    select
        hs_code,
        export_date,
        unnest(list_transform(range(1, 11), n -> left(hs_code, n))) as beginning
    from goods
),

library as (
    {{ current_papers('rebate_rate', 'stg_rebate_rates') }}
),

-- of the rows of the library the longest code, then the latest
rates as (
    select
        goods.hs_code,
        goods.export_date,
        rates.record_id,
        rates.zssl as vat_rate,
        rates.tsl as rebate_rate,
        rates.tsflag
    from beginnings as goods
    inner join library as rates
        on
            goods.beginning = rates.code
            and goods.export_date >= rates.st_date
            and (goods.export_date <= rates.end_date or rates.end_date is null)
    qualify row_number() over (partition by goods.hs_code, goods.export_date order by length(rates.code) desc, rates.st_date desc) = 1
),

claims as (
    select
        papers.*,
        {{ key(['papers.period', 'papers.relation_no']) }} as place
    from ({{ current_papers('export_claim', 'stg_export_claims', 'dated', ['form_no', 'line_no']) }}) as papers
),

-- every claim counts, and the exporter's own binds: the first, should there be several
claimed as (
    select
        dated.declaration_key,
        dated.gnum,
        min_by(claims.record_id, claims.place) filter (where claims.taxpayer_id = registered.taxpayer_id) as record_id,
        min_by(claims.relation_no, claims.place) filter (where claims.taxpayer_id = registered.taxpayer_id) as relation_no,
        min_by(claims.period, claims.place) filter (where claims.taxpayer_id = registered.taxpayer_id) as period,
        min_by(claims.business_type, claims.place) filter (where claims.taxpayer_id = registered.taxpayer_id) as business_type,
        count(distinct {{ key(['claims.taxpayer_id', 'claims.relation_no']) }}) as claimed_relations
    from dated
    inner join claims on dated.form_no = claims.form_no and dated.line_no = claims.line_no
    left join registered on dated.declaration_key = registered.declaration_key and dated.gnum = registered.gnum
    group by dated.declaration_key, dated.gnum
),

-- goods in an overseas warehouse, rebated ahead of their sale: what is sold of the line goes to its items in order
sold_lines as (
    select
        form_no,
        line_no,
        ebc_code,
        sum(qty) as qty
    from ({{ current_papers('overseas_sale', 'stg_overseas_sales', 'dated', ['form_no', 'line_no']) }}) as sales
    group by form_no, line_no, ebc_code
),

sold as (
    select
        dated.declaration_key,
        dated.gnum,
        cast(greatest(
            0,
            least(
                dated.remaining_qty,
                coalesce(sold_lines.qty, 0) - (sum(dated.remaining_qty) over so_far - dated.remaining_qty),
                case when {{ run_date() }} > dated.cap_on then coalesce(at_cap.sold_qty, 0) end
            )
        ) as decimal(19, 5)) as sold_qty
    from dated
    inner join claimed on dated.declaration_key = claimed.declaration_key and dated.gnum = claimed.gnum
    left join sold_lines
        on dated.form_no = sold_lines.form_no and dated.line_no = sold_lines.line_no and dated.ebc_code = sold_lines.ebc_code
    left join at_cap on dated.declaration_key = at_cap.declaration_key and dated.gnum = at_cap.gnum
    where dated.supervision_mode = '9810' and claimed.business_type = 'HWC-YT'
    window so_far as (
        partition by dated.form_no, dated.line_no order by dated.declaration_key, dated.gnum
        rows between unbounded preceding and current row
    )
),

inspections as (
    select
        declaration_key,
        result
    from ({{ current_papers('inspection', 'stg_inspections', 'dated', ['declaration_key']) }}) as papers
    qualify row_number() over (partition by declaration_key order by inspected_on desc, inspection_no desc) = 1
),

-- a hold is open until its closing date is told
holds as (
    select
        kind,
        subject,
        hold_no
    from ({{ current_papers('hold', 'stg_holds') }}) as papers
    where closed_on is null
),

units as (
    {{ unit_names() }}
),

registrations as (
    {{ current_papers('zone_registration', 'stg_zone_registrations', 'dated', ['declaration_key', 'gnum']) }}
),

-- the six fields of the scheme without invoices, by the enterprise's registration with its zone, at customs of that zone
schemes as (
    select
        dated.declaration_key,
        dated.gnum,
        list_filter(
            [
                case when registrations.zone_code is distinct from registered.zone_code then 'zone' end,
                case when zones.zone_code is null then 'customs office' end,
                case when registrations.export_date is distinct from dated.export_date then 'export date' end,
                case when registrations.goods_name is distinct from dated.goods_name then 'name' end,
                case when coalesce(units.code, registrations.unit) is distinct from dated.unit then 'unit' end,
                case when registrations.qty is distinct from dated.qty then 'quantity' end,
                case when registrations.price is distinct from dated.price then 'price' end,
                case when registrations.amount is distinct from dated.total_price then 'amount' end
            ],
            part -> part is not null
        ) as differing
    from dated
    inner join registrations
        on dated.declaration_key = registrations.declaration_key and dated.gnum = registrations.gnum
    left join registered on dated.declaration_key = registered.declaration_key and dated.gnum = registered.gnum
    left join units on registrations.unit = units.name_zh
    left join {{ ref('zones') }} as zones
        on
            registrations.zone_code = zones.zone_code
            and left(dated.customs_code, 2) = zones.customs_district
            and dated.export_date >= zones.valid_from
            and (dated.export_date <= zones.valid_to or zones.valid_to is null)
),

known as (
    select
        dated.*,
        registered.record_id as taxpayer_record_id,
        registered.taxpayer_id,
        registered.vat_status,
        registered.rebate_filed_on,
        -- who trades, and has filed nothing else
        coalesce(registered.rebate_method, 'T') as method,
        registered.rebate_method is not null as has_method,
        registered.zone_code,
        rates.record_id as rate_record_id,
        rates.vat_rate,
        rates.rebate_rate,
        rates.tsflag,
        claimed.record_id as claim_record_id,
        claimed.relation_no,
        claimed.period,
        coalesce(claimed.claimed_relations, 0) as claimed_relations,
        sold.sold_qty,
        sold.sold_qty is not null as is_pre_refund,
        coalesce(sold.sold_qty >= dated.remaining_qty or {{ run_date() }} > dated.claim_by, false) as is_settled,
        cast(
            case when sold.sold_qty is not null and {{ run_date() }} > dated.claim_by then sold.sold_qty else dated.remaining_qty end
            as decimal(19, 5)
        ) as claimable_qty,
        inspections.result as inspection_result,
        (
            select min(holds.hold_no) from holds
            where holds.kind = 'E' and holds.subject in (dated.ebc_code, registered.taxpayer_id)
        ) as enterprise_hold,
        (
            select min(holds.hold_no) from holds
            where holds.kind = 'G' and starts_with(dated.hs_code, holds.subject)
        ) as goods_hold,
        schemes.differing as scheme_differing,
        case
            when {{ run_date() }} <= dated.cap_on or dated.cap_on is null then null
            when list_filter(at_cap.actions, action -> action <> 'block') = [] then 'rebate'
            when list_contains(at_cap.actions, 'exempt') and not list_contains(at_cap.actions, 'tax') then 'exempt'
            else 'none'
        end as standing_at_cap,
        before.state as state_before,
        coalesce(before.refund_amount, cast(0 as decimal(19, 5))) as refund_before,
        before.returned_qty as returned_before,
        before.taxpayer_id as taxpayer_before,
        before.period as period_before
    from dated
    left join registered on dated.declaration_key = registered.declaration_key and dated.gnum = registered.gnum
    left join rates on dated.hs_code = rates.hs_code and dated.export_date = rates.export_date
    left join claimed on dated.declaration_key = claimed.declaration_key and dated.gnum = claimed.gnum
    left join sold on dated.declaration_key = sold.declaration_key and dated.gnum = sold.gnum
    left join inspections on dated.declaration_key = inspections.declaration_key
    left join schemes on dated.declaration_key = schemes.declaration_key and dated.gnum = schemes.gnum
    left join at_cap on dated.declaration_key = at_cap.declaration_key and dated.gnum = at_cap.gnum
    left join before on dated.declaration_key = before.declaration_key and dated.gnum = before.gnum
)

select
    *,
    {{ part_of('total_price', 'claimable_qty', 'qty') }} as claimable_price,
    {{ part_of('value_cny', 'claimable_qty', 'qty') }} as fob_cny,
    {{ part_of('qty1', 'claimable_qty', 'qty') }} as claimable_qty1,
    {{ part_of('qty2', 'claimable_qty', 'qty') }} as claimable_qty2
from known
