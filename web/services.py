"""What a running service is made of, in one value; it makes nothing and knows no route."""

from dataclasses import dataclass, field

from record.desk import Desk
from record.sequencer import Sequencer
from record.store import Store
from web.clock import Clock
from web.csp_counts import Reports
from web.files import Files
from web.holds import Holds
from web.keys import ServiceKeys
from web.opened_packages import OpenedPackages, Slots
from web.passkeys import Challenges
from web.passwords import Passwords
from web.rates import Rates
from web.sessions import Sessions
from web.settings import Settings
from web.subjects import Subjects
from web.witness import HttpWitness, NoWitness
from web.workers import Workers


@dataclass(frozen=True, slots=True)
class Services:
    """Handed to every route as `request.app.state.services`; lives as long as the application.

    Args:
        first_token: makes the first administrator; printed once, kept nowhere else.
        known: ids of the projects that have a record, kept up to date by the desk's commits.
    """

    settings: Settings
    clock: Clock
    store: Store
    desk: Desk
    sequencer: Sequencer
    files: Files
    packages: OpenedPackages
    readings: Slots
    holds: Holds
    subjects: Subjects
    keys: ServiceKeys
    sessions: Sessions
    passwords: Passwords
    rates: Rates
    workers: Workers
    first_token: str
    witness: HttpWitness | NoWitness
    known: set[str] = field(default_factory=set)
    challenges: Challenges = field(default_factory=Challenges)
    reports: Reports = field(default_factory=Reports)
