-- The verdict on each judged item: block before tax before exemption before what is missing. Three rules look at what the others found:
-- a lawful voucher exempts who is excluded or late (EXM01), and who is neither is taxed in the end (TAX04, TAX05).
with found as (
    select
        declaration_key,
        gnum,
        bool_or(action = 'exempt') as is_exempt,
        bool_or(action = 'tax') as is_taxed,
        bool_or(action = 'exclude') as is_excluded,
        bool_or(action = 'pending') as is_pending,
        bool_and(rule_id = 'REB14') filter (where action in ('exclude', 'pending')) as lacks_forex_alone
    from {{ ref('rebate_rules') }}
    group by declaration_key, gnum
),

weighed as (
    select
        papers.*,
        coalesce(found.is_exempt, false) as is_exempt,
        coalesce(found.is_taxed, false) as is_taxed,
        coalesce(found.is_excluded or found.is_pending, false) as is_lacking,
        coalesce(found.lacks_forex_alone, false) as lacks_forex_alone,
        papers.cap_on is null and {{ run_date() }} > papers.claim_by as is_late,
        voucher.rule_id is not null
        and papers.has_voucher
        and (
            coalesce(found.is_excluded, false)
            or (coalesce(found.is_pending, false) and is_late)
            -- exempt on the last day: what comes later makes no rebate of it
            or (papers.standing_at_cap is not distinct from 'exempt' and not coalesce(found.is_exempt, false))
        ) as has_exemption
    from {{ ref('rebate_papers') }} as papers
    left join found on papers.declaration_key = found.declaration_key and papers.gnum = found.gnum
    left join {{ ref('rebate_actions') }} as voucher
        on
            papers.export_date = voucher.export_date
            and papers.supervision_mode = voucher.supervision_mode
            and voucher.rule_id = 'EXM01'
            and voucher.action <> 'off'
),

later as (
    select
        *,
        unnest(list_filter([
            case
                when
                    has_exemption
                    then struct_pack(
                        rule_id := 'EXM01',
                        expected := 'on a form, registered, with a valid invoice',
                        observed := coalesce(invoice_no, 'own production')
                    )
            end,
            case
                when
                    {{ run_date() }} > cap_on and not is_taxed
                    and case standing_at_cap
                        when 'rebate' then is_lacking and not is_exempt and not has_exemption
                        when 'exempt' then not is_exempt and not has_exemption
                        else true
                    end
                    then struct_pack(rule_id := 'TAX04', expected := 'rebate or exemption by ' || cap_on, observed := 'neither')
            end,
            case
                when is_late and is_lacking and not is_exempt and not is_taxed and not has_exemption
                    then struct_pack(rule_id := 'TAX05', expected := 'lawful voucher by ' || claim_by, observed := 'none')
            end
        ], rule -> rule is not null), recursive := true)
    from weighed
),

rules as (
    select * from {{ ref('rebate_rules') }}
    union all by name
    select
        later.declaration_key,
        later.gnum,
        later.rule_id,
        actions.action,
        later.expected,
        later.observed
    from later
    inner join {{ ref('rebate_actions') }} as actions
        on
            later.export_date = actions.export_date
            and later.supervision_mode = actions.supervision_mode
            and later.rule_id = actions.rule_id
    where actions.action <> 'off'
),

listed as (
    select
        declaration_key,
        gnum,
        list(struct_pack(
            rule_id := rule_id,
            action := action,
            expected := expected,
            observed := observed,
            missing_en := missing_en,
            missing_zh := missing_zh
        ) order by rule_id) as findings,
        case
            when bool_or(action = 'block') then 'blocked'
            when bool_or(action = 'tax') then 'taxed'
            when bool_or(action = 'exempt') then 'exempt'
            else 'pending'
        end as verdict
    from rules
    group by declaration_key, gnum
),

decided as (
    select
        weighed.* exclude (is_exempt, is_taxed, is_late, has_exemption),
        coalesce(listed.verdict, 'rebate') as verdict,
        coalesce(listed.findings, []) as findings
    from weighed
    left join listed on weighed.declaration_key = listed.declaration_key and weighed.gnum = listed.gnum
)

select
    *,
    list_transform(
        list_filter(findings, finding -> list_contains(
            case verdict
                when 'blocked' then ['block'] when 'taxed' then ['tax'] when 'exempt' then ['exempt'] else ['pending', 'exclude']
            end,
            finding.action
        )),
        finding -> finding.rule_id
    ) as reason_rules,
    -- a refund whose exchange is gone again is kept as long as exchange may still come in time
    verdict = 'rebate'
    or (verdict = 'pending' and lacks_forex_alone and refund_before > 0 and {{ run_date() }} <= claim_by) as is_granted,
    case
        when verdict = 'pending' or (verdict = 'rebate' and is_pre_refund and not is_settled)
            then
                case
                    when {{ run_date() }} <= claim_by then claim_by
                    when {{ run_date() }} <= cap_on then cap_on
                end
    end as deadline
from decided
