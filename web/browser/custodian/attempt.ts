/**
 * One attempt at a key as a party sees it: folded from proved entries alone, every check repeated.
 *
 * It holds no secret. What is not on the list of proved entries has not happened.
 */

import { hex, unbase64, type Bytes } from "../crypto/bytes.ts";
import { loads, type JsonObject, type JsonValue } from "../crypto/canonical.ts";
import {
  TIMEKEEPER,
  beginSession,
  readCertify,
  readCustodianDeal,
  readJoin,
  readTimekeeperDeal,
  type CustodianDeal,
  type Join,
  type Session,
  type TimekeeperDeal,
} from "../crypto/ceremony.ts";
import { checkCertificate, checkKeyClaim, type CheckedKey } from "../crypto/certificate.ts";
import { keyId } from "../crypto/dsse.ts";
import { Fields } from "../crypto/fields.ts";
import { H } from "../crypto/hashing.ts";
import { must } from "../crypto/invalid.ts";
import { readStart, type CeremonyStart } from "../crypto/start.ts";

/** An entry of the record, proved by a receipt: its type and body. */
export interface Proved {
  readonly type: string;
  readonly body: JsonObject;
}

export type Step = "join" | "deal" | "certify";

/** What is proved of an attempt, all signatures and public checks of it repeated. */
export interface Attempt {
  readonly start: CeremonyStart;
  readonly sid: Bytes;
  readonly started: JsonValue;
  readonly status: "open" | "made" | "dead";
  readonly joins: ReadonlyMap<number, Join>;
  /** There once everybody has joined. */
  readonly session: Session | undefined;
  readonly timekeeper: TimekeeperDeal | undefined;
  readonly deals: ReadonlyMap<number, CustodianDeal>;
  /** Who has certified. */
  readonly certified: ReadonlySet<number>;
  /** The envelopes so far, in the certificate's order as far as they are there. */
  readonly envelopes: Envelopes;
  readonly made: JsonObject | undefined;
}

interface Envelopes {
  readonly join: ReadonlyMap<number, JsonValue>;
  readonly deal: ReadonlyMap<number, JsonValue>;
  readonly certify: ReadonlyMap<number, JsonValue>;
}

const STEP_OF: Readonly<Record<string, Step>> = {
  "opening.ceremony_joined": "join",
  "opening.ceremony_dealt": "deal",
  "opening.ceremony_certified": "certify",
};
const BEFORE: Readonly<Record<Step, Step | undefined>> = {
  join: undefined,
  deal: "join",
  certify: "deal",
};
const DEAD = new Set(["opening.ceremony_aborted", "opening.ceremony_expired"]);

/**
 * Fold the proved entries of one attempt and check them.
 *
 * @throws Invalid `attempt.not_proved`: not even its start is among them; any other code: a
 *   signature or a check does not hold.
 */
export async function readAttempt(
  project: string,
  sid: string,
  entries: readonly Proved[],
): Promise<Attempt> {
  const first = entries.find(({ type }) => type === "opening.ceremony_started");
  must(first !== undefined, "attempt.not_proved");
  const started = envelopeOf(first);
  const payload = payloadOf(started);
  const start = readStart(payload);
  const own = H("sid", payload);
  must(hex(own) === sid, "ceremony.sid");
  must(start.project === project, "ceremony.project");
  const envelopes = sorted(entries, start.n + 1);
  const joins = new Map<number, Join>();
  for (const [i, one] of envelopes.join) joins.set(i, await readJoin(start, own, one, i));
  const held = { start, sid: own, started, joins, envelopes };
  return { ...held, ...(await dealt(held)), ...outcome(entries) };
}

/** Return which step is due. */
export function stepOf(attempt: Attempt): Step {
  if (attempt.joins.size <= attempt.start.n) return "join";
  return attempt.envelopes.deal.size <= attempt.start.n ? "deal" : "certify";
}

/** Tell whether a party has still to do the step that is due. */
export function isMissing(attempt: Attempt, i: number): boolean {
  return attempt.status === "open" && !attempt.envelopes[stepOf(attempt)].has(i);
}

/** Return the deals of custodians 1..n; all have dealt. */
export function dealsOf(attempt: Attempt): CustodianDeal[] {
  return Array.from({ length: attempt.start.n }, (_, place) => {
    const found = attempt.deals.get(place + 1);
    must(found !== undefined, "attempt.not_all_dealt");
    return found;
  });
}

/** Return a custodian's place on the roster, from 1, by its signing key. */
export function placeOf(start: CeremonyStart, spki: Uint8Array): number {
  const own = keyId(spki);
  const at = start.roster.findIndex((member) => keyId(member.key) === own);
  must(at !== -1, "attempt.not_on_roster");
  return at + 1;
}

/** Return the key id that an envelope says it is signed with; nothing is checked by that. */
export function signerOf(envelope: JsonValue): string {
  const signatures = new Fields(envelope, "envelope").list("signatures");
  return signatures.length === 1 ? new Fields(signatures[0], "signature").text("keyid") : "";
}

/**
 * Repeat every check on a whole attempt and return its key.
 *
 * @param clerk the key of the clerk that started it, SubjectPublicKeyInfo.
 */
export async function acceptKey(attempt: Attempt, clerk: Bytes): Promise<CheckedKey> {
  must(attempt.status === "made" && attempt.made !== undefined, "attempt.not_made");
  const key = await checkCertificate(certificateOf(attempt), clerk);
  const { sid, key_id, pk, y_t, y } = attempt.made as Readonly<Record<string, string>> & {
    readonly y: readonly string[];
  };
  checkKeyClaim({ sid: sid ?? "", keyId: key_id ?? "", pk: pk ?? "", yT: y_t ?? "", y }, key);
  return key;
}

/** Return the certificate of a made key: start, joins 0..n, deals 0..n, certifies 0..n. */
export function certificateOf(attempt: Attempt): JsonValue[] {
  const { join, deal, certify } = attempt.envelopes;
  const parties = Array.from({ length: attempt.start.n + 1 }, (_, i) => i);
  const steps = [join, deal, certify].flatMap((step) => parties.map((i) => step.get(i)));
  const whole = steps.filter((one) => one !== undefined);
  must(whole.length === steps.length, "attempt.not_made");
  return [attempt.started, ...whole];
}

type Held = Pick<Attempt, "start" | "sid" | "joins" | "envelopes">;

/** Check whatever is dealt and certified so far against what was committed to. */
async function dealt(held: Held): Promise<Pick<Attempt, "session" | "timekeeper" | "deals" | "certified">> {
  const { start, sid, joins, envelopes } = held;
  const deals = new Map<number, CustodianDeal>();
  const certified = new Set<number>();
  if (joins.size <= start.n) return { session: undefined, timekeeper: undefined, deals, certified };
  const all = Array.from({ length: start.n + 1 }, (_, i) => joins.get(i));
  const session = beginSession(start, sid, all.filter((one) => one !== undefined));
  let timekeeper: TimekeeperDeal | undefined;
  for (const [i, one] of envelopes.deal) {
    const joined = joins.get(i);
    must(joined !== undefined, "attempt.order");
    if (i === TIMEKEEPER) timekeeper = await readTimekeeperDeal(session, start, one, joined);
    else deals.set(i, await readCustodianDeal(session, start, one, i, joined));
  }
  for (const [i, one] of envelopes.certify) {
    await readCertify(session, start, one, i);
    certified.add(i);
  }
  return { session, timekeeper, deals, certified };
}

function outcome(entries: readonly Proved[]): Pick<Attempt, "status" | "made"> {
  if (entries.some(({ type }) => DEAD.has(type))) return { status: "dead", made: undefined };
  const made = entries.find(({ type }) => type === "opening.key_made");
  return made === undefined
    ? { status: "open", made: undefined }
    : { status: "made", made: made.body };
}

/**
 * Put the parties' envelopes under step and party; what is posted twice, or before everybody did
 * the step before, is refused.
 */
function sorted(entries: readonly Proved[], parties: number): Envelopes {
  const found = { join: new Map(), deal: new Map(), certify: new Map() } satisfies Record<
    Step,
    Map<number, JsonValue>
  >;
  for (const entry of entries) {
    const step = STEP_OF[entry.type];
    if (step === undefined) continue;
    const envelope = envelopeOf(entry);
    const i = new Fields(loads(payloadOf(envelope), 1 << 22), "message").integer("i");
    must(!found[step].has(i), "attempt.posted_twice");
    const before = BEFORE[step];
    must(before === undefined || found[before].size === parties, "attempt.order");
    found[step].set(i, envelope);
  }
  return found;
}

function envelopeOf(entry: Proved): JsonValue {
  return new Fields(entry.body, entry.type).take("envelope");
}

function payloadOf(envelope: JsonValue): Bytes {
  return unbase64(new Fields(envelope, "envelope").text("payload"));
}
