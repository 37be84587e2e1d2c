"""Forgeries of the container, the log and single entries: V0, V1, V2."""

from collections.abc import Callable
from dataclasses import replace

from crypto import canonical
from crypto.checkpoints import add_cosignature, cosign, parse_checkpoint, sign_checkpoint
from crypto.notes import NoteSigner, parse_note
from opening.messages import Withdraw
from tests.forgeries.forging import flipped, forged, mangled, plain, says, signed_elsewhere, signs
from tests.opening.parties import ed25519
from tests.opening.world import PROJECT
from tests.verifier.logbook import Logbook, Parts, logbook, parts
from tests.verifier.told import LOG, WITNESS, Told

LogForgery = Callable[[Told], bytes]


def in_parts(change: Callable[[Parts], None]) -> LogForgery:
    return lambda world: mangled(world, change)


def in_rows(change: Callable[[Told, Logbook], None]) -> LogForgery:
    return lambda world: forged(world, change)


def _padding_is_not_zero(world: Told) -> bytes:
    data = bytearray(mangled(world, lambda _parts: None))
    data[-1] = 1
    return bytes(data)


def _a_count_is_wrong(made: Parts) -> None:
    made.about["entries"] += 1


def _the_service_key_has_another_id(made: Parts) -> None:
    made.about["service"]["keyid"] = flipped(made.about["service"]["keyid"])


def _a_document_is_another(made: Parts) -> None:
    made.documents = {name: data + b" " for name, data in made.documents.items()}


def _a_checkpoint_line_says_more(made: Parts) -> None:
    made.checkpoints[3]["more"] = 1


def _signed_by(log: NoteSigner, witness: NoteSigner) -> Callable[[Parts], None]:
    """Sign a checkpoint with other keys under the names and ids of the right ones."""

    def change(made: Parts) -> None:
        note = parse_note(made.checkpoints[4]["checkpoint"].encode())
        head = parse_checkpoint(note.text)
        seconds = int.from_bytes(note.signatures[1].signature[:8])
        signed = add_cosignature(sign_checkpoint(head, log), cosign(head, witness, seconds))
        lines = [
            replace(line, key_id=right.verifier.key_id)
            for line, right in zip(parse_note(signed).signatures, (LOG, WITNESS), strict=True)
        ]
        made.checkpoints[4]["checkpoint"] = replace(note, signatures=tuple(lines)).encode().decode()

    return change


def _the_witness_time_falls(_: Told, book: Logbook) -> None:
    place = book.find("opening.ceremony_joined")
    book.rows[place] = replace(book.rows[place], cosigned=book.rows[place].cosigned - 1000)


def _a_proof_of_growth_is_wrong(made: Parts) -> None:
    made.checkpoints[5]["proof"][0] = flipped(made.checkpoints[5]["proof"][0])


def _a_checkpoint_holds_nothing(_: Told, book: Logbook) -> None:
    book.idle = True


def _numbers_have_a_gap(made: Parts) -> None:
    made.entries[7]["seq"] = 9


def _an_entry_says_more(made: Parts) -> None:
    text = canonical.loads(made.entries[7]["entry"].encode())
    assert isinstance(text, dict)
    made.entries[7]["entry"] = canonical.dumps({**text, "more": 1}).decode()


def _an_entry_is_of_another_project(_: Told, book: Logbook) -> None:
    place = book.find("opening.signed_in")
    book.rows[place] = replace(book.rows[place], project="8" * 32)


def _an_inclusion_proof_is_wrong(made: Parts) -> None:
    made.entries[7]["proof"][0] = flipped(made.entries[7]["proof"][0])


def _a_salt_is_another(made: Parts) -> None:
    made.entries[7]["salt"] = flipped(made.entries[7]["salt"])


def _an_entry_is_left_out(_: Told, book: Logbook) -> None:
    book.dropped = book.find("opening.signed_in")


def _a_place_salt_is_another(made: Parts) -> None:
    made.entries[7]["place_salt"] = flipped(made.entries[7]["place_salt"])


def _time_falls(_: Told, book: Logbook) -> None:
    place = book.find("opening.participant_bound", 2)
    book.rows[place] = replace(book.rows[place], at=1)


def _a_trace_is_another(world: Told) -> bytes:
    book = logbook(world)
    book.traced = True
    made = parts(book)
    made.entries[7]["trace"] = made.entries[7]["trace"].replace("192", "193")
    return made.joined()


def _an_event_is_unknown(_: Told, book: Logbook) -> None:
    place = book.find("opening.signed_in")
    book.rows[place] = replace(book.rows[place], type="opening.signed_out")


def _an_event_says_more(_: Told, book: Logbook) -> None:
    says(book, "opening.signed_in", more=1)


def _a_message_says_more(world: Told, book: Logbook) -> None:
    signs(book, "opening.bid_withdrawn", world.bidder[1], more=1)


def _a_command_goes_on_later(_: Told, book: Logbook) -> None:
    first, later = book.find("opening.participant_bound", 1), book.find("opening.terms_set")
    book.rows[later] = replace(book.rows[later], command=book.rows[first].command)


def _a_signature_is_anothers(world: Told, book: Logbook) -> None:
    place = book.find("opening.bid_withdrawn")
    row = book.rows[place]
    right = world.bidder[1].sign(Withdraw(v=1, project=PROJECT, bid=_withdrawn(world)))
    wrong = signed_elsewhere(right, world.bidder[2].key)
    book.rows[place] = replace(row, body={"envelope": plain(wrong)})


def _withdrawn(world: Told) -> str:
    return next(bid.bid for bid in world.state.bids.values() if bid.status == "withdrawn")


def _another_key(signer: NoteSigner) -> NoteSigner:
    return replace(signer, private=ed25519("stranger"))


FORGERIES: dict[str, tuple[str, LogForgery]] = {
    "padding": ("V0.1", _padding_is_not_zero),
    "count": ("V0.2", in_parts(_a_count_is_wrong)),
    "service key": ("V0.3", in_parts(_the_service_key_has_another_id)),
    "document": ("V0.4", in_parts(_a_document_is_another)),
    "checkpoint line": ("V1.1", in_parts(_a_checkpoint_line_says_more)),
    "log signature": ("V1.2", in_parts(_signed_by(_another_key(LOG), WITNESS))),
    "cosignature": ("V1.3", in_parts(_signed_by(LOG, _another_key(WITNESS)))),
    "witness time": ("V1.4", in_rows(_the_witness_time_falls)),
    "growth": ("V1.5", in_parts(_a_proof_of_growth_is_wrong)),
    "idle checkpoint": ("V1.6", in_rows(_a_checkpoint_holds_nothing)),
    "number": ("V2.1", in_parts(_numbers_have_a_gap)),
    "entry": ("V2.2", in_parts(_an_entry_says_more)),
    "project": ("V2.3", in_rows(_an_entry_is_of_another_project)),
    "inclusion": ("V2.4", in_parts(_an_inclusion_proof_is_wrong)),
    "salt": ("V2.4", in_parts(_a_salt_is_another)),
    "left out": ("V2.5", in_rows(_an_entry_is_left_out)),
    "place": ("V2.5", in_parts(_a_place_salt_is_another)),
    "time": ("V2.6", in_rows(_time_falls)),
    "trace": ("V2.7", _a_trace_is_another),
    "unknown event": ("V2.8", in_rows(_an_event_is_unknown)),
    "event": ("V2.8", in_rows(_an_event_says_more)),
    "message": ("V2.9", in_rows(_a_message_says_more)),
    "command": ("V2.10", in_rows(_a_command_goes_on_later)),
    "signature": ("V2.11", in_rows(_a_signature_is_anothers)),
}  # fmt: skip
"""What is forged: the one check that must find it, and how it is done on a plain record."""
