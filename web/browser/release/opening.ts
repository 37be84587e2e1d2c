/**
 * What a custodian checks for itself before it computes one share. The service may lie about
 * everything but what the log proves; nothing here asks it anything.
 */

import { unhex, type Bytes } from "../crypto/bytes.ts";
import type { JsonObject, JsonValue } from "../crypto/canonical.ts";
import {
  checkCertificate,
  checkKeyClaim,
  type CheckedKey,
  type KeyClaim,
} from "../crypto/certificate.ts";
import { openEnvelope } from "../crypto/dsse.ts";
import { H } from "../crypto/hashing.ts";
import { Invalid } from "../crypto/invalid.ts";
import { closeList } from "../record/bids.ts";
import type { Keys } from "../record/checkpoints.ts";
import { lateIn, readCopy, type RecordCopy, type Warning } from "../record/copy.ts";
import { messageOf, readMessage, signerOf } from "../record/messages.ts";
import { NotTrusted, trusted, type Fault } from "../record/not_trusted.ts";
import {
  placeName,
  sessionAt,
  type Attempt,
  type Participant,
  type Place,
} from "../record/state.ts";
import { checkBids, checkInTime } from "./bids.ts";
import { openingList, type ListedBid } from "./list.ts";
import { checkWithdrawals } from "./withdrawals.ts";

/** The order of an opening, as the clerk signed it and the record bears it out. */
export interface Order {
  readonly openingId: Bytes;
  readonly keyId: string;
  readonly scheduledAt: number;
  readonly bids: readonly ListedBid[];
}

/** An opening that may go on, and what is needed for it. */
export interface CheckedOpening {
  readonly project: string;
  readonly place: Place;
  readonly order: Order;
  readonly key: CheckedKey;
  /** The key's certificate: start, joins 0..n, deals 0..n, certifies 0..n. */
  readonly certificate: readonly JsonValue[];
  /** The key of the clerk who started the ceremony, SubjectPublicKeyInfo. */
  readonly clerk: Bytes;
  /** Findings about time that do not change the list; whoever goes on has seen them. */
  readonly warnings: readonly Warning[];
  readonly copy: RecordCopy;
}

/** What is checked: entries, then bids, then the shares that others posted. */
export type Step = "entries" | "bids" | "shares";

/** Told how far a check is. */
export type Progress = (step: Step, done: number, all: number) => void;

/**
 * Check key, close, order, list, every bid and withdrawal of an opening on an exported record.
 *
 * @param record the export, as the service gives it.
 * @param keys the pinned keys of log and timekeeper.
 * @throws NotTrusted something does not hold; no share is to be computed.
 */
export async function checkOpening(
  record: Blob,
  keys: Keys,
  project: string,
  place: Place,
  progress?: Progress,
): Promise<CheckedOpening> {
  const tell = progress && ((read: number, all: number) => progress("entries", read, all));
  return checkCopy(await readCopy(record, keys, project, tell), place, progress);
}

/** Check an opening on a record that was read before. */
export async function checkCopy(
  copy: RecordCopy,
  place: Place,
  progress?: Progress,
): Promise<CheckedOpening> {
  const { state } = copy;
  const name = placeName(place.section, place.envelope);
  const warnings = [...lateIn(state), ...hiddenIn(copy, place)];
  const [found, { closed }] = [state.keys.get(name), sessionAt(state, name)];
  trusted(found !== undefined && closed !== undefined, "opening.not_closed");
  const attempt = state.attempts.get(found.sid);
  const certificate = certificateOf(attempt);
  const clerk = clerkKey(attempt?.startedBy, certificate[0] ?? "");
  const key = await checkKey(found, certificate, clerk);
  checkInTime(state, place.section);
  trusted(closeList(state, name) === closed.list, "opening.close_list");
  await checkWithdrawals(state, place.section);
  await checkBids(state, place, key, (done, all) => progress?.("bids", done, all));
  const order = await checkOrder(copy, place, found.keyId);
  return { project: state.project, place, order, key, certificate, clerk, warnings, copy };
}

/** Return the key of the clerk who signed a message, if it was that clerk's key at that time. */
export function clerkKey(clerk: Participant | undefined, envelope: JsonValue): Bytes {
  const key = clerk?.keys.get(clerk.keyid ?? "");
  trusted(clerk !== undefined && key !== undefined, "opening.no_clerk");
  trusted(clerk.keyid === signerOf(envelope), "opening.clerk_key");
  return unhex(key);
}

/** Do something; what breaks a rule there is a fault of this kind. */
export async function finding<T>(
  fault: Fault,
  about: string,
  doing: () => Promise<T>,
): Promise<T> {
  try {
    return await doing();
  } catch (error) {
    throw error instanceof Invalid ? new NotTrusted(fault, about, error.code) : error;
  }
}

/** Entries may be hidden only while another section has bids still to come. */
function hiddenIn(copy: RecordCopy, place: Place): Warning[] {
  const { hidden } = copy.container;
  if (hidden === 0) return [];
  const isAllOver = [...copy.state.sections].every(
    ([name, section]) =>
      name === place.section ||
      section.terminated ||
      sessionAt(copy.state, placeName(name, 1)).closed !== undefined,
  );
  trusted(!isAllOver, "opening.hidden", hidden);
  return [{ kind: "hidden_sections" }];
}

function certificateOf(attempt: Attempt | undefined): JsonValue[] {
  trusted(attempt !== undefined, "opening.ceremony");
  const parties = Array.from({ length: attempt.start.n + 1 }, (_, i) => i);
  const steps = [attempt.joins, attempt.deals, attempt.certifies].flatMap((step) =>
    parties.map((i) => step.get(i)),
  );
  const whole = steps.filter((envelope) => envelope !== undefined);
  trusted(whole.length === steps.length, "opening.ceremony");
  return [attempt.started, ...whole];
}

async function checkKey(
  told: KeyClaim,
  certificate: readonly JsonValue[],
  clerk: Bytes,
): Promise<CheckedKey> {
  const key = await finding("opening.ceremony", "", () => checkCertificate(certificate, clerk));
  await finding("opening.key", "", async () => checkKeyClaim(told, key));
  return key;
}

async function checkOrder(copy: RecordCopy, place: Place, keyId: string): Promise<Order> {
  const { state } = copy;
  const orders = state.orders.filter(({ envelope }) => {
    const { section, envelope: number } = messageOf(envelope, "opening-order");
    return section === place.section && number === place.envelope;
  });
  const [only] = orders;
  trusted(only !== undefined && orders.length === 1, "opening.orders", orders.length);
  const clerk = clerkKey(only.clerk, only.envelope);
  const payload = await finding("opening.order_signature", "", () =>
    openEnvelope(only.envelope, "opening-order", clerk),
  );
  const order = readMessage(payload, "opening-order");
  const isOurs = order["project"] === state.project && order["key_id"] === keyId;
  trusted(isOurs, "opening.order_key");
  const bids = openingList(state, place);
  trusted(isSameList(bids, order["bids"] as readonly JsonObject[]), "opening.order_list");
  const scheduledAt = Number(order["scheduled_at"]);
  const isTime = scheduledAt <= copy.container.newest.cosignedAt * 1000;
  trusted(isTime, "opening.not_yet", scheduledAt);
  return { openingId: H("opening", payload), keyId, scheduledAt, bids };
}

function isSameList(ours: readonly ListedBid[], told: readonly JsonObject[]): boolean {
  if (ours.length !== told.length) return false;
  return ours.every(({ bid, seq, enc, stmt }, at) => {
    const line = told[at];
    return line?.["bid"] === bid && line["seq"] === seq && line["enc"] === enc && line["stmt"] === stmt;
  });
}
