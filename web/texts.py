"""Sentences for people, from one gettext catalogue a language; it must not decide which to say.

A language's catalogue lies in several files, one for each part of the product; a sentence stands in
one of them only.

`python -m web.texts compile` writes the catalogues in the form gettext reads; without that they
are read from their sources at start.
"""

import re
import sys
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Final, Literal

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from web.moments import moment

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
DOMAIN = "kaibiao"
LOCALE = Path(__file__).parent / "locale"

_MOMENTS: Final = frozenset(
    {"cosigned_at", "deadline", "due", "earliest", "latest", "opens", "received", "since", "until"}
)
_SPANS: Final = frozenset({"shortest", "longest"})
"""Facts that are a length of time, ms."""
_UNITS: Final = (("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000))
_BIDS: Final = frozenset({"bid", "bids", "next"})
_PARTIES: Final = frozenset({"party", "i"})
_WORDS: Final[Mapping[str, str]] = {
    "missing": "missing",
    "phase": "phase",
    "reached": "correction",
    "role": "role",
    "roles": "role",
    "stage": "stage",
    "standing": "standing",
    "status": "clarification",
    "step": "step",
    "window": "window",
}
"""Fact -> the family of sentences that say its values."""
_BETWEEN: Final[Mapping[Language, str]] = {"zh-CN": "、", "en": ", "}
_OF_BIDS: Final = ("bids.", "message.", "opening.not_bound")
"""Refusals that a bid may meet, by how their codes begin."""
_FIRST_SENTENCE: Final = re.compile(r".*?(?:。|\.(?=\s|$))", re.DOTALL)


def refusal(language: Language, code: str, facts: Mapping[str, object]) -> str:
    """Return the sentence for a refusal's code; a code without one gives a general sentence."""
    found = _catalogue(language).pgettext("refusal", code)
    if found == code:
        found = _catalogue(language).pgettext("refusal", "unknown")
        facts = {"code": code}
    told = {name: _told(language, name, value) for name, value in facts.items()}
    return _Filled().vformat(found, (), told)


def reason(language: Language, code: str) -> str:
    """Return what a refusal's sentence says happened, without its facts or what to do."""
    said = refusal(language, code, {})
    found = _FIRST_SENTENCE.match(said)
    return found.group() if found else said


def say(language: Language, sentence: str, **facts: object) -> str:
    """Return a sentence of the pages in a language."""
    return _Filled().vformat(_catalogue(language).gettext(sentence), (), facts)


@cache
def sentences(language: Language) -> Mapping[str, str]:
    """Return the sentences of the pages as browsers are given them.

    Of refusals only why a bid was not taken: timelines name that by its code.
    """
    messages = catalogue(language)
    told = {str(one.id): str(one.string) for one in messages if one.id and one.context is None}
    codes = [str(one.id) for one in messages if one.context == "refusal"]
    refused = [code for code in codes if code.startswith(_OF_BIDS)]
    return told | {f"refused {code}": reason(language, code) for code in refused}


def sources(language: Language) -> tuple[Path, ...]:
    """Return the files of a language's catalogue."""
    return tuple(sorted(_folder(language).glob("*.po")))


def catalogue(language: Language) -> Catalog:
    """Read a language's catalogue from its files.

    Raises:
        ValueError: a sentence stands twice.
    """
    whole = Catalog(locale=language.replace("-", "_"), domain=DOMAIN)
    for path in sources(language):
        with path.open("rb") as file:
            for one in read_po(file, locale=whole.locale, domain=DOMAIN):
                if not one.id:
                    continue
                if whole.get(one.id, one.context) is not None:
                    message = f"{path.name}: {one.id!r} stands in another file too"
                    raise ValueError(message)
                whole[one.id] = one
    return whole


def choose(accepted: str, otherwise: Language) -> Language:
    """Choose the language of an answer from an Accept-Language header.

    Source: RFC 9110 section 12.5.4; what it does not name loses to what it names.
    """
    best, weight = otherwise, 0.0
    for part in accepted[:400].split(","):
        name, _, quality = part.strip().partition(";q=")
        offered = _offered(name.strip().lower())
        wanted = _quality(quality)
        if offered is not None and wanted > weight:
            best, weight = offered, wanted
    return best


def _told(language: Language, name: str, value: object) -> str:
    """Return a fact as people read it: moments, parties and our own words in words."""
    if isinstance(value, list | tuple):
        return _BETWEEN[language].join(_told(language, name, one) for one in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(language, name, value)
    if name in _BIDS:
        return str(value)[:8]
    return _word(language, name, str(value))


def _word(language: Language, name: str, value: str) -> str:
    """Return a word of ours as people read it; any other as it is."""
    if name == "problems":
        return _problem(language, value)
    if name not in _WORDS:
        return value
    key = f"{_WORDS[name]} {value}"
    said = _catalogue(language).gettext(key)
    if said == key:
        return value
    return said.lower() if _WORDS[name] == "role" else said


def _problem(language: Language, problem: str) -> str:
    """Return what is wrong with a scoring rule, and where; any other problem as it is."""
    code, _, where = problem.partition(" ")
    key = f"rule {code}"
    said = _catalogue(language).gettext(key)
    if said == key:
        return problem
    return say(language, "{name} ({of})", name=said, of=where) if where else said


def _number(language: Language, name: str, value: int) -> str:
    """Return a number in words: party 0 is the timekeeper, one below nobody in particular."""
    if name in _MOMENTS:
        return moment(value)
    if name in _SPANS:
        return _span(language, value)
    if name not in _PARTIES:
        return f"{value:,}"
    if value > 0:
        return say(language, "party {i}", i=value).lower()
    return say(language, "a party" if value < 0 else "the timekeeper")


def _span(language: Language, millis: int) -> str:
    """Return a length of time in the largest unit it is a whole number of."""
    unit, size = next((one for one in _UNITS if millis % one[1] == 0), _UNITS[-1])
    return say(language, f"span {unit}", n=f"{millis // size:,}")


def _offered(name: str) -> Language | None:
    if name == "zh" or name.startswith("zh-"):
        return "zh-CN"
    return "en" if name == "en" or name.startswith("en-") else None


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


class _Filled(Formatter):
    """Puts facts into a sentence by name; no attribute or index is ever looked up."""

    def get_field(self, field_name: str, args: object, kwargs: object) -> tuple[object, str]:
        del args
        facts = kwargs if isinstance(kwargs, dict) else {}
        return facts.get(field_name, "…"), field_name


@cache
def _catalogue(language: Language) -> GNUTranslations:
    compiled = _compiled(language)
    newest = max(source.stat().st_mtime for source in sources(language))
    if compiled.exists() and compiled.stat().st_mtime >= newest:
        return GNUTranslations(BytesIO(compiled.read_bytes()))
    return GNUTranslations(BytesIO(_compile(language)))


def _folder(language: Language) -> Path:
    return LOCALE / language.replace("-", "_") / "LC_MESSAGES"


def _compiled(language: Language) -> Path:
    return _folder(language) / f"{DOMAIN}.mo"


def _compile(language: Language) -> bytes:
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    return compiled.getvalue()


if __name__ == "__main__":
    if sys.argv[1:] != ["compile"]:
        sys.exit("usage: python -m web.texts compile")
    for each in LANGUAGES:
        _compiled(each).write_bytes(_compile(each))
