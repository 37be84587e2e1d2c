"""What an installation runs with, as its administrators may read it: no password, no secret."""

from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from web import texts
from web.settings import Rate, Settings

SHOWN = (
    "origin",
    "installation",
    "installation_name",
    "language",
    "data_dir",
    "host",
    "port",
    "forwarded_allow_ips",
    "witness_url",
    "witness_vkey",
    "witness_patience",
    "fonts_dir",
)
"""Settings that are shown as they are; one that is not named here is not shown."""
_TIMES = ("_time", "_age", "_idle")
_SIZES = ("_body", "_file", "_document", "_bytes", "_reserve")


def settings_of(settings: Settings) -> list[dict[str, str]]:
    """Return the settings by the names they are set with, without what is secret in them."""
    shown = [{"name": f"KAIBIAO_{name.upper()}", "value": _text(settings, name)} for name in SHOWN]
    return [{"name": "DATABASE_URL", "value": database(settings)}, *shown]


def database(settings: Settings) -> str:
    """Return where the database is, without user and password."""
    found = urlsplit(settings.database)
    if not found.hostname:
        return settings.database
    port = f":{found.port}" if found.port else ""
    return f"{found.scheme}://{found.hostname}{port}{found.path}"


def own_folder(settings: Settings) -> str:
    """Return the folder that `./dev up --empty` keeps this installation in; empty otherwise."""
    folder = settings.data_dir.absolute()
    return str(folder.parents[1]) if folder.parts[-2:] == ("own", "data") else ""


def limits_of(settings: Settings) -> list[dict[str, Any]]:
    """Return every limit with its value and the kind of value it is."""
    return [
        {"name": name, "setting": f"KAIBIAO_LIMITS__{name.upper()}", **_limit(name, value)}
        for name, value in settings.limits
    ]


def span(language: texts.Language, millis: int) -> str:
    """Return a span in the unit that people would use, cut off below it."""
    seconds = millis // 1000
    if seconds < 120:
        return texts.say(language, "{n} s", n=seconds)
    if seconds < 2 * 3600:
        return texts.say(language, "{n} min", n=seconds // 60)
    if seconds < 48 * 3600:
        return texts.say(language, "{n} h", n=seconds // 3600)
    return texts.say(language, "days {n}", n=seconds // 86_400)


def _limit(name: str, value: int | Rate | BaseModel) -> dict[str, Any]:
    if isinstance(value, Rate):
        return {"kind": "rate", "burst": value.burst, "refill": value.refill_ms}
    if name.endswith(_TIMES):
        return {"kind": "time", "value": value}
    return {"kind": "size" if name.endswith(_SIZES) else "count", "value": value}


def _text(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return "" if value is None else str(value)
