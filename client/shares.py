"""Where the timekeeper keeps its share keys: twice, encrypted, re-read before anything is posted.

Losing one key loses every bid sealed to it; that is why there are two places, and why each write
is read back from both. Erasing covers both. It must not derive a key from anything: only what is
random can be erased.
"""

from pathlib import Path

import pyrage
from pyrage import x25519

from client import durable
from client.errors import Unusable
from crypto import canonical, random
from crypto import passphrase as passphrase_file
from crypto.points import InvalidScalar, decode_nonzero_scalar

_IDENTITY = "identity.age"
_FOLDER = "shares"


class ShareKeys:
    """The share keys x_t by ceremony, in two folders that should be on two media.

    Args:
        places: the folders, both.
        identity: the age identity that opens every share file.
    """

    def __init__(self, places: tuple[Path, Path], identity: x25519.Identity) -> None:
        self._places = places
        self._identity = identity

    @classmethod
    def open(cls, home: Path, second: Path, passphrase: str) -> "ShareKeys":
        """Open both places, or set them up where neither is there yet.

        Raises:
            Unusable: the passphrase does not open them, or one of them is missing or another's.
        """
        places = (home, second)
        paths = [place / _IDENTITY for place in places]
        if home.resolve() == second.resolve():
            raise Unusable("the second place is the same as the first", second)
        if not any(path.exists() for path in paths):
            made = x25519.Identity.generate()
            locked = passphrase_file.encrypt(str(made).encode(), passphrase)
            for path in paths:
                durable.write(path, locked)
        if not all(path.exists() for path in paths):
            raise Unusable("one of the two places is missing; mend it before going on")
        contents = [path.read_bytes() for path in paths]
        if contents[0] != contents[1]:
            raise Unusable("the two places belong to two timekeepers")
        try:
            text = passphrase_file.decrypt(contents[0], passphrase).decode()
            return cls(places, x25519.Identity.from_str(text))
        except (pyrage.IdentityError, ValueError) as error:
            raise Unusable("the passphrase does not open the share keys") from error

    def make(self, project: str, sid: str) -> int:
        """Return the share key of an attempt, made and durable in both places before it returns."""
        paths = self._paths(sid)
        if not any(path.exists() for path in paths):
            self._write(paths, project, sid, random.scalar())
        return self.read(project, sid)

    def read(self, project: str, sid: str) -> int:
        """Read a share key from both places and compare.

        Raises:
            Unusable: it is not in both, or they differ.
        """
        paths = self._paths(sid)
        if self._mark(sid).exists():
            raise Unusable("the share key of this ceremony was ordered to be erased", sid)
        found = [self._open(path, project, sid) for path in paths]
        known = [secret for secret in found if secret is not None]
        if not known:
            raise Unusable("there is no share key of this ceremony", sid)
        if len(set(known)) != 1:
            raise Unusable("the two copies of a share key differ", sid)
        if len(known) == 1:
            self._write(paths, project, sid, known[0])
            return self.read(project, sid)
        return known[0]

    def has(self, sid: str) -> bool:
        """Tell whether there is a share key of an attempt in either place."""
        return any(path.exists() for path in self._paths(sid))

    def erase(self, sid: str) -> None:
        """Erase every copy; what was sealed to its key can never be opened after this.

        The mark comes first: a crash between the two copies must not bring the first one back.
        """
        durable.write(self._mark(sid), b"")
        for path in self._paths(sid):
            durable.overwrite_and_remove(path)
            durable.overwrite_and_remove(path.with_name(path.name + ".new"))

    def known(self) -> tuple[str, ...]:
        """Return the attempts whose share key is kept."""
        return tuple(
            sorted({path.stem for place in self._places for path in place.glob(f"{_FOLDER}/*.age")})
        )

    def _mark(self, sid: str) -> Path:
        return self._places[0] / _FOLDER / f"{sid}.erased"

    def _paths(self, sid: str) -> tuple[Path, Path]:
        home, second = (place / _FOLDER / f"{sid}.age" for place in self._places)
        return home, second

    def _write(self, paths: tuple[Path, Path], project: str, sid: str, secret: int) -> None:
        content = canonical.dumps({"v": 1, "project": project, "sid": sid, "x": f"{secret:064x}"})
        sealed = bytes(pyrage.encrypt(content, [self._identity.to_public()]))
        for path in paths:
            durable.write(path, sealed)

    def _open(self, path: Path, project: str, sid: str) -> int | None:
        if not path.exists():
            return None
        try:
            opened = bytes(pyrage.decrypt(path.read_bytes(), [self._identity]))
            match canonical.loads(opened):
                case {"v": 1, "project": str(named), "sid": str(of), "x": str(text), **rest} if (
                    not rest and (named, of) == (project, sid)
                ):
                    return decode_nonzero_scalar(bytes.fromhex(text))
                case _:
                    raise Unusable("a share key of another ceremony", path)
        except (pyrage.DecryptError, InvalidScalar, ValueError) as error:
            raise Unusable("a share key does not open", path) from error
