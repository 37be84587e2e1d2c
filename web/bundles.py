"""What the browser's code is built into: its files by name, and the sentences each of them may say.

It must work without them: before the code is built there are no addresses and no sentences.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from web import texts

DIST = Path(__file__).parent / "static" / "dist"


def assets() -> Mapping[str, str]:
    """Return the addresses of what the browser loads; none before the browser's code is built."""
    return {name: f"/static/dist/{file}" for name, file in _read("manifest.json").items()}


def sentences(language: texts.Language, bundle: str) -> Mapping[str, str] | None:
    """Return the sentences a page's code may say, or None where there is no such code.

    Those that are said as they are named are left out: the browser does that by itself.
    """
    said = _read("said.json")
    if bundle not in said:
        return None
    words = texts.sentences(language)
    return {name: words[name] for name in said[bundle] if words.get(name, name) != name}


def version(language: texts.Language) -> str:
    """Return what changes with the sentences of a language, or with which of them code may say."""
    return _version(language, _changed("said.json"))


def _read(name: str) -> Mapping[str, Any]:
    changed = _changed(name)
    return _parsed(name, changed) if changed else {}


def _changed(name: str) -> int:
    path = DIST / name
    return path.stat().st_mtime_ns if path.exists() else 0


@cache
def _parsed(name: str, changed: int) -> Mapping[str, Any]:
    del changed
    told: Mapping[str, Any] = json.loads((DIST / name).read_text(encoding="utf-8"))
    return told


@cache
def _version(language: texts.Language, changed: int) -> str:
    del changed
    told = json.dumps([texts.sentences(language), _read("said.json")], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
