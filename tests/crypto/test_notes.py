import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from crypto.notes import (
    COSIGNATURE_V1,
    ED25519,
    Note,
    NoteInvalid,
    NoteSigner,
    VerifierKey,
    decode_decimal,
    parse_note,
    parse_signature_lines,
)

# The example of the signed-note specification.
FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOO_NOTE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
    "RKuwHjG1Yu72IneyaQM=\n"
).encode()
POEM = (
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFS"
    "QU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
).encode()

SIGNER = NoteSigner("log.example/开标", ED25519, Ed25519PrivateKey.from_private_bytes(bytes(32)))


def test_the_published_example_verifies() -> None:
    key = VerifierKey.decode(FOO)
    note = parse_note(FOO_NOTE)
    assert note.text == b"This is an example message.\n"
    key.verify(note.the_line_of(key).signature, note.text)
    assert key.encode() == FOO
    assert key.key_id.hex() == "530d903a"


def test_the_text_may_hold_blank_lines() -> None:
    note = parse_note(POEM)
    assert note.text.decode().endswith("\n\ned è subito sera.\n")
    assert note.encode() == POEM


def test_a_note_signed_here_verifies_here() -> None:
    text = b"one\n\ntwo\n"
    note = parse_note(Note(text, (SIGNER.line(text),)).encode())
    key = VerifierKey.decode(SIGNER.verifier.encode())
    key.verify(note.the_line_of(key).signature, note.text)


def check_foo(data: bytes) -> None:
    note, key = parse_note(data), VerifierKey.decode(FOO)
    key.verify(note.the_line_of(key).signature, note.text)


@given(st.integers(0, len(FOO_NOTE) - 1), st.integers(1, 255))
def test_a_changed_byte_never_verifies(at: int, change: int) -> None:
    broken = FOO_NOTE[:at] + bytes([FOO_NOTE[at] ^ change]) + FOO_NOTE[at + 1 :]
    with pytest.raises(NoteInvalid):
        check_foo(broken)


@given(st.binary(max_size=200))
def test_what_parses_is_written_again_byte_for_byte(data: bytes) -> None:
    for candidate in (data, POEM[:-90] + data, b"a\n\n" + data):
        try:
            note = parse_note(candidate)
        except NoteInvalid:
            continue
        assert note.encode() == candidate


LINE = FOO_NOTE.split(b"\n\n")[1]

MALFORMED = {
    "no signature": b"text\n",
    "no line": b"text\n\n",
    "no newline at the end": FOO_NOTE[:-1],
    "text without newline": b"text\n" + LINE,
    "hyphen for dash": FOO_NOTE.replace("—".encode(), b"-"),
    "two spaces": FOO_NOTE.replace(b"foo ", b"foo  "),
    "carriage return": FOO_NOTE.replace(b"message.\n", b"message.\r\n"),
    "tab": b"a\tb\n\n" + LINE,
    "not UTF-8": b"\xff\n\n" + LINE,
    "plus in the name": FOO_NOTE.replace(b"com/foo", b"com+foo"),
    "space in the name": "a\n\n— a\u3000b AAAAAAA=\n".encode(),
    "no name": "a\n\n—  AAAAAAA=\n".encode(),
    "base64 without padding": FOO_NOTE.replace(b"=\n", b"\n"),
    "base64 with spare bits": FOO_NOTE.replace(b"QM=\n", b"QN=\n"),
    "base64 with a space": FOO_NOTE.replace(b"yaQM=", b"ya M="),
    "only a key id": "a\n\n— name AAAAAA==\n".encode(),
    "too long": b"a" * 70_000 + b"\n\n" + LINE,
    "too many lines": b"a\n\n" + LINE * 65,
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_note_is_refused(data: bytes) -> None:
    with pytest.raises(NoteInvalid):
        parse_note(data)


def test_sixteen_signatures_are_taken() -> None:
    lines = [
        NoteSigner(
            f"n{number}", ED25519, Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))
        ).line(b"a\n")
        for number in range(16)
    ]
    note = Note(b"a\n", ()).with_lines(*lines)
    assert parse_note(note.encode()) == note


def test_lines_of_other_keys_are_passed_over() -> None:
    other = SIGNER.line(b"This is an example message.\n")
    note = parse_note(FOO_NOTE).with_lines(other)
    key = VerifierKey.decode(FOO)
    key.verify(note.the_line_of(key).signature, note.text)


def test_a_key_that_signed_twice_or_not_at_all_is_refused() -> None:
    key = VerifierKey.decode(FOO)
    with pytest.raises(NoteInvalid, match="twice"):
        parse_note(FOO_NOTE + LINE).by(key)
    with pytest.raises(NoteInvalid, match="missing"):
        parse_note(FOO_NOTE).the_line_of(SIGNER.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        FOO.replace("530d903a", "530D903A"),
        FOO.replace("530d903a", "530d903b"),
        FOO.replace("com/foo", "com/bar"),
        FOO + "=",
        FOO[:-4],
        FOO.replace("+Aeky", "+Beky"),
        "a b+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "name+00000000+",
    ],
)
def test_a_malformed_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NoteInvalid):
        VerifierKey.decode(text)


def test_the_kind_of_a_key_is_part_of_its_id() -> None:
    same = VerifierKey(SIGNER.name, COSIGNATURE_V1, SIGNER.verifier.public)
    assert same.key_id != SIGNER.verifier.key_id
    with pytest.raises(NoteInvalid, match="kind"):
        VerifierKey(SIGNER.name, 0x02, SIGNER.verifier.public)


def test_signature_lines_stand_alone() -> None:
    assert parse_signature_lines(LINE) == parse_note(FOO_NOTE).signatures
    for wrong in (b"", LINE[:-1], b"\n" + LINE, LINE + b"\n"):
        with pytest.raises(NoteInvalid):
            parse_signature_lines(wrong)


@given(st.integers(0, (1 << 63) - 1))
def test_numbers_are_read_back(number: int) -> None:
    assert decode_decimal(str(number)) == number


@pytest.mark.parametrize("text", ["", "01", "-1", "+1", " 1", "1_0", "٣", "1.0", str(1 << 63)])
def test_numbers_in_another_spelling_are_refused(text: str) -> None:
    with pytest.raises(NoteInvalid):
        decode_decimal(text)
