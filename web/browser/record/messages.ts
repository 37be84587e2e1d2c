/** The payloads that people sign, field by field; reading them here, never judging them. */

import { unbase64, type Bytes } from "../crypto/bytes.ts";
import { loads, type JsonObject, type JsonValue } from "../crypto/canonical.ts";
import { must } from "../crypto/invalid.ts";
import { SUITE } from "../crypto/params.ts";
import { EVALUATION_MESSAGES } from "./evaluation.ts";
import {
  bytes,
  compressedPoint,
  currency,
  envelope,
  flag,
  hash,
  hexOf,
  id,
  line,
  list,
  millis,
  object,
  oneOf,
  party,
  prose,
  section,
  size,
  spki,
  text,
  vkey,
  whole,
  wholePoint,
  words,
  type ObjectShape,
} from "./shapes.ts";

const LIMIT = 16 << 20;
const v = oneOf(1);
const place = { section, envelope };
const custodian = whole(1, 64);
const roster = list(object({ name: line, organisation: line, key: spki }));
const timekeeper = object({ name: line, key: spki, witness: vkey });
const shares = list(object({ bid: id, share: hexOf(131) }));
const documents = list(
  object({ document: id, title: line, name: line, size, sha256: hash }),
);

/** How long each part of a session lasts, ms. */
export const windows = object({
  sign_in: millis,
  secrets: millis,
  draw: millis,
  confirm: millis,
  objections: millis,
});

/** What the law wants left before a deadline, ms. */
export const periods = object({
  "tender?": millis,
  "amendment?": millis,
  "outage?": millis,
  "decision?": millis,
  "publication?": millis,
});

/** The fields a project adds to the bid form. */
export const form = list(
  object({
    field: text(/^[a-z][a-z0-9_]{0,31}$/u),
    title: line,
    kind: oneOf("text", "amount", "integer", "decimal", "date"),
    required: flag,
  }),
);

const key = object({
  envelope,
  sid: hash,
  key_id: hash,
  key: wholePoint,
  fingerprint: list(whole(0, 2047)),
  k: whole(2, 64),
  roster,
  timekeeper,
});

const announced = object({
  section,
  title: line,
  envelopes: envelope,
  "limit?": size,
  minimum_bidders: whole(1, 100),
  max_size: size,
  co_open: flag,
  question_deadline: millis,
  deadline: millis,
  windows,
  periods,
  form,
  draw: list(line),
  "scoring?": hash,
  keys: list(key),
});

/** The form of every message; `timekeeper-deal` is the `ceremony-deal` of party 0. */
export const MESSAGES = {
  "ceremony-start": object({
    v,
    project: id,
    ...place,
    attempt: whole(1, 1000),
    suite: oneOf(SUITE),
    n: whole(2, 64),
    k: whole(2, 64),
    roster,
    timekeeper,
    join_by: millis,
    deal_by: millis,
    certify_by: millis,
    co_open: flag,
  }),
  "ceremony-join": object({ v, sid: hash, i: party, commit: hash, "p?": compressedPoint }),
  "ceremony-deal": object({
    v,
    sid: hash,
    i: custodian,
    c: list(compressedPoint),
    pop: bytes,
    e: compressedPoint,
    shares: list(bytes),
  }),
  "timekeeper-deal": object({ v, sid: hash, i: oneOf(0), y: compressedPoint, pop: bytes }),
  "ceremony-certify": object({ v, sid: hash, i: party, key_id: hash, sig: bytes }),
  "ceremony-abort": object({
    v,
    sid: hash,
    i: party,
    offender: party,
    cause: oneOf("share", "kit", "timekeeper", "transcript"),
    "d?": hash,
  }),
  rehearsal: object({ v, key_id: hash, i: custodian, checkpoint: words(0, 4000), sig: bytes }),
  erase: object({ v, project: id, sid: hash, "key_id?": hash }),
  bid: object({
    v,
    params: words(0, 4096),
    enc: wholePoint,
    ct: hexOf(48),
    size,
    root: hash,
    pok: hexOf(65),
  }),
  "bid-params": object({
    v,
    suite: oneOf(SUITE),
    project: id,
    ...place,
    key: hash,
    key_id: hash,
    bidder: id,
    bid: id,
    revision: whole(1, 100_000),
    "supersedes?": id,
    "bidder_secret_commit?": hash,
    media_type: oneOf("application/zip"),
    created: millis,
  }),
  withdraw: object({ v, project: id, bid: id }),
  "opening-order": object({
    v,
    project: id,
    ...place,
    key_id: hash,
    scheduled_at: millis,
    bids: list(object({ bid: id, seq: whole(1), enc: wholePoint, stmt: hash })),
  }),
  partial: object({ v, project: id, key_id: hash, opening_id: hash, i: custodian, shares }),
  release: object({ v, project: id, key_id: hash, opening_id: hash, i: oneOf(0), shares }),
  refusal: object({
    v,
    project: id,
    code: text(/^[a-z_]+\.[a-z0-9_]+$/u),
    at: millis,
    received: hash,
  }),
  minutes: object({ v, project: id, ...place, facts: hash, pdf: hash }),
  "stage-decision": object({
    v,
    project: id,
    section,
    passed: list(id),
    failed: list(object({ organisation: id, reason: line })),
  }),
  notice: object({
    v,
    project: id,
    number: line,
    title: line,
    tenderer: line,
    "agency?": line,
    currency,
    documents,
    sections: list(announced),
    remedy: prose,
  }),
  amendment: object({
    v,
    project: id,
    section,
    text: prose,
    documents,
    affects_bids: flag,
    bids: oneOf("stay", "replace"),
    deadline: millis,
  }),
  ...EVALUATION_MESSAGES,
} as const satisfies Readonly<Record<string, ObjectShape>>;

export type MessageName = keyof typeof MESSAGES;

/** Return the bytes that were signed. */
export function payloadOf(envelope: JsonValue | undefined): Bytes {
  const payload = (envelope as JsonObject | undefined)?.["payload"];
  must(typeof payload === "string", "envelope.payload");
  return unbase64(payload);
}

/** Return the key id that an envelope names; nothing where it has not exactly one signature. */
export function signerOf(envelope: JsonValue): string {
  const { signatures } = envelope as { signatures: readonly { keyid: string }[] };
  return signatures.length === 1 ? (signatures[0]?.keyid ?? "") : "";
}

/** Read the canonical bytes of a message strictly; its fields have their forms. */
export function readMessage(payload: Uint8Array, name: MessageName): JsonObject {
  const value = loads(payload, LIMIT);
  must(MESSAGES[name](value), "message.malformed", name);
  return value as JsonObject;
}

/** Read the message of an envelope without judging its signature. */
export function messageOf(envelope: JsonValue | undefined, name: MessageName): JsonObject {
  return readMessage(payloadOf(envelope), name);
}

/** Read a deal, whose fields differ for the timekeeper. */
export function dealOf(envelope: JsonValue | undefined): JsonObject {
  const payload = payloadOf(envelope);
  const value = loads(payload, LIMIT);
  const isTimekeepers = (value as JsonObject)["i"] === 0;
  return readMessage(payload, isTimekeepers ? "timekeeper-deal" : "ceremony-deal");
}
