"""Moments as people here write them; it reads no clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
LATEST = 253_402_214_400_000
"""The last moment that can be written with four digits of a year in any zone, ms."""


def local(millis: int) -> datetime:
    """Return a moment in the zone of the procedure, to the second; none after `LATEST`."""
    return datetime.fromtimestamp(min(millis, LATEST) // 1000, UTC).astimezone(ZONE)


def moment(millis: int) -> str:
    """Return a moment to the second, with its zone."""
    return f"{local(millis):%Y-%m-%d %H:%M:%S} UTC+8"


def named(millis: int) -> str:
    """Return a moment as names of files carry it."""
    return f"{local(millis):%Y%m%d-%H%M%S}"
