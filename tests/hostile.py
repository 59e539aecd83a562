"""Texts that somebody may send to keep the bot busy: one piece each, repeated to any length."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count, cycle, islice

LONGEST = 4_096
"""Characters of the longest message that a channel carries."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _counted(length: int, form: str) -> str:
    """The form with another number in it each time."""
    return "".join(form.format(number) for number in range(length // len(form.format(0)) + 1))


def _made_up(length: int, letters: int, gap: str = " ") -> str:
    """Words that nobody knows, all different, spread evenly over the alphabet."""
    def word(number: int) -> str:
        return "".join(_LETTERS[(number * (place + 7) + place * place) % 26] for place in range(letters))
    words, made = [], 0
    for number in count(1):
        if made > length:
            break
        words.append(word(number))
        made += letters + len(gap)
    return gap.join(words)


def _pieces(length: int, *pieces: str) -> str:
    """The pieces in turn."""
    shortest = min(map(len, pieces))
    return "".join(islice(cycle(pieces), length // shortest + 1))


REPEATED: Mapping[str, str] = {
    # Characters that become many others: compatibility forms (NFKC), case (casefold), accents (NFKD).
    "expands 18 times": "\ufdfa", "expands 8 times": "\ufdfb", "squared word": "\u3300", "squared words": "\u3316 ",
    "ligature": "\ufb03", "ellipsis": "…", "fraction": "¾", "parenthesised": "⒇", "circled": "㊿", "roman": "ⅷ",
    "era": "㋿", "square unit": "㎯", "sharp s": "ß", "capital sharp s": "ẞ", "three in lower case": "ΐ",
    "ypogegrammeni": "ᾂ", "hangul": "각", "hangul apart": "\u1100\u1161\u11a8", "hebrew presentation": "\ufb2c",
    "full width": "Ａ１", "mathematical": "𝔞𝟙", "musical": "\U0001d160", "tibetan": "\u0f77", "ae": "æ",
    "spacing accent": "´¨¸", "arabic ligature": "\ufc60\ufdf2",
    # Marks and what cannot be seen.
    "combining": "e\u0301", "combining only": "\u0301", "marks out of order": "\u0323\u0301", "enclosing": "a\u20dd",
    "zero width space": "\u200b", "zero width joiner": "a\u200d", "soft hyphen": "a\u00ad", "byte order mark": "\ufeff",
    "right to left mark": "\u200f", "override": "\u202ea\u202c", "hebrew": "שלום ", "arabic": "مرحبا ",
    "variation": "❤\ufe0f", "tag": "\U000e0061", "family": "👨\u200d👩\u200d👧\u200d👦", "flag": "🇳🇱", "emoji": "👍",
    "surrogate": "\ud800", "surrogates": "\udc00\ud800", "unassigned": "\u0378", "private": "\ue000",
    "no character": "\uffff", "null": "\0", "bell": "\x07", "delete": "\x7f", "han": "建", "thai": "ก็",
    # White space.
    "space": " ", "tab": "\t", "newline": "\n", "return": "\r\n", "no-break space": "\u00a0", "thin space": "\u2009",
    "line separator": "\u2028", "wide space": "\u3000", "space and newline": " \n", "lines": "x\n", "form feed": "\f",
    # One character of each kind.
    "letter": "a", "consonant": "t", "capital": "E", "digit": "1", "zero": "0", "nine": "9", "arabic digit": "١",
    "superscript": "²",
    **{f"only {sign}": sign for sign in "@.,;:!?-_/\\'\"`´‘’“”„«»()[]{}<>|*+=~^#%&$€£"},
    # Signs and letters in turn.
    "at": "a@", "at at": "a@a@a@", "dots": "a.", "dotted number": "1.1.1.1", "thousands": "1.000.", "comma": "1,",
    "dash": "a-",
    "digits and dots": "1.", "digits and spaces": "1 ", "digits and dashes": "1-", "spaced groups": "123 ",
    "fours": "1234 ",
    "bsn": "111222333 ", "no bsn": "123456789 ", "bsn in groups": "111 22 2333", "iban": "NL91ABNA0417164300 ",
    "no iban": "NL00ABNA0123456789 ", "half an iban": "NL9", "card": "4111 1111 1111 1111 ",
    "no card": "4111111111111112 ",
    "telephone": "0612345678 ", "telephone abroad": "+31 6 1234 5678 ", "no telephone": "06-1-2-3-4-5-6-",
    "mail address": "a@b.nl ", "long mail address": "a.b.c.d.e.f.g@h.i.j.k.l.",
    "half a mail address": "a!#$%&'*+/=?^_`{|}~-",
    "domain": "a@b.c.d.e.f.g.h.i ", "labels": "a-a-a-a@a-a-a-a.",
    "link": "https://www.voorbeeld.nl/", "reference": "HV-7KM-4PX-9RT ", "half a reference": "HV-7",
    "references run on": "7KM",
    "letters apart": "H V - ", "postcode": "1221AB ", "postcode elsewhere": "9999 ZZ ", "four digits": "1221 ",
    "no postcode": "1221 en ",
    "house": "straat 12 ", "house and postcode": "weg 1 a, 1221 ab, ", "street without number": "straat, , ",
    "number": "op nummer 3 ",
    "digits and blanks": "1 , ", "year": "2026 ",
    "amount": "€ 1.500,- ", "amount in words": "vijftienhonderd euro ", "number words": "honderd",
    "number words apart": "vijf en twintig ",
    "range": "tussen 500 en 1000 ", "to": "5 tot ", "half": "enhalf", "atoms": "een en een ", "thousand": "duizend ",
    "euros": "euro ",
    "place": "Oost ", "places": "Noordwest, ", "place run on": "oost", "mistyped place": "Nordoost Kerkeland ",
    "home": "Hilversum ",
    "danger": "brand ", "danger denied": "geen brand ", "dangers": "ik heb een mes en ik sla hem dood. ",
    "gas": "gas ", "despair": "ik wil niet meer leven ",
    "danger run on": "ikwildood", "nearly danger": "brnad ", "dangers in sentences": "brand! mes? ", "stars": "dood* ",
    "question": "wie is mijn wijkregisseur? ", "questions run on": "wie is en wie is ", "and": "en ",
    "openers": "wat, wie ", "question word": "wie ",
    "yes": "ja ", "no": "nee, ", "greeting": "hallo ", "thanks": "dank u wel ", "stop": "stop ", "slash": "/",
    "command": "/plan ",
    "long words": "wijkregisseurscontactpersoonsvergadering ", "short words": "de ", "letters": "a b ",
    "known words": "buurt plan geld ",
    "compound": "buurt", "compounds": "buurtbudget ", "sound": "sch", "doubled": "tt", "vowels": "aeiou",
    "typo": "wijkregiseur ",
    "nested quotes": "\"'", "quoted": "> ", "deep quotes": ">>", "brackets": "([{", "half open": "(",
    "apostrophes": "a'", "apostrophe words": "foto's ",
    "placeholder": "{wijk}", "masks": "[bsn]", "markup": "<b>", "nested markup": "<div>", "escape": "\\u0000",
    "format": "%s{0}",
    "attribution": "Op ma 23 nov. 2026 om 10:00 schreef ", "header": "Van: a\nAan: ", "divider": "---",
    "underscores": "____",
    "abbreviation": "wr ", "sentences": "Ja. ", "english": "what is the budget? ", "stretched": "hoiiii ",
}  # fmt: skip


def hostile_texts(length: int = LONGEST) -> dict[str, str]:
    """By name, each ``length`` characters long."""
    made = {name: piece * (length // len(piece) + 1) for name, piece in REPEATED.items()}
    made |= {
        "spaces between": f"x{' ' * (length - 2)}x",
        "newlines between": "x" + "\n" * (length - 2) + "x",
        "spaces before a question": f"wie is dat en{' ' * (length - 14)}?",
        "spaces after a comma": f"wat,{' ' * (length - 5)}x",
        "spaces after a postcode": f"1221 AB{' ' * (length - 8)}x",
        "spaces after a street": f"straat{' ' * (length - 7)}x",
        "spaces after a telephone": f"+31{' ' * (length - 4)}x",
        "spaces around at": f"a{' ' * (length - 3)}@b",
        "spaces before a mark": f"a{' ' * (length - 2)}!",
        "many amounts": _counted(length, "€ {}, "),
        "many numbers": _counted(length, "{} "),
        "many postcodes": _counted(length, "{}AB "),
        "many words": _made_up(length, 4),
        "many longer words": _made_up(length, 9),
        "many long words": _made_up(length, 24),
        "many very long words": _made_up(length, 120),
        "one word": _made_up(length, 1, ""),
        "words without a space": _pieces(length, "buurt", "plan", "wijk", "geld", "straat"),
        "mixed": _pieces(
            length, "wie is mijn wijkregisseur in Oost? ", "€ 1.500 ", "1221AB ", "brand ", "a@b.nl ", "\ufdfa"
        ),
        "quotes in quotes": "\"" * (length // 2) + "'" * (length // 2),
        "brackets in brackets": "(" * (length // 2) + ")" * (length // 2),
        "quoted lines": _pieces(length, "> ", ">> ", "x\n"),
        "story": _pieces(
            length, "Wij willen een bankje bij de school. ", "Het kost ongeveer 500 euro. ", "Wie helpt ons? "
        ),
        "story without a stop": _pieces(
            length, "wij willen graag ", "een bankje bij de speeltuin ", "omdat de kinderen daar spelen "
        ),
    }  # fmt: skip
    return {name: text[:length] for name, text in made.items()}
