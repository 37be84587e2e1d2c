"""Where the service is put together, and in which order it starts and stops; no rule is here."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from fastapi import FastAPI
from starlette.middleware import Middleware

from crypto.notes import VerifierKey
from crypto.random import fresh
from project.rules import ProjectRules
from record.desk import Announce, Desk, Recorded
from record.rules import Rules
from record.sequencer import Pace, Sequencer
from record.sql import SqlStore
from registry.events import RECORD
from registry.rules import RegistryRules
from web import (
    account,
    applications,
    attachments,
    auth,
    blind_files,
    commands,
    csp_reports,
    demo,
    discussion,
    downloads,
    drafts,
    evaluation,
    exports,
    health,
    kept_templates,
    log,
    opened_files,
    opening_tables,
    orders,
    page_notes,
    pages,
    pages_admin,
    pages_bidder,
    pages_clerk,
    pages_custodian,
    pages_downloads,
    pages_errors,
    pages_expert,
    pages_guides,
    pages_hall,
    pages_inbox,
    pages_people,
    pages_public,
    passkey_routes,
    people,
    preflight,
    price_preview,
    projects,
    proven,
    receipt_pdf,
    rooms,
    scoring,
    uploads,
    verification,
)
from web.clock import Clock, SystemClock
from web.clockwork import Clockwork
from web.deps import project_state, registry_state
from web.files import Files
from web.frame import Frame
from web.heartbeat import Heartbeat
from web.holds import Holds
from web.inbox import Inbox
from web.inflated import Inflated
from web.keys import load_keys
from web.openapi import describe
from web.opened_packages import OpenedPackages, Slots
from web.outbox import Outbox
from web.passwords import Passwords
from web.rates import Rates
from web.rooms import open_rooms
from web.services import Services
from web.sessions import Sessions
from web.settings import Settings
from web.static_files import static_files
from web.subjects import Subjects
from web.witness import NOBODY, HttpWitness, NoWitness
from web.workers import Workers

_log = structlog.get_logger("web")

ROUTERS = (
    commands.router,
    auth.router,
    account.router,
    passkey_routes.router,
    people.router,
    applications.router,
    health.router,
    kept_templates.router,
    csp_reports.router,
    proven.router,
    projects.router,
    exports.router,
    uploads.router,
    downloads.router,
    evaluation.router,
    discussion.router,
    opened_files.router,
    blind_files.router,
    attachments.router,
    drafts.router,
    page_notes.router,
    scoring.router,
    price_preview.router,
    receipt_pdf.router,
    log.router,
    rooms.router,
    preflight.router,
    pages.router,
    pages_people.router,
    pages_admin.router,
    pages_bidder.router,
    pages_clerk.router,
    pages_custodian.router,
    pages_expert.router,
    demo.router,
    demo.pages,
    pages_inbox.router,
    pages_inbox.pages,
    orders.router,
    opening_tables.router,
    verification.router,
    pages_hall.router,
    pages_public.router,
    pages_downloads.router,
    pages_guides.router,
)


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Return the application of one installation; it opens its database when it is started.

    Args:
        settings: of the installation.
        clock: what it goes by; the machine's own unless a test brings another.
    """
    told = clock or SystemClock()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(settings, told) as services:
            app.state.services = services
            heartbeat = Heartbeat(settings.data_dir / "heartbeat.json", told)
            async with (
                open_rooms(services) as entrance,
                Clockwork(services, heartbeat).running() as clockwork,
                Inbox(services).running(),
                Outbox(services).running(),
            ):
                app.state.entrance, app.state.clockwork = entrance, clockwork
                yield

    app = FastAPI(
        title="Kaibiao 开标",
        version="1",
        lifespan=lifespan,
        middleware=[Middleware(Frame, is_https=settings.is_https, bug=pages_errors.bug)],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.settings = settings
    app.state.demo = demo.demo_of(settings, told)
    pages_errors.install(app)
    for router in ROUTERS:
        # their routes stand in the application's own list: an included router is searched twice
        app.router.routes += router.routes
    app.mount("/static", static_files())
    describe(app)
    return app


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Services]:
    """Start everything routes need, in order, and stop it in the other.

    Raises:
        StoreLocked: another process has the database.
        LogBehind: the database is older than the checkpoints kept outside it.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        workers = Workers()
        stack.push_async_callback(workers.close)
        keys = load_keys(settings.data_dir / "keys", settings.log_origin)
        store = await SqlStore.open(settings.database)
        stack.push_async_callback(store.close)
        desk = Desk(store, rules_for)
        stack.push_async_callback(desk.close)
        witness = _witness(settings, clock)
        stack.push_async_callback(witness.close)
        sequencer = await stack.enter_async_context(
            Sequencer(
                store,
                keys.log,
                settings.data_dir / "checkpoints",
                witness=witness,
                witness_key=_witness_key(settings),
                pace=Pace(witness=settings.witness_patience / 1000),
            )
        )
        limits = settings.limits
        files = await workers.run(Files, settings.data_dir, limits)
        inflated = Inflated(settings.data_dir / "reading", files, limits.inflated_bytes)
        packages = OpenedPackages(files, inflated, workers, clock)
        stack.push_async_callback(packages.close)
        services = Services(
            settings=settings,
            clock=clock,
            store=store,
            desk=desk,
            sequencer=sequencer,
            files=files,
            packages=packages,
            readings=Slots(limits.file_readings, limits.file_readings_an_account),
            holds=Holds(),
            subjects=Subjects(desk),
            keys=keys,
            sessions=Sessions(store, clock, limits),
            passwords=await workers.run_password(Passwords, workers, settings.password_cost),
            rates=Rates(clock, limits),
            workers=workers,
            first_token=fresh(32).hex(),
            witness=witness,
            known=set(await store.projects()) - {RECORD},
        )
        stack.callback(desk.subscribe(_listener(services)))
        await _recover_files(services)
        await _greet(services)
        yield services


def rules_for(project: str) -> Rules[object]:
    """Return the rules of a record, by its name."""
    return RegistryRules() if project == RECORD else ProjectRules()  # type: ignore[return-value]  # each desk lane pairs one state with its own rules


def _listener(services: Services) -> Announce:
    def listen(project: str, entries: tuple[Recorded, ...]) -> None:
        del entries
        if project != RECORD:
            services.known.add(project)
        services.sequencer.wake()

    return listen


async def _recover_files(services: Services) -> None:
    """Give admitted bids their files where a crash came between the record and the move.

    Such a file still lies among the uploads: no record is read but those it may belong to, or a
    start would take longer with every project there ever was.
    """
    uploads = await services.workers.run(lambda: list(services.files.uploads()))
    roots: list[bytes] = []
    for project in sorted({one.project for one in uploads} & services.known):
        state = await project_state(services, project)
        roots += [bid.root for bid in state.opening.bids.values()]
    await services.workers.run(services.files.recover, roots)


async def _greet(services: Services) -> None:
    """Say how the first administrator is made, as long as there is none."""
    if not (await registry_state(services)).is_empty:
        return
    address = f"{services.settings.origin_text}/first#{services.first_token}"
    print(f"The installation is empty. Make its first administrator here:\n{address}", flush=True)  # noqa: T201 - the operator at the terminal is told, and no log


def _witness(settings: Settings, clock: Clock) -> HttpWitness | NoWitness:
    if settings.witness_url is None:
        return NoWitness()
    patience = settings.witness_patience / 1000
    return HttpWitness(str(settings.witness_url), patience, clock)


def _witness_key(settings: Settings) -> VerifierKey:
    return VerifierKey.decode(settings.witness_vkey) if settings.witness_vkey else NOBODY
