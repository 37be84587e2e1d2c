"""What a device is asked to prove that it holds a passkey, and how its answer is checked.

A challenge is kept here, counts once and for five minutes, and only as long as the process lives;
whoever answers a challenge that is gone begins again. An answer that is not whole, not of this
site, or without its user verified is refused with one code, whatever is wrong with it.

Source: Web Authentication, W3C, level 3, sections 7.1 and 7.2.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from crypto.random import fresh
from record.errors import NotValid
from web.settings import Settings

AGE = 5 * 60_000
"""How long a challenge can be answered, ms."""
MOST = 10_000
"""How many challenges are kept; the oldest are forgotten first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge that waits for its answer.

    Args:
        account: who is registering a passkey; empty where somebody signs in.
        until: when it is void, ms UTC.
        handle: what the device is to know the account by.
        name: how the person calls the device.
    """

    account: str
    until: int
    handle: bytes = b""
    name: str = ""


@dataclass(slots=True)
class Challenges:
    """The challenges of one process; a restart voids them, and people try again."""

    _asked: OrderedDict[bytes, Asked] = field(default_factory=OrderedDict)

    def keep(self, challenge: bytes, asked: Asked) -> None:
        """Keep a challenge until it is answered or void."""
        self._asked[challenge] = asked
        if len(self._asked) > MOST:
            self._asked.popitem(last=False)

    def take(self, challenge: bytes, now: int) -> Asked | None:
        """Return what a challenge was asked for, once, unless it is void."""
        asked = self._asked.pop(challenge, None)
        return asked if asked is not None and now < asked.until else None


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey a device has made.

    Args:
        passkey: SHA-256 of the credential's id, as hex.
        public_key: a COSE key.
    """

    passkey: str
    credential: bytes
    public_key: bytes
    counter: int


def name_of(credential: bytes) -> str:
    """Return what a credential is called in records and lists."""
    return hashlib.sha256(credential).hexdigest()


def to_register(
    settings: Settings, asked: Asked, person: str, known: list[bytes], challenge: bytes
) -> dict[str, Any]:
    """Return what a device is asked in order to make a passkey.

    Args:
        settings: whose site it is for.
        asked: for whom.
        person: the account's name, as the device shows it.
        known: the credentials the account has; none of their devices makes a second.
        challenge: fresh, 32 bytes.
    """
    made = generate_registration_options(
        rp_id=relying_party(settings),
        rp_name=settings.installation_name,
        user_id=asked.handle,
        user_name=asked.account,
        user_display_name=person,
        challenge=challenge,
        timeout=AGE,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return dict(json.loads(options_to_json(made)))


def to_sign_in(settings: Settings, challenge: bytes) -> dict[str, Any]:
    """Return what a device is asked in order to sign in with any passkey it has for this site."""
    made = generate_authentication_options(
        rp_id=relying_party(settings),
        challenge=challenge,
        timeout=AGE,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(json.loads(options_to_json(made)))


def check_made(settings: Settings, answer: Mapping[str, Any], challenge: bytes) -> Made:
    """Check the passkey a device made.

    Raises:
        NotValid: `registry.passkey_not_proved`.
    """
    try:
        made = verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=relying_party(settings),
            expected_origin=settings.origin_text,
            require_user_verification=True,
        )
    except Exception as error:  # a stranger's bytes: whatever the parser stumbles over
        raise NotValid("registry.passkey_not_proved") from error
    key, counter = made.credential_public_key, made.sign_count
    return Made(name_of(made.credential_id), made.credential_id, key, counter)


def check_signed(
    settings: Settings, answer: Mapping[str, Any], challenge: bytes, key: bytes, counter: int
) -> int:
    """Check a device's signature and return its counter, which must have grown if it counts.

    Raises:
        NotValid: `registry.passkey_not_proved`.
    """
    try:
        signed = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=relying_party(settings),
            expected_origin=settings.origin_text,
            credential_public_key=key,
            credential_current_sign_count=counter,
            require_user_verification=True,
        )
    except Exception as error:  # a stranger's bytes: whatever the parser stumbles over
        raise NotValid("registry.passkey_not_proved") from error
    return signed.new_sign_count


def challenge_in(answer: Mapping[str, Any]) -> bytes:
    """Return the challenge that an answer says it answers; `registry.passkey_not_proved`."""
    try:
        said = base64url_to_bytes(answer["response"]["clientDataJSON"])
        return parse_client_data_json(said).challenge
    except Exception as error:  # a stranger's bytes: whatever the parser stumbles over
        raise NotValid("registry.passkey_not_proved") from error


def credential_in(answer: Mapping[str, Any]) -> bytes:
    """Return the id of the credential that an answer names; `registry.passkey_not_proved`."""
    try:
        return base64url_to_bytes(answer["id"])
    except Exception as error:  # a stranger's bytes: whatever the parser stumbles over
        raise NotValid("registry.passkey_not_proved") from error


def fresh_challenge() -> bytes:
    """Return a new challenge."""
    return fresh(32)


def relying_party(settings: Settings) -> str:
    """Return the name passkeys are bound to: the origin's host."""
    return settings.origin.host or ""
