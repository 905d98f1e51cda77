select
    codes.hs_code as chapter,
    codes.description as name,
    codes.section,
    sections.name as section_name
from reference.hs_codes as codes
inner join reference.sections on codes.section = sections.section
where codes.digits = '2'
