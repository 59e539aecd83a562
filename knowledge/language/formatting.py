"""Amounts, telephone numbers and lists of names as people write them, in one language and country."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import phonenumbers
from babel import Locale
from babel.numbers import format_currency
from phonenumbers import PhoneNumberFormat

from knowledge.models.content import Language


@lru_cache(maxsize=1024)
def show_euro(amount: int, language: Language) -> str:
    """Whole euro: "€ 1.500" in Dutch, "€1,500" in English."""
    shown = format_currency(amount, "EUR", _whole(language), locale=language, currency_digits=False)
    return shown.replace("\N{NO-BREAK SPACE}", " ")  # as it is typed, so that it can be searched for


def euro(amount: int, language: Language = "nl") -> str:
    """Whole euro, in Dutch unless another language is asked: pages for officers are in Dutch."""
    return show_euro(amount, language)


def enumerate_names(names: Iterable[str], conjunction: str) -> str:
    """ "a, b en c"."""
    *head, last = list(names) or [""]
    return f"{', '.join(head)} {conjunction} {last}" if head else last


@lru_cache
def _whole(language: Language) -> str:
    """The pattern of the language without decimals."""
    pattern = Locale.parse(language).currency_formats["standard"].pattern
    return re.sub(r"\.0+", "", pattern)


def show_telephone(number: str, region: str) -> str:
    """A number in E.164 ("+31612345678") as people in ``region`` write it: "06 12345678", "+32 2 123 45 67"."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    at_home = parsed.country_code == phonenumbers.country_code_for_region(region)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
