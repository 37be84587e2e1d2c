"""A bot that stumbles says so in a sentence and goes on; nothing ends with it."""

from pathlib import Path

from client.demo.long_logs import LONGEST
from client.demo.steady import steadily


async def test_a_stumble_is_one_sentence_and_the_bot_goes_on(tmp_path: Path) -> None:
    told: list[str] = []
    attempts = iter((KeyError("stage"), ValueError("two\nlines"), None))

    async def doing() -> None:
        error = next(attempts)
        if error is not None:
            raise error

    log = tmp_path / "bots.log"
    await steadily("The hall", doing, told.append, log, pause=0)
    assert [sentence.count("\n") for sentence in told] == [0, 0]
    assert told[0].startswith("The hall: something unexpected (KeyError: 'stage')")
    assert "Traceback" not in "".join(told)
    assert log.read_text().count("Traceback") == 2


async def test_what_is_kept_of_stumbles_does_not_fill_the_disk(tmp_path: Path) -> None:
    log = tmp_path / "bots.log"
    with log.open("wb") as file:
        file.truncate(LONGEST + 1)
    attempts = iter((KeyError("stage"), None))

    async def doing() -> None:
        error = next(attempts)
        if error is not None:
            raise error

    await steadily("The hall", doing, lambda _: None, log, pause=0)
    assert log.read_text().startswith("Traceback")
    assert (tmp_path / "bots.old.log").stat().st_size == LONGEST + 1
