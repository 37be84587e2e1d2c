"""What each route takes and answers, beyond what its signature says; one row a route.

A test finds a route without a row and a row without a route. It must not describe pages.
"""

from collections.abc import Mapping

from web import openapi_blind, openapi_papers, openapi_result
from web import openapi_discussion as discussion
from web import openapi_evaluation as evaluation
from web import openapi_examples as examples
from web.applications import ApplicationBody, DecisionBody, ReferenceBody
from web.auth import FirstBody, InvitationBody, LookBody, PasswordBody, SignInBody
from web.kept_templates import TemplateBody
from web.openapi_row import OCTETS, Answer, Row
from web.openapi_row import file as _file
from web.openapi_row import told as _json
from web.openapi_shapes import COUNT, TEXT, Schema, ref
from web.opened_files import FILES
from web.pages_inbox import EmailBody
from web.passkey_routes import CredentialBody, PasskeyBody
from web.price_preview import PREVIEW, PreviewBody
from web.rooms import TicketBody

CSP = "application/csp-report"
_ASKED = "/api/projects/{project}/sections/{section}/clarifications/{clarification}"
PART = "application/offset+octet-stream"

_SPOKEN: Mapping[str, Schema] = {"Tus-Resumable": {"const": "1.0.0"}}
_OFFSET = {**_SPOKEN, "Upload-Offset": COUNT, "Upload-Expires": TEXT}
_TUS: Mapping[str, tuple[Schema, bool]] = {"Tus-Resumable": ({"const": "1.0.0"}, True)}
_BYTES: Schema = {"type": "string", "pattern": "^[0-9]{1,16}$"}
_CHECKSUM: tuple[Schema, bool] = (
    {
        "type": "string",
        "pattern": "^sha256 [A-Za-z0-9+/]{43}=$",
        "description": "`sha256` and the base64 of the part's hash; a part that differs is dropped",
    },
    False,
)
_METADATA: tuple[Schema, bool] = (
    {
        "type": "string",
        "description": "`project`, `section` and `envelope`, each with its base64",
        "pattern": "^[a-z]+ [A-Za-z0-9+/]+=*(,[a-z]+ [A-Za-z0-9+/]+=*){2,}$",
    },
    True,
)
_PART_OF: Mapping[str, Schema] = {"ETag": TEXT, "Accept-Ranges": {"const": "bytes"}}
_COOKIE: Mapping[str, Schema] = {"Set-Cookie": TEXT}
_TOKEN = {"token": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"}


def _signed_in(says: str) -> Answer:
    return Answer(says, ref("Token"), _TOKEN, headers=_COOKIE)


ROWS: Mapping[tuple[str, str], Row] = {
    ("post", "/api/projects/{project}/commands"): Row(
        "commandProject",
        {200: _json("Recorded; the same id again gives the same.", "Accepted", examples.ACCEPTED)},
        takes="ProjectCommand",
        examples={**examples.PROJECT_COMMANDS, **evaluation.COMMANDS},
    ),
    ("post", "/api/registry/commands"): Row(
        "commandRegistry",
        {200: _json("Recorded; the same id again gives the same.", "Accepted", examples.OPENED)},
        takes="RegistryCommand",
        examples=examples.REGISTRY_COMMANDS,
    ),
    ("post", "/api/session"): Row(
        "signIn",
        {200: _signed_in("Signed in: the token for programs, the cookie for browsers.")},
        seat="anyone",
        takes=SignInBody,
        examples={"sign in": examples.SIGN_IN},
    ),
    ("delete", "/api/session"): Row("signOut", {204: Answer("Signed out.")}),
    ("get", "/api/me"): Row("whoAmI", {200: _json("Who is signed in.", "Me", examples.ME)}),
    ("post", "/api/registry/first"): Row(
        "beginInstallation",
        {201: _signed_in("The first administrator is there, and signed in.")},
        seat="anyone",
        takes=FirstBody,
        examples={"begin": examples.FIRST},
    ),
    ("post", "/api/registry/invitations"): Row(
        "acceptInvitation",
        {200: _signed_in("The password is set, and its holder signed in.")},
        seat="anyone",
        takes=InvitationBody,
        examples={"accept": examples.INVITATION},
    ),
    ("post", "/api/registry/invitations/look"): Row(
        "lookAtInvitation",
        {200: _json("Whom it is for.", "Invited", examples.INVITED)},
        seat="anyone",
        takes=LookBody,
        examples={"look": examples.LOOK},
    ),
    ("get", "/api/account/sessions"): Row(
        "listSessions", {200: _json("One's own.", "Sessions", examples.SESSIONS)}
    ),
    ("delete", "/api/account/sessions"): Row(
        "endOtherSessions", {204: Answer("Every other session has ended.")}
    ),
    ("delete", "/api/account/sessions/{session}"): Row(
        "endSession", {204: Answer("The session has ended.")}
    ),
    ("get", "/api/account/passkeys"): Row(
        "listPasskeys", {200: _json("One's own.", "Passkeys", examples.PASSKEYS)}
    ),
    ("post", "/api/account/passkeys/options"): Row(
        "beginPasskey",
        {200: _json("What the device is asked.", "PasskeyAsked", examples.ASKED)},
        takes=PasskeyBody,
        examples={"begin": examples.PASSKEY},
    ),
    ("post", "/api/account/passkeys"): Row(
        "registerPasskey",
        {201: _json("Registered.", "Passkey", {"passkey": examples.HASH})},
        takes=CredentialBody,
        examples={"register": examples.CREDENTIAL},
    ),
    ("post", "/api/session/passkey/options"): Row(
        "beginPasskeySignIn",
        {200: _json("What the device is asked.", "PasskeyAsked", examples.ASKED)},
        seat="anyone",
    ),
    ("post", "/api/session/passkey"): Row(
        "signInByPasskey",
        {200: _signed_in("Signed in: the token for programs, the cookie for browsers.")},
        seat="anyone",
        takes=CredentialBody,
        examples={"sign in": examples.CREDENTIAL},
    ),
    ("post", "/api/applications"): Row(
        "apply",
        {201: _json("Kept, until an administrator decides.", "Reference", examples.REFERENCE)},
        seat="anyone",
        takes=ApplicationBody,
        examples={"apply": examples.APPLICATION},
    ),
    ("post", "/api/applications/status"): Row(
        "applicationStatus",
        {200: _json("How it stands.", "Applied", examples.APPLIED)},
        seat="anyone",
        takes=ReferenceBody,
        examples={"ask": examples.REFERENCE},
    ),
    ("get", "/api/registry/applications"): Row(
        "listApplications",
        {200: _json("Those in one state.", "Applications", examples.APPLICATIONS)},
    ),
    ("post", "/api/registry/applications/{application}/decision"): Row(
        "decideApplication",
        {204: Answer("Decided.")},
        takes=DecisionBody,
        examples={"decline": examples.DECISION},
    ),
    ("get", "/api/templates"): Row(
        "listTemplates",
        {200: _json("All of them, by name.", "Templates", examples.TEMPLATES)},
    ),
    ("post", "/api/templates"): Row(
        "keepTemplate",
        {200: _json("Kept.", "Kept", examples.TEMPLATE_KEPT)},
        takes=TemplateBody,
        examples={"keep": examples.TEMPLATE},
    ),
    ("delete", "/api/templates/{template}"): Row("dropTemplate", {204: Answer("Dropped.")}),
    ("post", "/api/csp-reports"): Row(
        "reportViolation",
        {204: Answer("Counted.")},
        seat="anyone",
        takes=CSP,
    ),
    ("get", "/api/admin/health"): Row(
        "health", {200: _json("Measured just now.", "Health", examples.HEALTH)}
    ),
    ("post", "/api/account/password"): Row(
        "changePassword",
        {204: Answer("Changed; every other session of the account has ended.")},
        takes=PasswordBody,
        examples={"change": examples.PASSWORD},
    ),
    ("get", "/api/inbox"): Row(
        "inbox", {200: _json("How much is unread, and the newest.", "Inbox", examples.INBOX)}
    ),
    ("post", "/api/inbox/read"): Row("readInbox", {204: Answer("Everything is marked as read.")}),
    ("post", "/api/account/email"): Row(
        "setEmail",
        {204: Answer("Mail goes there from now on; an empty address ends it.")},
        takes=EmailBody,
        examples={"set": {"address": "wang@example.org"}},
    ),
    ("get", "/api/registry/organisations"): Row(
        "listOrganisations",
        {200: _json("A page.", "Organisations", examples.ORGANISATIONS)},
    ),
    ("get", "/api/registry/accounts"): Row(
        "listAccounts", {200: _json("A page.", "Accounts", examples.ACCOUNTS)}
    ),
    ("get", "/api/projects"): Row(
        "listProjects", {200: _json("A page.", "Projects", {"items": [examples.HEAD]})}
    ),
    ("get", "/api/projects/{project}"): Row(
        "getProject", {200: _json("The project as this seat sees it.", "Project", examples.VIEW)}
    ),
    ("get", "/api/projects/{project}/receipts/{command}"): Row(
        "getReceipt",
        {
            200: _json("The receipt; it is checked offline.", "Receipt", examples.RECEIPT),
            202: _json(
                "Received, not yet witnessed: ask again.",
                "NotWitnessed",
                {"state": "not_witnessed", "detail": "已收到，尚未见证。"},
            ),
        },
    ),
    ("get", "/api/projects/{project}/proven"): Row(
        "getProven",
        {
            200: _json(
                "Receipts in the record's order.", "Proven", {"receipts": [], "complete": True}
            )
        },
    ),
    ("get", "/api/projects/{project}/preflight"): Row(
        "getPreflight",
        {200: _json("Timekeeper, disk and keys as they are now.", "Preflight", examples.PREFLIGHT)},
    ),
    ("get", "/api/projects/{project}/record"): Row(
        "exportRecord",
        {200: _file("The record, for the verifier.", "application/x-tar")},
        seat="perhaps",
    ),
    ("post", "/api/receipt-page"): Row(
        "printReceipt",
        {200: Answer("The page.", {"type": "string", "format": "binary"}, media="application/pdf")},
        takes="Receipt",
        examples={"print": examples.RECEIPT},
    ),
    ("options", "/api/uploads"): Row(
        "uploadOptions",
        {
            204: Answer(
                "What this tus server can do.",
                headers={
                    **_SPOKEN,
                    "Tus-Version": TEXT,
                    "Tus-Extension": TEXT,
                    "Tus-Max-Size": COUNT,
                    "Tus-Checksum-Algorithm": TEXT,
                },
            )
        },
        seat="anyone",
    ),
    ("post", "/api/uploads"): Row(
        "createUpload",
        {201: Answer("Created.", headers={**_OFFSET, "Location": TEXT})},
        takes=PART,
        needs_body=False,
        headers={
            **_TUS,
            "Upload-Length": (_BYTES, True),
            "Upload-Metadata": _METADATA,
            "Upload-Checksum": _CHECKSUM,
        },
    ),
    ("head", "/api/uploads/{upload}"): Row(
        "askUpload",
        {200: Answer("How much is kept.", headers={**_OFFSET, "Upload-Length": COUNT})},
        headers=_TUS,
    ),
    ("patch", "/api/uploads/{upload}"): Row(
        "appendToUpload",
        {204: Answer("Kept, durable up to the offset.", headers=_OFFSET)},
        takes=PART,
        headers={**_TUS, "Upload-Offset": (_BYTES, True), "Upload-Checksum": _CHECKSUM},
    ),
    ("delete", "/api/uploads/{upload}"): Row(
        "dropUpload", {204: Answer("Dropped.", headers=_SPOKEN)}, headers=_TUS
    ),
    ("post", "/api/documents"): Row(
        "bringDocument",
        {
            201: _json(
                "Kept, under its hash.", "Brought", {"size": 1_048_576, "sha256": examples.HASH}
            )
        },
        takes=OCTETS,
    ),
    ("get", "/api/projects/{project}/documents/{document}"): Row(
        "fetchDocument", {200: _file("The document.")}
    ),
    ("get", "/api/projects/{project}/bids/{bid}/sealed"): Row(
        "fetchSealedFile", {200: _file("One's own sealed file.")}
    ),
    ("get", "/api/projects/{project}/sections/{section}/{envelope}/minutes/{form}"): Row(
        "fetchMinutes",
        {200: _file("The minutes, `pdf`, or their facts, `json`; for all once the session ended.")},
        seat="perhaps",
    ),
    ("get", "/api/scoring-rules"): Row(
        "listScoringRules",
        {200: _json("Rules to begin with.", "ScoringRules", evaluation.RULES)},
    ),
    ("post", PREVIEW): Row(
        "previewPrices",
        {200: _json("Each price's points, or what is wrong.", "Preview", evaluation.PREVIEWED)},
        takes=PreviewBody,
        examples={"one price": evaluation.PREVIEW},
    ),
    ("get", "/api/projects/{project}/sections/{section}/evaluation"): Row(
        "getEvaluation",
        {200: _json("The evaluation as this seat may see it.", "Evaluation", evaluation.VIEW)},
    ),
    ("get", "/api/projects/{project}/sections/{section}/discussion"): Row(
        "listDiscussion",
        {200: _json("What was said after a message.", "Discussion", discussion.DISCUSSION)},
    ),
    ("get", "/api/projects/{project}/sections/{section}/clarifications"): Row(
        "listClarifications",
        {200: _json("What this bidder is asked.", "Clarifications", evaluation.CLARIFICATIONS)},
    ),
    ("get", "/api/projects/{project}/sections/{section}/corrections"): Row(
        "listCorrections",
        {200: _json("Corrected prices to confirm.", "Corrections", evaluation.CORRECTIONS)},
    ),
    ("post", f"{_ASKED}/attachments"): Row(
        "bringAttachment",
        {201: _json("Kept for this question, under its hash.", "Attached", evaluation.ATTACHED)},
        takes=OCTETS,
    ),
    ("get", f"{_ASKED}/attachments/{{sha256}}"): Row(
        "fetchAttachment", {200: _file("An attachment of an answer that one is shown.")}
    ),
    ("get", "/api/projects/{project}/sections/{section}/result"): Row(
        "getResult",
        {200: _json("The result as this visitor may see it.", "Result", openapi_result.RESULT)},
    ),
    ("get", "/api/projects/{project}/sections/{section}/report/{form}"): Row(
        "fetchReport", {200: _file("The report, `pdf`, or its facts, `json`.")}
    ),
    ("get", FILES): Row(
        "listOpenedFiles",
        {200: _json("What the package holds.", "OpenedFiles", evaluation.FILES)},
    ),
    ("head", FILES + "/{n}"): Row(
        "askOpenedFile", {200: Answer("Size and hash.", headers=_PART_OF)}
    ),
    ("get", FILES + "/{n}"): Row(
        "readOpenedFile",
        {200: _file("The file."), 206: _file("The part that Range asks for.")},
        headers={"Range": (TEXT, False), "If-Range": (TEXT, False)},
    ),
    **openapi_papers.ROWS,
    **openapi_blind.ROWS,
    ("get", "/api/projects/{project}/sections/{section}/{envelope}/order"): Row(
        "expectedOrder",
        {200: _json("What the order must say.", "ExpectedOrder", examples.EXPECTED_ORDER)},
    ),
    ("get", "/api/projects/{project}/sections/{section}/{envelope}/table.{form}"): Row(
        "openingTable", {200: _file("The opening table, `csv` or `xlsx`.")}
    ),
    ("post", "/api/projects/{project}/verification"): Row(
        "verifyRecord",
        {200: _json("The verifier's outcome.", "Verification", examples.VERIFICATION)},
    ),
    ("get", "/api/about"): Row(
        "about",
        {
            200: _json(
                "The installation.",
                "About",
                {
                    "name": "开标 Kaibiao",
                    "origin": "https://tender.example",
                    "languages": ["zh-CN", "en"],
                    "empty": False,
                    "now": examples.MOMENT,
                },
            )
        },
        seat="anyone",
    ),
    ("get", "/api/log/keys"): Row(
        "logKeys",
        {
            200: _json(
                "Compare them with what was published.",
                "LogKeys",
                {"log": "tender.example/kaibiao+…", "witness": "time.example+…", "service": "302a"},
            )
        },
        seat="anyone",
    ),
    ("get", "/api/log/checkpoint"): Row(
        "newestCheckpoint",
        {200: Answer("A cosigned checkpoint.", TEXT, examples.NOTE, "text/plain")},
        seat="anyone",
    ),
    ("get", "/api/log/consistency"): Row(
        "consistencyProof",
        {200: _json("The proof.", "Consistency", {"proof": [examples.HASH]})},
        seat="anyone",
    ),
    ("post", "/api/rooms/ticket"): Row(
        "roomTicket",
        {200: _json("For one socket, once.", "Ticket", {"ticket": "…", "epoch": "1"})},
        takes=TicketBody,
        examples={"hall and one's own": examples.TICKET},
    ),
    ("get", "/api/rooms/{project}/watchers"): Row(
        "roomWatchers", {200: _json("How many sockets.", "Watchers", {"watchers": 60})}
    ),
    ("get", "/api/projects/{project}/channels"): Row(
        "listChannels",
        {200: _json("Their names.", "Channels", {"channels": ["hall", "public"], "epoch": "1"})},
        seat="perhaps",
    ),
    ("get", "/api/projects/{project}/channels/{name}"): Row(
        "channelView",
        {200: _json("The whole view.", "Snapshot", examples.SNAPSHOT)},
        seat="perhaps",
    ),
    ("get", "/api/projects/{project}/channels/{name}/events"): Row(
        "channelEvents",
        {200: _json("What followed; `wait=0` answers at once.", "Frames", examples.FRAMES)},
        seat="perhaps",
    ),
}
