"""What a timekeeper has on its disk, and the process that serves and follows; it decides nothing.

Home holds the profile, the two signing keys under the passphrase, the last tree head cosigned,
and one copy of the share keys; the second place holds the other copy.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from client import administrator, keys
from client.errors import ClientError, Declined, NotTrusted, Unusable
from client.profile import Profile
from client.seat import Seat
from client.shares import ShareKeys
from client.timekeeper import Done, Timekeeper
from client.timekeeper_http import serving
from client.witness import Witness
from crypto import random, signatures
from crypto.notes import COSIGNATURE_V1, NoteSigner, VerifierKey
from crypto.signatures import PrivateKey

_WITNESS = "witness.key"
_SIGNING = "signing.key"
_LAST = "cosigned"
UNKNOWN = 401
PACE = 1.0
"""Seconds between two looks at the projects."""
LONGEST_PAUSE = 20.0
"""Seconds between two looks while the service does not let this timekeeper in."""


@dataclass(frozen=True, slots=True)
class Home:
    """An opened home.

    Args:
        signer: cosigns, and does nothing else.
        key: signs messages.
    """

    folder: Path
    signer: NoteSigner
    key: PrivateKey
    shares: ShareKeys

    @property
    def witness_vkey(self) -> str:
        """What the service is told to check cosignatures with."""
        return self.signer.verifier.encode()


def open_home(folder: Path, second: Path, passphrase: str, name: str = "") -> Home:
    """Open a home, or make it where there is none and a name for the witness is given.

    Raises:
        Unusable: there is none, or the passphrase does not open it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    profile = Profile.load(folder)
    if not (folder / _WITNESS).exists():
        if not name:
            raise Unusable("there is no timekeeper here; make one first", folder)
        profile.more["witness_name"] = name
        profile.save()
        keys.save(folder / _SIGNING, keys.make(), passphrase)
        seed = signatures.ed25519_private_key(random.fresh(32))
        keys.save(folder / _WITNESS, seed, passphrase)
    witness = keys.load(folder / _WITNESS, passphrase)
    if not isinstance(witness, Ed25519PrivateKey):
        raise Unusable("the witness key is of another kind", folder)
    signer = NoteSigner(str(profile.more["witness_name"]), COSIGNATURE_V1, witness)
    signing = keys.load(folder / _SIGNING, passphrase)
    return Home(folder, signer, signing, ShareKeys.open(folder, second, passphrase))


async def enrol(home: Home, profile: Profile, invitation: str, password: str) -> str:
    """Accept the timekeeper's invitation, register its signing key, and return the account.

    Args:
        home: opened.
        profile: of the service; it keeps the account and the session.
        invitation: its link, or the token behind the # of it.
        password: chosen for the account.

    Raises:
        NotTrusted: the service expects cosignatures of another key than this home's.
    """
    token = invitation.strip().rpartition("#")[2]
    async with Seat(profile, patience=60) as seat:
        pinned = (await seat.watch.pin()).timekeeper
        if pinned and pinned != home.witness_vkey:
            raise NotTrusted("the service expects cosignatures of another key", pinned)
        account = await administrator.invited(seat, token)
        await administrator.accept_invitation(seat, account, token, password)
        known = {str(key["keyid"]) for key in (await seat.me())["keys"]}
        if keys.keyid(home.key) not in known:
            await administrator.register_key(seat, home.key)
    profile.save()
    return account


async def run(
    home: Home,
    profile: Profile,
    host: str,
    port: int,
    tell: Callable[[Done], None],
    *,
    password: str = "",
    pace: float = PACE,
) -> None:
    """Serve the log and follow the projects until cancelled.

    Args:
        home: opened.
        profile: of the service, with server and account.
        host: to listen on.
        port: to listen on.
        tell: told everything that was done or could not be done.
        password: signs in again when the session is over.
        pace: seconds between two looks.
    """
    async with Seat(profile, patience=600) as seat:
        trust = await _pinned(seat)
        if trust != home.witness_vkey:
            raise NotTrusted("the service expects cosignatures of another key", trust)
        log = VerifierKey.decode(seat.watch.trust.log)
        witness = Witness(home.folder / _LAST, log, home.signer)
        async with serving(witness, host, port):
            await _follow(seat, home, tell, password, pace)


async def _pinned(seat: Seat) -> str:
    return (await seat.watch.pin()).timekeeper


async def _follow(
    seat: Seat, home: Home, tell: Callable[[Done], None], password: str, pace: float
) -> None:
    timekeeper = Timekeeper(seat, home.key, home.shares, home.witness_vkey)
    told: set[Done] = set()
    pause = pace
    while True:
        try:
            done, pause = await _look(timekeeper, password), pace
        except ClientError as error:
            # an account that is not enrolled yet must not use up the sign-ins of this address
            done, pause = [Done("", "follow", "", str(error))], min(2 * pause, LONGEST_PAUSE)
        for one in done:
            if one not in told:
                tell(one)
        told = {one for one in done if one.problem}
        await asyncio.sleep(pause)


async def _look(timekeeper: Timekeeper, password: str) -> list[Done]:
    """Do what all projects ask now; sign in first where the session is over."""
    try:
        projects = await timekeeper.projects()
    except Declined as declined:
        if declined.status != UNKNOWN or not password:
            raise
        await timekeeper.seat.sign_in(timekeeper.seat.account, password)
        projects = await timekeeper.projects()
    return [one for project in projects for one in await timekeeper.step(project)]
