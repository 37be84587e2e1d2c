/**
 * Folds the entries of a record into what an opening needs of it. A fold never judges: what is in
 * the record has happened; it refuses only a message that is not in its form.
 */

import { hex } from "../crypto/bytes.ts";
import type { JsonObject, JsonValue } from "../crypto/canonical.ts";
import { H } from "../crypto/hashing.ts";
import { readStart } from "../crypto/start.ts";
import { admitted, closed, superseded, withdrawn } from "./bids.ts";
import type { Stamp, Told } from "./container.ts";
import { dealOf, messageOf, payloadOf, type MessageName } from "./messages.ts";
import {
  participantKey,
  placeName,
  sessionAt,
  type Attempt,
  type Participant,
  type Section,
  type Session,
  type State,
} from "./state.ts";

type Fold = (state: Writable, body: JsonObject, stamp: Stamp) => void;
type Writable = { -readonly [name in keyof State]: State[name] };

/** Return the state before the first entry. */
export function nothing(project: string): State {
  return {
    project,
    number: "",
    title: "",
    participants: new Map(),
    sections: new Map(),
    attempts: new Map(),
    keys: new Map(),
    bids: new Map(),
    sessions: new Map(),
    admissions: [],
    withdrawals: [],
    closes: [],
    orders: [],
    partials: [],
    releases: [],
  };
}

/** Fold one entry in. */
export function fold(state: State, told: Told): void {
  FOLDS[told.type]?.(state, told.body, told.stamp);
}

const FOLDS: Readonly<Record<string, Fold>> = {
  "project.project_created": named,
  "project.project_corrected": named,
  "project.notice_published": formOf("notice"),
  "project.amended": formOf("amendment"),
  "evaluation.stage_decided": formOf("stage-decision"),
  "evaluation.member_signed_in": formOf("commitment"),
  "evaluation.marks_submitted": formOf("score-sheet"),
  "evaluation.report_signed": formOf("report"),

  "opening.participant_bound": bound,
  "opening.participant_released": (state, body) => {
    state.participants.delete(participantKey(text(body, "account"), text(body, "role")));
  },
  "opening.participant_key_changed": rekeyed,

  "opening.terms_set": (state, body) => {
    const before = state.sections.get(text(body, "section"));
    const section = before ?? { terminated: false, passedOn: undefined };
    const terms = { title: text(body, "title"), envelopes: Number(body["envelopes"]) };
    state.sections.set(text(body, "section"), { ...section, ...terms });
  },
  "opening.section_terminated": (state, body) => {
    section(state, body, { terminated: true });
  },
  "opening.bids_passed_on": (state, body) => {
    section(state, body, { passedOn: body["organisations"] as readonly string[] });
  },
  "opening.bids_superseded": (state, body) => {
    if (state.sections.has(text(body, "section"))) superseded(state, text(body, "section"));
  },

  "opening.ceremony_started": started,
  "opening.ceremony_joined": posted("joins", (envelope) => messageOf(envelope, "ceremony-join")),
  "opening.ceremony_dealt": posted("deals", dealOf),
  "opening.ceremony_certified": posted("certifies", (envelope) =>
    messageOf(envelope, "ceremony-certify"),
  ),
  "opening.ceremony_aborted": formOf("ceremony-abort"),
  "opening.key_made": made,
  "opening.key_rehearsed": formOf("rehearsal"),
  "opening.key_erased": formOf("erase"),

  "opening.bid_admitted": admitted,
  "opening.bid_withdrawn": withdrawn,
  "opening.bid_refused": (_, body) => {
    messageOf(body["answer"], "refusal");
  },
  "opening.bids_closed": closed,

  "opening.files_checked": (state, body) => {
    const lost = (body["lost"] as readonly { bid: string }[]).map((one) => one.bid);
    session(state, placeName(body["section"], body["envelope"]), { lost: new Set(lost) });
  },
  "opening.secret_released": (state, body) => {
    const of = state.bids.get(text(body, "bid"));
    if (of === undefined) return;
    const { secrets } = sessionAt(state, of.place);
    session(state, of.place, { secrets: new Set([...secrets, of.bid]) });
  },
  "opening.bid_opened": (state, body) => {
    const of = state.bids.get(text(body, "bid"));
    if (of === undefined) return;
    const { opened } = sessionAt(state, of.place);
    session(state, of.place, { opened: new Set([...opened, of.bid]) });
  },
  "opening.order_issued": kept("orders", "opening-order"),
  "opening.partial_posted": kept("partials", "partial"),
  "opening.key_released": kept("releases", "release"),
  "opening.minutes_signed": formOf("minutes"),
};

function text(body: JsonObject, name: string): string {
  return String(body[name]);
}

/** What the project is called: as it was begun, or as last corrected. */
function named(state: Writable, body: JsonObject): void {
  state.number = text(body, "number");
  state.title = text(body, "title");
}

/** Fold nothing, but refuse a message that is not in its form. */
function formOf(name: MessageName): Fold {
  return (_, body) => void messageOf(body["envelope"], name);
}

/** Keep an envelope with its moment, once its message is in its form. */
function kept(where: "orders" | "partials" | "releases", name: MessageName): Fold {
  return (state, body, stamp) => {
    const envelope = body["envelope"] ?? "";
    messageOf(envelope, name);
    state[where].push({ stamp, envelope, clerk: clerkOf(state, stamp) });
  };
}

function bound(state: Writable, body: JsonObject, stamp: Stamp): void {
  const [account, role] = [text(body, "account"), text(body, "role")];
  const { key, keyid } = body;
  const hasKey = typeof key === "string" && typeof keyid === "string";
  state.participants.set(participantKey(account, role), {
    account,
    role,
    name: text(body, "name"),
    organisation: text(body, "organisation"),
    organisationName: text(body, "organisation_name"),
    keyid: hasKey ? keyid : undefined,
    keySince: stamp.seq,
    keys: new Map(hasKey ? [[keyid, key]] : []),
  });
}

function rekeyed(state: Writable, body: JsonObject, stamp: Stamp): void {
  const [account, keyid] = [text(body, "account"), text(body, "keyid")];
  const name = participantKey(account, text(body, "role"));
  const found = state.participants.get(name);
  if (found === undefined) return;
  const keys = new Map([...found.keys, [keyid, text(body, "key")]]);
  state.participants.set(name, { ...found, keyid, keySince: stamp.seq, keys });
}

/** Return the clerk under whose name something came, as it is now. */
function clerkOf(state: Writable, stamp: Stamp): Participant | undefined {
  return state.participants.get(participantKey(stamp.account, "clerk"));
}

function section(state: Writable, body: JsonObject, change: Partial<Section>): void {
  const found = state.sections.get(text(body, "section"));
  if (found !== undefined) state.sections.set(text(body, "section"), { ...found, ...change });
}

function session(state: Writable, place: string, change: Partial<Session>): void {
  state.sessions.set(place, { ...sessionAt(state, place), ...change });
}

function started(state: Writable, body: JsonObject, stamp: Stamp): void {
  const envelope = body["envelope"] ?? "";
  messageOf(envelope, "ceremony-start");
  const payload = payloadOf(envelope);
  const attempt: Attempt = {
    sid: hex(H("sid", payload)),
    start: readStart(payload),
    started: envelope,
    startedBy: clerkOf(state, stamp),
    joins: new Map(),
    deals: new Map(),
    certifies: new Map(),
  };
  state.attempts.set(attempt.sid, attempt);
}

function posted(
  step: "joins" | "deals" | "certifies",
  read: (envelope: JsonValue) => JsonObject,
): Fold {
  return (state, body) => {
    const envelope = body["envelope"] ?? "";
    const message = read(envelope);
    state.attempts.get(text(message, "sid"))?.[step].set(Number(message["i"]), envelope);
  };
}

function made(state: Writable, body: JsonObject): void {
  const attempt = state.attempts.get(text(body, "sid"));
  if (attempt === undefined) return;
  const { section: name, envelope } = attempt.start;
  state.keys.set(placeName(name, envelope), {
    sid: attempt.sid,
    keyId: text(body, "key_id"),
    pk: text(body, "pk"),
    yT: text(body, "y_t"),
    y: body["y"] as readonly string[],
  });
}
