/** What an entry of a record may say, event by event; an unknown event or field is refused. */

import type { JsonObject, JsonValue } from "../crypto/canonical.ts";
import { must } from "../crypto/invalid.ts";
import { EVALUATION_EVENTS } from "./evaluation.ts";
import { form, periods, windows } from "./messages.ts";
import {
  account,
  compressedPoint,
  currency,
  envelope,
  flag,
  hash,
  id,
  line,
  list,
  millis,
  object,
  oneOf,
  party,
  prose,
  role,
  section,
  signed,
  size,
  spki,
  whole,
  wholePoint,
  window,
  words,
  type ObjectShape,
} from "./shapes.ts";

const place = { section, envelope };
const anyNumber = whole(Number.MIN_SAFE_INTEGER);
const anyText = words(0, 1 << 24);
const message = object({ envelope: signed });
const text = prose;
const key = spki;
const bid = id;
const sid = hash;

/** The form of the body of every event. */
export const EVENTS: Readonly<Record<string, ObjectShape>> = {
  "project.project_created": object({
    number: line,
    title: line,
    tenderer: line,
    "agency?": line,
    currency,
  }),
  "project.project_corrected": object({
    number: line,
    title: line,
    tenderer: line,
    "agency?": line,
  }),
  "project.document_added": object({
    document: id,
    title: line,
    name: line,
    size,
    sha256: hash,
  }),
  "project.document_removed": object({ document: id }),
  "project.notice_published": message,
  "project.amended": message,
  "project.document_fetched": object({ document: id, organisation: id }),
  "project.question_asked": object({ question: id, section, organisation: id, text }),
  "project.question_answered": object({ question: id, section, text, answer: prose }),
  "project.outage_noted": object({ section, since: millis, until: millis, decide_by: millis }),
  "project.outage_decided": object({
    section,
    decision: oneOf("extend", "close"),
    reason: line,
  }),
  "project.supervisor_notice_raised": object({ notice: id, section, text, pause: flag }),
  "project.supervisor_notice_acknowledged": object({ notice: id, reply: prose }),
  "project.record_viewed": object({
    account,
    subject: oneOf("timeline", "addresses", "export", "hall", "files"),
    hour: millis,
  }),

  "opening.participant_bound": object({
    account,
    name: line,
    organisation: id,
    organisation_name: line,
    organisation_code: line,
    role,
    "key?": key,
    "keyid?": hash,
  }),
  "opening.participant_released": object({ account, role, reason: line }),
  "opening.participant_key_changed": object({
    account,
    role,
    old: hash,
    key,
    keyid: hash,
    reason: line,
  }),

  "opening.terms_set": object({
    section,
    title: line,
    envelopes: envelope,
    currency,
    "limit?": size,
    minimum_bidders: whole(1, 100),
    max_size: size,
    co_open: flag,
    question_deadline: millis,
    deadline: millis,
    windows,
    "periods?": periods,
    form,
    draw: list(line),
    n: whole(2, 64),
    k: whole(2, 64),
  }),
  "opening.bids_opened_up": object({ section }),
  "opening.deadline_moved": object({ section, deadline: millis }),
  "opening.bids_superseded": object({ section }),
  "opening.section_suspended": object({ section, reason: line }),
  "opening.section_resumed": object({ section, shift: millis }),
  "opening.section_terminated": object({ section, reason: line }),
  "opening.bids_passed_on": object({ section, organisations: list(id) }),

  "opening.ceremony_started": message,
  "opening.ceremony_joined": message,
  "opening.ceremony_dealt": message,
  "opening.ceremony_certified": message,
  "opening.ceremony_aborted": object({ envelope: signed, offenders: list(party) }),
  "opening.ceremony_expired": object({
    sid,
    step: oneOf("join", "deal", "certify"),
    missing: list(party),
  }),
  "opening.key_made": object({
    sid,
    key_id: hash,
    pk: wholePoint,
    y_t: compressedPoint,
    y: list(compressedPoint),
  }),
  "opening.key_rehearsed": message,
  "opening.key_erased": message,

  "opening.bid_admitted": message,
  "opening.bid_refused": object({ organisation: id, envelope: signed, answer: signed }),
  "opening.bid_withdrawn": message,
  "opening.bids_closed": object({
    ...place,
    key_id: hash,
    deadline: millis,
    count: anyNumber,
    list: hash,
  }),
  "opening.section_failed": object({ section, count: anyNumber, minimum: anyNumber }),
  "opening.continuation_approved": object({ section, approval: line, reason: prose }),

  "opening.signed_in": object({ ...place, role, account, organisation: id }),
  "opening.files_checked": object({
    ...place,
    intact: list(bid),
    lost: list(object({ bid, found: oneOf("missing", "size", "root") })),
  }),
  "opening.session_announced": object({
    ...place,
    bidders: list(object({ organisation: id, name: line, bid })),
  }),
  "opening.window_opened": object({ ...place, window, until: millis }),
  "opening.window_extended": object({ ...place, window, until: millis, reason: line }),
  "opening.window_ended": object({ ...place, window }),
  "opening.secret_released": object({ bid, secret: hash }),
  "opening.order_issued": message,
  "opening.partial_posted": message,
  "opening.key_released": message,
  "opening.bid_opened": object({
    bid,
    opening_id: hash,
    package: hash,
    size,
    manifest: hash,
    files: anyNumber,
    "form?": anyText,
    problems: list(
      object({
        field: line,
        problem: oneOf("missing", "invalid", "unknown", "capitals", "over_limit", "unreadable"),
      }),
    ),
  }),
  "opening.bid_spoiled": object({
    bid,
    cause: oneOf("secret_missing", "file_lost", "ciphertext", "commitment", "body", "package"),
    blame: oneOf("bidder", "platform"),
    detail: line,
  }),
  "opening.decryption_ended": object({ ...place }),
  "opening.bid_read_out": object({ bid }),
  "opening.draw_started": object({
    ...place,
    draw: id,
    purpose: line,
    values: list(line),
    parties: list(account),
    attempt: anyNumber,
  }),
  "opening.draw_committed": object({ draw: id, account, commit: hash }),
  "opening.draw_sealed": object({ draw: id, root: hash }),
  "opening.draw_revealed": object({ draw: id, account, secret: hash }),
  "opening.draw_defaulted": object({ draw: id, accounts: list(account) }),
  "opening.draw_ended": object({ draw: id, seed: hash, result: line }),
  "opening.line_confirmed": object({ bid, account }),
  "opening.objection_raised": object({ ...place, objection: id, organisation: id, text }),
  "opening.objection_answered": object({ objection: id, answer: prose }),
  "opening.minutes_drawn_up": object({ ...place, facts: hash, pdf: hash, pdf_size: size }),
  "opening.minutes_signed": object({
    account,
    role: oneOf("clerk", "supervisor", "bidder"),
    envelope: signed,
  }),
  "opening.session_ended": object({ ...place, unsigned: list(id) }),
  "opening.session_paused": object({ ...place, reason: line }),
  "opening.session_resumed": object({ ...place, shift: millis }),

  ...EVALUATION_EVENTS,
};

/** Refuse what is no event of a project, or says more or less than its kind does. */
export function checkEvent(type: string, body: JsonValue): JsonObject {
  const shape = Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined;
  must(shape !== undefined, "event.unknown", type);
  must(shape(body), "event.malformed", type);
  return body as JsonObject;
}
