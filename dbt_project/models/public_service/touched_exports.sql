-- The exported items that this run judges: what closed or came back today, what a paper of today names or named, what a
-- deadline passed of, what stands on another line of a form than at its last verdict, and with each of them all of its
-- relation and, for a manufacturer, of its month.
with members as (
    {{ form_members() }}
),

exports as not materialized (
    select
        declaration_key,
        ebc_code,
        cop_no,
        gnum,
        hs_code
    from {{ ref('exported_items') }}
    where run_date <= {{ run_date() }}
),

verdicts as not materialized (
    {{ earlier('public_service', 'rebate_verdicts', {
        'run_date': 'date', 'declaration_key': 'varchar', 'ebc_code': 'varchar', 'cop_no': 'varchar', 'gnum': 'integer',
        'form_no': 'varchar', 'line_no': 'integer', 'deadline': 'date'
    }) }}
),

forex_items as (
    select
        forex.ebc_code,
        items.form_no,
        items.cop_no
    from ({{ changed_papers('forex', 'stg_forex') }}) as forex
    inner join {{ ref('stg_forex_items') }} as items on forex.record_id = items.record_id
),

forms as (
    select form_no from {{ ref('closed_forms') }}
    where run_date = {{ run_date() }}
    union
    select form_no from forex_items
    where form_no is not null
    union
    -- what came back leaves its exchange to the others of the form
    select members.form_no
    from members
    semi join {{ ref('exported_items') }} as items
        on
            members.ebc_code = items.ebc_code
            and members.cop_no = items.cop_no
            and members.gnum = items.gnum
            and items.run_date = {{ run_date() }}
            and items.returned_qty > 0
    semi join {{ ref('forex_lines') }} as lines on members.form_no = lines.form_no and lines.run_date <= {{ run_date() }}
),

lists as (
    select
        ebc_code,
        cop_no
    from forex_items
    where cop_no is not null
    union
    select
        ebc_code,
        cop_no
    from ({{ changed_papers('inspection', 'stg_inspections') }}) as papers
    union
    select
        ebc_code,
        cop_no
    from ({{ changed_papers('zone_registration', 'stg_zone_registrations') }}) as papers
),

holds as (
    {{ changed_papers('hold', 'stg_holds') }}
),

enterprises as (
    select party_code as ebc_code from ({{ changed_papers('taxpayer', 'stg_taxpayers') }}) as papers
    union
    select subject from holds
    where kind = 'E'
    union
    select taxpayers.party_code
    from {{ ref('stg_taxpayers') }} as taxpayers
    inner join holds on taxpayers.taxpayer_id = holds.subject
    where holds.kind = 'E' and taxpayers.run_date <= {{ run_date() }}
),

-- beginnings of codes
goods as (
    select code from ({{ changed_papers('rebate_rate', 'stg_rebate_rates') }}) as papers
    union
    select subject from holds
    where kind = 'G'
),

hs_codes as (
    select
        codes.hs_code,
        unnest(list_transform(range(1, 11), n -> left(codes.hs_code, n))) as beginning
    from {{ ref('exported_codes') }} as codes
    where codes.run_date <= {{ run_date() }}
),

claimed_invoices as (
    select distinct
        taxpayer_id,
        relation_no,
        invoice_key,
        invoice_line
    from {{ ref('stg_purchase_claims') }}
    where run_date <= {{ run_date() }}
),

changed_invoices as (
    select
        invoice_key,
        red_of
    from ({{ changed_papers('invoice', 'stg_invoices') }}) as papers
),

invoices as (
    select invoice_key from changed_invoices
    union
    select red_of from changed_invoices
    union
    select invoices.invoice_key
    from {{ ref('stg_invoices') }} as invoices
    inner join holds on invoices.seller_id = holds.subject
    where holds.kind = 'S' and invoices.run_date <= {{ run_date() }}
),

export_claims as (
    select
        taxpayer_id,
        relation_no,
        form_no,
        line_no,
        period
    from {{ ref('stg_export_claims') }}
    where run_date <= {{ run_date() }}
),

changed_claims as (
    {{ changed_papers('export_claim', 'stg_export_claims') }}
),

named_relations as (
    select
        taxpayer_id,
        relation_no
    from changed_claims
    union
    select
        taxpayer_id,
        relation_no
    from ({{ changed_papers('purchase_claim', 'stg_purchase_claims') }}) as papers
    union
    select
        claimed_invoices.taxpayer_id,
        claimed_invoices.relation_no
    from claimed_invoices
    inner join invoices on claimed_invoices.invoice_key = invoices.invoice_key
),

-- another relation that claims the same line of an invoice is no longer alone with it
relations as (
    select * from named_relations
    union
    select
        others.taxpayer_id,
        others.relation_no
    from named_relations
    inner join claimed_invoices as theirs
        on named_relations.taxpayer_id = theirs.taxpayer_id and named_relations.relation_no = theirs.relation_no
    inner join claimed_invoices as others
        on theirs.invoice_key = others.invoice_key and theirs.invoice_line = others.invoice_line
),

manufacturers as (
    select distinct taxpayer_id
    from {{ ref('stg_taxpayers') }}
    where run_date <= {{ run_date() }} and rebate_method = 'C'
),

periods as (
    select
        taxpayer_id,
        period
    from changed_claims
    union
    select
        taxpayer_id,
        period
    from ({{ changed_papers('vat_return', 'stg_vat_returns') }}) as papers
),

lines as (
    select
        form_no,
        line_no
    from export_claims
    semi join relations on export_claims.taxpayer_id = relations.taxpayer_id and export_claims.relation_no = relations.relation_no
    union
    select
        form_no,
        line_no
    from export_claims
    semi join periods on export_claims.taxpayer_id = periods.taxpayer_id and export_claims.period = periods.period
    semi join manufacturers on export_claims.taxpayer_id = manufacturers.taxpayer_id
    union
    select
        form_no,
        line_no
    from ({{ changed_papers('overseas_sale', 'stg_overseas_sales') }}) as papers
),

-- a verdict is judged again in the first run after its deadline: since the run before, that is
passed as (
    select
        declaration_key,
        gnum
    from verdicts
    where deadline < {{ run_date() }} and deadline >= (select max(v.run_date) from verdicts as v)
),

due as (
    select
        verdicts.declaration_key,
        verdicts.gnum
    from verdicts
    semi join passed on verdicts.declaration_key = passed.declaration_key and verdicts.gnum = passed.gnum
    group by verdicts.declaration_key, verdicts.gnum
    having arg_max(coalesce(verdicts.deadline, date '9999-12-31'), verdicts.run_date) < {{ run_date() }}
),

-- a month may be consolidated, or consolidated anew, at any time: what stands elsewhere since then
months as (
    select month from {{ ref('seen_months') }}
    where run_date = {{ run_date() }}
),

of_months as (
    select
        members.ebc_code,
        members.cop_no,
        members.gnum
    from members
    semi join months on {{ month_of('members.form_no') }} = months.month
    union
    select
        verdicts.ebc_code,
        verdicts.cop_no,
        verdicts.gnum
    from verdicts
    semi join months on {{ month_of('verdicts.form_no') }} = months.month
),

moved as (
    select
        last_verdicts.declaration_key,
        last_verdicts.gnum
    from (
        select verdicts.*
        from verdicts
        semi join of_months
            on verdicts.ebc_code = of_months.ebc_code and verdicts.cop_no = of_months.cop_no and verdicts.gnum = of_months.gnum
        qualify row_number() over (partition by verdicts.declaration_key, verdicts.gnum order by verdicts.run_date desc) = 1
    ) as last_verdicts
    left join members
        on
            last_verdicts.ebc_code = members.ebc_code
            and last_verdicts.cop_no = members.cop_no
            and last_verdicts.gnum = members.gnum
    where
        last_verdicts.form_no is distinct from members.form_no
        or last_verdicts.line_no is distinct from members.line_no
),

-- what today's lists and papers reach
reached as (
    select
        declaration_key,
        gnum
    from {{ ref('exported_items') }}
    where run_date = {{ run_date() }}
    union
    select * from due
    union
    select * from moved
    union
    select
        exports.declaration_key,
        exports.gnum
    from exports
    semi join enterprises on exports.ebc_code = enterprises.ebc_code
    union
    select
        exports.declaration_key,
        exports.gnum
    from exports
    semi join lists on exports.ebc_code = lists.ebc_code and exports.cop_no = lists.cop_no
    union
    select
        exports.declaration_key,
        exports.gnum
    from exports
    inner join hs_codes on exports.hs_code = hs_codes.hs_code
    semi join goods on hs_codes.beginning = goods.code
    union
    select
        exports.declaration_key,
        exports.gnum
    from exports
    inner join members on exports.ebc_code = members.ebc_code and exports.cop_no = members.cop_no and exports.gnum = members.gnum
    semi join forms on members.form_no = forms.form_no
    union
    select
        exports.declaration_key,
        exports.gnum
    from exports
    inner join members on exports.ebc_code = members.ebc_code and exports.cop_no = members.cop_no and exports.gnum = members.gnum
    semi join lines on members.form_no = lines.form_no and members.line_no = lines.line_no
),

-- and what is judged together with it
reached_lines as (
    select distinct
        members.form_no,
        members.line_no
    from reached
    inner join exports on reached.declaration_key = exports.declaration_key and reached.gnum = exports.gnum
    inner join members on exports.ebc_code = members.ebc_code and exports.cop_no = members.cop_no and exports.gnum = members.gnum
),

reached_claims as (
    select export_claims.*
    from export_claims
    semi join reached_lines on export_claims.form_no = reached_lines.form_no and export_claims.line_no = reached_lines.line_no
),

lines_beside as (
    select
        export_claims.form_no,
        export_claims.line_no
    from export_claims
    semi join reached_claims
        on export_claims.taxpayer_id = reached_claims.taxpayer_id and export_claims.relation_no = reached_claims.relation_no
    union
    select
        export_claims.form_no,
        export_claims.line_no
    from export_claims
    semi join reached_claims
        on export_claims.taxpayer_id = reached_claims.taxpayer_id and export_claims.period = reached_claims.period
    semi join manufacturers on export_claims.taxpayer_id = manufacturers.taxpayer_id
)

select
    declaration_key,
    gnum
from reached
union
select
    exports.declaration_key,
    exports.gnum
from exports
inner join members on exports.ebc_code = members.ebc_code and exports.cop_no = members.cop_no and exports.gnum = members.gnum
semi join lines_beside on members.form_no = lines_beside.form_no and members.line_no = lines_beside.line_no
