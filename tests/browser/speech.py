"""What the pages say, by the catalogue: tests look for a sentence by what stands in the code."""

from collections.abc import Callable
from functools import partial

from web.texts import Language, say, sentences

Say = Callable[..., str]
"""Returns a sentence of the catalogue in one language, with its facts put in."""


def speaker(language: Language) -> Say:
    """Return what says sentences in a language."""
    return partial(_said, language)


def _said(language: Language, sentence: str, **facts: object) -> str:
    if sentence not in sentences(language):
        message = f"{sentence!r} is not in the catalogue"
        raise KeyError(message)
    return say(language, sentence, **facts)


CHINESE = speaker("zh-CN")
