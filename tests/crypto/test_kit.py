import pytest

from crypto import kit
from crypto.dkg import DealerSecrets
from crypto.passphrase import WORK, Locked
from crypto.sealing import sid

SID = sid(b"{}")
ORIGIN = kit.Origin("log.example/kaibiao", "tk+0000+AA", "log.example/kaibiao\n3\nAAAA\n")
KIT = kit.Kit(bytes(range(32)), b"a PKCS #8 key", (ORIGIN, ORIGIN))


@pytest.fixture(scope="module")
def locked() -> bytes:
    return kit.lock(KIT, "correct horse")


def test_the_derived_static_secret_is_the_known_one() -> None:
    known = "80ed23431dafc61bee75e6870fc6d71470b1307bbf39b194e653229de126bc0c"
    assert f"{kit.derive(bytes(32), kit.STATIC, SID):064x}" == known


def test_every_purpose_ceremony_and_master_gives_another_scalar() -> None:
    scalars = {
        kit.derive(bytes(32), kit.STATIC, SID),
        kit.derive(bytes(32), kit.EPHEMERAL, SID),
        kit.coefficient(bytes(32), 0, SID),
        kit.coefficient(bytes(32), 1, SID),
        kit.derive(bytes(32), kit.STATIC, bytes(32)),
        kit.derive(b"\1" * 32, kit.STATIC, SID),
    }
    assert len(scalars) == 6
    assert kit.coefficient(bytes(32), 1, SID) == kit.derive(bytes(32), "coef/1", SID)


def test_a_master_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        kit.derive(bytes(31), kit.STATIC, SID)


def test_a_locked_kit_opens_with_its_passphrase_alone(locked: bytes) -> None:
    assert kit.unlock(locked, "correct horse") == KIT
    assert KIT.master not in locked
    assert locked.startswith(b"age-encryption.org/v1\n-> scrypt ")
    for data, passphrase in ((locked, "wrong"), (locked[:40], "x"), (b"no", "x")):
        with pytest.raises(Locked):
            kit.unlock(data, passphrase)


def test_an_encoded_kit_decodes_to_itself() -> None:
    assert kit.decode(kit.encode(KIT)) == KIT
    bare = kit.Kit(bytes(32), b"", ())
    assert kit.decode(kit.encode(bare)) == bare


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":true'),
        (b'"v":1', b'"v":1,"w":1'),
        (b'"master":"00', b'"master":"'),
        (b'"master":"00', b'"master":"0O'),
        (b'"identity":"61', b'"identity":"6'),
        (b'"identity":"61', b'"identity":"\xe4'),
        (b'"identity":"6120', b'"identity":"61 20'),
        (b'"checkpoint":', b'"note":'),
        (b'"log":"log.example/kaibiao"', b'"log":1'),
        (b'"origins":[', b'"origins":["x",'),
        (b"{", b"["),
        (b'"identity"', b'"identities"'),
    ],
)
def test_a_kit_out_of_form_is_refused(old: bytes, new: bytes) -> None:
    good = kit.encode(KIT)
    bad = good.replace(old, new, 1)
    assert bad != good
    with pytest.raises(kit.KitInvalid):
        kit.decode(bad)


def test_no_secret_shows_when_a_kit_or_a_dealers_secrets_are_printed() -> None:
    shown = repr(KIT) + repr(DealerSecrets(123456789, 987654321, (192837465, 564738291)))
    assert "log.example" in shown
    for secret in ("\\x01\\x02", "PKCS", "123456789", "987654321", "192837465", "564738291"):
        assert secret not in shown


def test_a_kit_is_made_with_enough_work_and_not_with_too_much() -> None:
    made = kit.lock(KIT, "a passphrase")
    factor = int(made.split(b"\n")[1].split(b" ")[3])
    assert factor in WORK
