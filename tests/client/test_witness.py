"""The timekeeper as witness: over HTTP, with durable state."""

import asyncio
from pathlib import Path

import httpx
import pytest

from client import timekeeper_http
from client.rehearsal.processes import free_ports
from client.witness import Witness
from crypto import merkle, signatures
from crypto.checkpoints import Checkpoint, parse_checkpoint, sign_checkpoint
from crypto.notes import COSIGNATURE_V1, ED25519, NoteSigner
from crypto.witness import AddCheckpoint, parse_cosignatures

LOG = NoteSigner("log.example/test", ED25519, signatures.ed25519_private_key(bytes(32)))
SIGNER = NoteSigner("time.example", COSIGNATURE_V1, signatures.ed25519_private_key(bytes([1]) * 32))
LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(9)]


def head(size: int) -> Checkpoint:
    return Checkpoint(LOG.name, size, merkle.root(LEAVES[:size]))


def request(old: int, new: int, checkpoint: Checkpoint | None = None) -> bytes:
    nodes: dict[merkle.Node, bytes] = {}
    nodes.update(merkle.append(nodes, 0, LEAVES[:new]))
    proof = merkle.consistency_proof(nodes, old, new) if old else ()
    return AddCheckpoint(old, proof, sign_checkpoint(checkpoint or head(new), LOG)).encode()


def witness(folder: Path) -> Witness:
    return Witness(folder / "cosigned", LOG.verifier, SIGNER)


async def test_a_tree_head_is_cosigned_with_the_witness_own_time(tmp_path: Path) -> None:
    answer = await witness(tmp_path).add_checkpoint(request(0, 3))
    assert answer.status == 200
    _, seconds = parse_cosignatures(answer.body, head(3), SIGNER.verifier)
    assert seconds > 1_700_000_000


async def test_what_was_cosigned_last_survives_a_crash(tmp_path: Path) -> None:
    await witness(tmp_path).add_checkpoint(request(0, 3))
    again = witness(tmp_path)
    assert again.last == head(3)
    refused = await again.add_checkpoint(request(0, 5))
    assert (refused.status, refused.body) == (409, b"3\n")
    assert (await again.add_checkpoint(request(3, 5))).status == 200


async def test_a_second_history_is_never_cosigned(tmp_path: Path) -> None:
    watching = witness(tmp_path)
    await watching.add_checkpoint(request(0, 3))
    forked = Checkpoint(LOG.name, 5, bytes(32))
    assert (await watching.add_checkpoint(request(3, 5, forked))).status == 422
    assert parse_checkpoint((tmp_path / "cosigned").read_bytes()) == head(3)


async def test_nothing_is_cosigned_whose_size_cannot_be_kept(tmp_path: Path) -> None:
    watching = witness(tmp_path)
    (tmp_path / "cosigned").mkdir()  # the file cannot be written now
    with pytest.raises(OSError, match="cosigned"):
        await watching.add_checkpoint(request(0, 3))
    assert watching.last is None


async def test_another_address_method_or_size_is_refused_over_http(tmp_path: Path) -> None:
    port = free_ports().witness
    async with (
        timekeeper_http.serving(witness(tmp_path), "127.0.0.1", port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as asking,
    ):
        answers = [
            await asking.post("/add-checkpoint", content=request(0, 3)),
            await asking.get("/add-checkpoint"),
            await asking.post("/", content=b""),
            await asking.post("/add-checkpoint", content=bytes(300_000)),
            await asking.post("/add-checkpoint", content=b"old x\n\n"),
        ]
    assert [answer.status_code for answer in answers] == [200, 405, 404, 413, 400]


async def test_requests_at_once_are_judged_one_after_the_other(tmp_path: Path) -> None:
    watching = witness(tmp_path)
    bodies = [request(0, size) for size in (2, 3, 4, 5)]
    answers = await asyncio.gather(*(watching.add_checkpoint(body) for body in bodies))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
