"""How a rehearsal went: stages with their times, figures, and every expectation that failed.

It must not decide what is expected; the story does.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.filesize import decimal

from client import clock, durable


@dataclass(slots=True)
class Report:
    """Fills up as the rehearsal goes on, and tells it live."""

    console: Console
    stages: list[dict[str, Any]] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str, *, live: bool = True) -> Iterator[None]:
        """Time a stage and tell when it is over; `live` shows meanwhile that it goes on."""
        begun = clock.ticks()
        with self.console.status(name + " ...") if live else nullcontext():
            yield
        took = clock.ticks() - begun
        self.stages.append({"stage": name, "ms": round(took * 1000)})
        self.console.print(f"[green]✓[/] {name:<40} {took:8.2f} s")

    def expect(self, holds: bool, what: str) -> None:  # noqa: FBT001 - it reads like assert
        """Note an expectation that does not hold."""
        if not holds:
            self.problems.append(what)
            self.console.print(f"[red]✗ {what}[/]")

    def bytes_done(self, what: str, count: int, seconds: float) -> None:
        """Note how many bytes went through something, and tell the speed."""
        self.figures[what] = {"bytes": count, "ms": round(seconds * 1000)}
        if seconds > 0:
            speed = decimal(int(count / seconds))
            self.console.print(f"  {what}: {decimal(count)}, {speed}/s")

    def write(self, path: Path, plan: dict[str, Any]) -> None:
        """Write the report as JSON."""
        value = {
            "plan": plan,
            "ok": not self.problems,
            "problems": self.problems,
            "stages": self.stages,
            "figures": self.figures,
        }
        text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
        durable.write(path, text.encode(), 0o644)
