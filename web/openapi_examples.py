"""Examples an integrator can start from; each is what the service's own readers accept.

Keys, hashes and signatures in them are made up: nothing here is signed by anybody.
"""

from base64 import b64encode
from typing import Any

from crypto.canonical import dumps
from opening.messages import Bid, BidParams, Message, Withdraw
from registry.events import KeyRegistration

PROJECT = "5f0c7a4e9b3d41c2a6e8d0f1b2c3a495"
SECTION = "road-1"
BID = "0b1d4c6e8fa2437590d1e2f3a4b5c6d7"
ORGANISATION = "c0ffee00c0ffee00c0ffee00c0ffee00"
UPLOAD = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
DOCUMENT = "d0c0d0c0d0c0d0c0d0c0d0c0d0c0d0c0"
HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
MOMENT = 1_800_000_000_000
HOUR = 3_600_000
SIGNATURE = b64encode(bytes(64)).decode()


def _signed(payload_type: str, payload: bytes) -> dict[str, Any]:
    return {
        "payload": b64encode(payload).decode(),
        "payloadType": payload_type,
        "signatures": [{"keyid": HASH, "sig": SIGNATURE}],
    }


def signed(message: Message) -> dict[str, Any]:
    """Return a message as if it were signed."""
    return _signed(message.payload_type(), message.payload())


_PARAMS = BidParams(
    v=1,
    suite="P256-SHA256-A256GCM",
    project=PROJECT,
    section=SECTION,
    envelope=1,
    key=HASH,
    key_id=HASH,
    bidder=ORGANISATION,
    bid=BID,
    revision=1,
    media_type="application/zip",
    created=MOMENT,
)
_BID = Bid(
    v=1,
    params=_PARAMS.payload().decode(),
    enc="04" + "1f" * 64,
    ct="2e" * 48,
    size=20_971_520,
    root=HASH,
    pok="02" + "3d" * 64,
)
_KEY = KeyRegistration(v=1, account="alpha.wang", key="30" * 44)
_KEY_PAYLOAD = dumps(_KEY.model_dump(mode="json"))

PROJECT_COMMANDS: dict[str, dict[str, Any]] = {
    "begin a project": {
        "type": "project.create_project",
        "number": "GC-2027-0042",
        "title": "滨江路改造工程",
        "tenderer": "市政工程处",
        "currency": "CNY",
    },
    "correct what the notice will begin with": {
        "type": "project.correct_project",
        "number": "GC-2027-0024",
        "title": "滨江路改造工程",
        "tenderer": "市政工程处",
    },
    "set the terms of a section": {
        "type": "project.define_section",
        "section": SECTION,
        "title": "第一标段",
        "envelopes": 1,
        "limit": 1_200_000_000,
        "max_size": 209_715_200,
        "question_deadline": MOMENT + 240 * HOUR,
        "deadline": MOMENT + 500 * HOUR,
        "windows": {
            "sign_in": HOUR,
            "secrets": HOUR // 2,
            "draw": HOUR // 4,
            "confirm": HOUR // 4,
            "objections": HOUR // 4,
        },
        "form": [{"field": "quality", "title": "质量目标", "kind": "text", "required": True}],
        "n": 5,
        "k": 3,
    },
    "add a tender document": {
        "type": "project.add_document",
        "title": "招标文件",
        "name": "招标文件.pdf",
        "size": 1_048_576,
        "sha256": HASH,
    },
    "bind a custodian": {
        "type": "project.bind_participant",
        "account": "custodian.li",
        "role": "custodian",
    },
    "take part": {"type": "project.take_part"},
    "ask before the deadline": {
        "type": "project.ask_question",
        "section": SECTION,
        "text": "第 12 页的沥青型号是否可以用同等材料？",
    },
    "submit an uploaded bid": {
        "type": "opening.admit_bid",
        "message": signed(_BID),
        "upload": UPLOAD,
    },
    "withdraw a bid": {
        "type": "opening.withdraw_bid",
        "message": signed(Withdraw(v=1, project=PROJECT, bid=BID)),
    },
    "sign in to the opening": {
        "type": "opening.sign_in",
        "section": SECTION,
        "envelope": 1,
        "role": "bidder",
    },
    "confirm one's own line": {"type": "opening.confirm_line", "bid": BID},
}

REGISTRY_COMMANDS: dict[str, dict[str, Any]] = {
    "enter an organisation": {
        "type": "registry.register_organisation",
        "name": "某某建设有限公司",
        "kind": "uscc",
        "code": "91350100M000100Y43",
    },
    "open an account": {
        "type": "registry.open_account",
        "account": "alpha.wang",
        "name": "王某",
        "organisation": ORGANISATION,
        "roles": ["bidder"],
    },
    "invite its holder": {
        "type": "registry.invite_account",
        "account": "alpha.wang",
        "token_hash": HASH,
    },
    "register a signing key": {
        "type": "registry.register_key",
        "message": _signed(KeyRegistration.payload_type(), _KEY_PAYLOAD),
    },
}

SIGN_IN = {"account": "alpha.wang", "password": "a long phrase of one's own"}
FIRST = {
    "token": "0" * 64,
    "organisation": "某市公共资源交易中心",
    "kind": "uscc",
    "code": "91350100M000100Y43",
    "account": "root",
    "name": "管理员",
    "password": "a long phrase of one's own",
}
INVITATION = {"token": "0" * 64, "password": "a long phrase of one's own"}
PASSWORD = {"old": "a long phrase of one's own", "new": "another long phrase"}
LOOK = {"token": "0" * 64}
INVITED = {
    "account": "alpha.wang",
    "name": "王某",
    "organisation_name": "某某建设有限公司",
    "until": MOMENT,
}
SESSIONS = {
    "items": [
        {
            "session": UPLOAD,
            "address": "203.0.113.7",
            "device": "Firefox 140, Windows",
            "since": MOMENT,
            "seen": MOMENT,
            "current": True,
        }
    ]
}
PASSKEYS = {"items": [{"passkey": HASH, "name": "办公室电脑", "since": MOMENT, "used": MOMENT}]}
PASSKEY = {"password": "a long phrase of one's own", "name": "办公室电脑"}
ASKED = {"challenge": "q83vEjRWeJA", "rpId": "bids.example", "userVerification": "required"}
CREDENTIAL = {
    "credential": {
        "id": "q83vEjRWeJA",
        "rawId": "q83vEjRWeJA",
        "type": "public-key",
        "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
    }
}
APPLICATION = {
    "organisation": "某某建设有限公司",
    "code": "91350100M000100Y43",
    "person": "王某",
    "account": "alpha.wang",
    "phone": "0571-00000000",
    "email": "wang@example.cn",
}
REFERENCE = {"reference": "7KQM2XRT9PWB"}
DECISION = {"decision": "declined", "reason": "统一社会信用代码与名称不符。"}
_STANDING = {"at": MOMENT, "status": "open", "reason": "", "decided": 0}
APPLIED = {**REFERENCE, **_STANDING}
APPLICATIONS = {
    "items": [
        {
            "application": "0" * 32,
            **_STANDING,
            **APPLICATION,
            "address": "203.0.113.7",
            "decider": "",
            "known": None,
            "known_name": None,
            "opened": False,
            "taken": False,
        }
    ]
}
CSP_REPORT = {
    "csp-report": {
        "document-uri": "https://bids.example/",
        "effective-directive": "script-src-elem",
        "blocked-uri": "inline",
    }
}
HEALTH = {
    "now": MOMENT,
    "version": "0.1.0",
    "state": "good",
    "parts": {"disk": {"state": "good", "free": 1 << 38, "total": 1 << 39, "reserve": 1 << 30}},
}
TICKET = {"project": PROJECT, "channels": ["hall", f"bidder/{ORGANISATION}"]}

_ADMITTED = {
    "type": "opening.bid_admitted",
    "envelope": signed(_BID),
    "at": MOMENT,
    "command": "submit-road-1-r1",
}
ACCEPTED = {"events": [_ADMITTED], "receipts": True}
OPENED = {
    "events": [
        {
            "type": "registry.account_opened",
            "account": "alpha.wang",
            "name": "王某",
            "organisation": ORGANISATION,
            "roles": ["bidder"],
            "at": MOMENT,
            "command": "open-alpha.wang",
        }
    ],
    "receipts": True,
}
PROBLEM = {
    "type": "urn:kaibiao:refusal:uploads.late",
    "title": "现在不行",
    "status": 409,
    "code": "uploads.late",
    "detail": "投标截止时间已过，依法拒收。截止时间为 1800000000000。",
    "deadline": MOMENT,
}
RECEIPT = {
    "v": 1,
    "entry": '{"actor":{"account":"alpha.wang"}, ...}',
    "proof": "c2sp.org/tlog-proof@v1\n...",
}
HEAD = {
    "project": PROJECT,
    "number": "GC-2027-0042",
    "title": "滨江路改造工程",
    "tenderer": "市政工程处",
    "agency": None,
    "currency": "CNY",
    "published": True,
    "roles": ["bidder"],
    "sections": [
        {
            "section": SECTION,
            "title": "第一标段",
            "deadline": MOMENT + 500 * HOUR,
            "phase": "open",
        }
    ],
}
PREFLIGHT = {
    "now": MOMENT,
    "timekeeper": {"is_set": True, "size": 812, "seen": 812, "at": MOMENT},
    "disk": {"free": 64 << 30, "reserve": 1 << 30},
    "keys": [
        {
            "section": "s1",
            "envelope": 1,
            "k": 2,
            "erased": False,
            "custodians": [{"name": "陈向东", "at": MOMENT}, {"name": "赵敏"}],
        }
    ],
}
VIEW = {
    **HEAD,
    "now": MOMENT,
    "documents": [
        {
            "document": DOCUMENT,
            "title": "招标文件",
            "name": "招标文件.pdf",
            "size": 1_048_576,
            "sha256": HASH,
        }
    ],
    "participants": [],
    "clerk_keys": {HASH: "30" * 44},
    "attempts": [],
    "keys": [],
    "bids": [],
    "sessions": [],
    "questions": [],
}
ME = {
    "account": "alpha.wang",
    "name": "王某",
    "organisation": {"organisation": ORGANISATION, "name": "某某建设有限公司"},
    "roles": ["bidder"],
    "language": "zh-CN",
    "keys": [{"keyid": HASH, "key": "30" * 44, "since": MOMENT}],
}
INBOX = {
    "unread": 1,
    "address": "wang@example.org",
    "items": [
        {
            "entry": "0" * 32,
            "at": MOMENT,
            "project": PROJECT,
            "kind": "answer",
            "about": "ZB-2026-018 某某道路改造工程",
            "text": "一条提问已答复，请查看。",
            "read": False,
        }
    ],
}
ORGANISATIONS = {
    "items": [
        {
            "organisation": ORGANISATION,
            "name": "某某建设有限公司",
            "kind": "uscc",
            "code": "91350100M000100Y43",
        }
    ]
}
ACCOUNTS = {
    "items": [
        {
            "account": "custodian.li",
            "name": "李某",
            "organisation": ORGANISATION,
            "organisation_name": "某某建设有限公司",
            "roles": ["custodian"],
            "signs": True,
        }
    ],
    "next": "custodian.li",
}
SNAPSHOT = {"now": MOMENT, "ch": "hall", "epoch": "1", "n": 12, "view": {"stage": "lobby"}}
FRAMES = {
    "now": MOMENT,
    "epoch": "1",
    "n": 13,
    "frames": [
        {"ch": "hall", "n": 13, "event": {"type": "opening.session_announced"}, "patch": {}}
    ],
}
NOTE = "tender.example/kaibiao\n128\nq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\n\n— ...\n"
EXPECTED_ORDER = {
    "project": PROJECT,
    "section": "s1",
    "envelope": 1,
    "key_id": HASH,
    "now": MOMENT,
    "bids": [{"bid": PROJECT, "seq": 41, "enc": "04", "stmt": HASH}],
}
VERIFICATION = {
    "at": MOMENT,
    "size": 1_048_576,
    "holds": True,
    "checks": {"V1": {"passed": 12, "found": 0, "left": 0}},
    "findings": [],
    "not_checked": [],
}
TEMPLATE = {
    "name": "市政道路施工",
    "terms": {
        "title": "施工标段",
        "envelopes": 1,
        "minimum_bidders": 3,
        "max_size": 2_147_483_648,
        "co_open": False,
        "windows": {
            "sign_in": 3_600_000,
            "secrets": 1_800_000,
            "draw": 600_000,
            "confirm": 1_800_000,
            "objections": 1_800_000,
        },
        "periods": {
            "tender": 1_728_000_000,
            "amendment": 1_296_000_000,
            "outage": 600_000,
            "decision": 1_800_000,
            "publication": 259_200_000,
        },
        "form": [{"field": "brand", "title": "品牌型号", "kind": "text", "required": True}],
        "draw": ["0.95", "0.96"],
        "n": 3,
        "k": 2,
    },
}
TEMPLATE_KEPT = {"template": "0" * 32}
TEMPLATES = {
    "items": [{**TEMPLATE_KEPT, **TEMPLATE, "at": MOMENT, "by": "admin"}],
}
