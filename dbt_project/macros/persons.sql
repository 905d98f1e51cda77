{#-
  A person as a keyed hash: 64 hexadecimal digits, null for null. The key is known to the connection alone.
  Of a person whom `forget` took out of staging, the hash that it left.
-#}
{% macro person_hash(column) -%}
    case when {{ is_forgotten(column) }} then substr({{ column }}, 11, 64) else persons.main.person_hash({{ column }}) end
{%- endmacro %}

{#- What may be shown of a person: the first character, and of longer texts the last. -#}
{% macro masked(column) -%}
    case
        when {{ is_forgotten(column) }} then substr({{ column }}, 76)
        else left({{ column }}, 1) || '***' || case when length({{ column }}) >= 8 then right({{ column }}, 1) else '' end
    end
{%- endmacro %}

{% macro is_forgotten(column) -%}
    regexp_full_match({{ column }}, 'forgotten [0-9a-f]{64} .*')
{%- endmacro %}

{#- A code that is in no list, as sent: unless it looks like none, for then it may be anything, a name too. -#}
{% macro shown_code(column) -%}
    case when regexp_full_match({{ column }}, '[0-9A-Za-z]+') then {{ column }} else {{ masked(column) }} end
{%- endmacro %}

{#-
  Whether a number or code may be a person: in a record that did not pass, cells may be shifted. Names and addresses hold
  more than ASCII; an ID number (GB 11643) holds a date of birth. Any other number of a person looks like every number.
-#}
{% macro may_be_person(column) -%}
    regexp_matches({{ column }}, '[^\x1F -~]|\b[0-9]{6}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]{4}[0-9X]\b')
{%- endmacro %}
