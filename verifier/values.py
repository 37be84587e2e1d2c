"""The shapes of single values that messages and events are made of; it must not name a field."""

from verifier.shapes import fields, hexed, integer, listed, matching, one_of, text

HEX16 = hexed(16)
HEX32 = hexed(32)
BYTES = matching("([0-9a-f]{2})*", 1 << 20)
LINE = text(500)
PROSE = text(20_000)
MILLIS = AMOUNT = SIZE = integer()
COUNT = integer(-(1 << 53) + 1)
SECTION = matching("[a-z0-9][a-z0-9-]{0,31}")
ENVELOPE = one_of(1, 2)
POINT33 = matching("0[23][0-9a-f]{64}")
POINT65 = matching("04[0-9a-f]{128}")
SPKI = matching("([0-9a-f]{2}){40,600}")
VKEY = matching("[!-~]{1,300}")
INDEX = integer(0, 64)
CUSTODIAN = integer(1, 64)
MANY = integer(2, 64)
ACCOUNT = matching("[a-z0-9][a-z0-9_.-]{0,63}")
CURRENCY = matching("[A-Z]{3}")
SUITE = one_of("P256-SHA256-A256GCM")
NUMBER = matching(r"(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?")
"""A decimal of zero or more, as a rule, a mark or a drawn value has it."""
ONE = one_of(1)
ROLE = one_of("bidder", "clerk", "custodian", "timekeeper", "supervisor", "expert")
SIGNED = fields(
    {
        "payload": matching(".*", 16 << 20),
        "payloadType": matching(".*", 100),
        "signatures": listed(fields({"keyid": HEX32, "sig": matching(".*", 200)})),
    }
)
