"""What happens, as JSON lines on standard error, written by a thread of its own.

It must not know what is told: a line is text here. Lines of little weight wait a moment and are
written together, because a write for every request costs a command a fifth of its time.
"""

import atexit
import json
import logging
import sys
import threading
import time
from collections import deque
from typing import Any, TextIO

import structlog

WAIT_SECONDS = 0.1
"""How long a line that is no warning may wait; a process that is killed loses as much."""


class Lines:
    """Gathers lines for a stream; made for as long as the process lives.

    Args:
        stream: where they go.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        # appended and taken one by one, which needs no lock
        self._gathered: deque[str] = deque()
        self._writing = threading.Lock()
        self._some = threading.Event()
        threading.Thread(target=self._run, name="log", daemon=True).start()
        atexit.register(self.flush)

    def write(self, text: str) -> None:
        """Take a piece of text that is written soon."""
        self._gathered.append(text)
        if not self._some.is_set():
            self._some.set()

    def flush(self) -> None:
        """Write what was gathered; whoever reads has gone where it cannot be written."""
        with self._writing:
            self._some.clear()
            taken = [self._gathered.popleft() for _ in range(len(self._gathered))]
            try:
                self._stream.write("".join(taken))
                self._stream.flush()
            except (OSError, ValueError):
                return

    def _run(self) -> None:
        while True:
            self._some.wait()
            time.sleep(WAIT_SECONDS)
            self.flush()


class LineLogger:
    """What structlog hands its finished lines to.

    Args:
        lines: takes them.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def info(self, line: str) -> None:
        """Take a line that may wait."""
        self._lines.write(line + "\n")

    def error(self, line: str) -> None:
        """Take a line that may not."""
        self._lines.write(line + "\n")
        self._lines.flush()

    debug = info
    warning = critical = error


class LineHandler(logging.Handler):
    """What the libraries' own loggers are heard by.

    Args:
        lines: takes what they say.
    """

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._logger = LineLogger(lines)

    def emit(self, record: logging.LogRecord) -> None:
        """Take what was said, at once where it is a warning or worse."""
        say = self._logger.error if record.levelno >= logging.WARNING else self._logger.info
        try:
            say(self.format(record))
        except Exception:  # noqa: BLE001 - what logging asks of a handler
            self.handleError(record)


_encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode


def _line(told: dict[str, Any], **_: Any) -> str:
    return _encode(told)


def set_up_logs() -> None:
    """Write what happens as JSON lines on standard error, the libraries' own words included."""
    lines = Lines(sys.stderr)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    written: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(_line),
    ]
    structlog.configure(
        processors=[*shared, *written],
        logger_factory=lambda *_: LineLogger(lines),
        cache_logger_on_first_use=True,
    )
    handler = LineHandler(lines)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # the client of the witness says each request at INFO; a refusal is said by the sequencer
    logging.getLogger("httpx").setLevel(logging.WARNING)
