"""Rebate decided once more, from the text of the rules: exact fractions, no SQL but to read what is published."""
