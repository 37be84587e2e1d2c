"""One sequencer a PostgreSQL database: the second is refused, who follows a dead one is not."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from record import engines
from record.store import StoreLocked
from tests.record.postgres_server import PostgresServer

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.new_database()


@pytest.fixture
def engine_of(address: str) -> Iterator[Callable[[], Engine]]:
    """Make an engine as another process would have it."""
    made: list[Engine] = []

    def make() -> Engine:
        made.append(engines.make(make_url(address)))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


def test_what_an_error_says_holds_no_value(engine_of: Callable[[], Engine]) -> None:
    with engine_of().connect() as connection, pytest.raises(ProgrammingError) as error:
        connection.execute(text("SELECT * FROM nothing WHERE token = :token"), {"token": "s3cret"})
    assert "nothing" in str(error.value)
    assert "s3cret" not in str(error.value)


def test_a_second_process_may_not_sequence(engine_of: Callable[[], Engine]) -> None:
    let_go = engines.hold_sequencing(engine_of())
    with pytest.raises(StoreLocked, match="another process"):
        engines.hold_sequencing(engine_of())
    let_go()
    engines.hold_sequencing(engine_of())()


def test_the_end_of_the_process_before_is_waited_for(
    engine_of: Callable[[], Engine], address: str
) -> None:
    let_go = engines.hold_sequencing(engine_of())
    with ThreadPoolExecutor(1) as pool, psycopg.connect(address, autocommit=True) as looking:
        follows = pool.submit(engines.hold_sequencing, engine_of())
        while looking.execute(WAITING).fetchone() == (0,):
            assert not follows.done()
        let_go()
        follows.result(10)()
