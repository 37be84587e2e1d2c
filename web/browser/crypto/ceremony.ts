/**
 * The messages of a key ceremony, each read strictly and checked as far as it can be by itself and
 * by what was posted before it.
 *
 * It holds no secret and does not know which step is due; attempts and certificates are built on it.
 */

import { hex, isSame, join, utf8, type Bytes } from "./bytes.ts";
import { loads, type JsonValue } from "./canonical.ts";
import { ceremonyContext, possessionMessage, transcript, type Deal } from "./cocktail.ts";
import { openEnvelope } from "./dsse.ts";
import { Fields } from "./fields.ts";
import { H, sha256, u32 } from "./hashing.ts";
import { must } from "./invalid.ts";
import { checkPeer, compressed, decode33, type Point } from "./points.ts";
import { checkSchnorr } from "./schnorr.ts";
import type { CeremonyStart } from "./start.ts";

const LIMIT = 1 << 22;
/** The timekeeper's number among the parties. */
export const TIMEKEEPER = 0;

/** What a party committed to; the timekeeper has no static key. */
export interface Join {
  readonly commit: Bytes;
  readonly p: Point | undefined;
}

/** A dealing with its ciphertexts, which the transcript binds through its extension alone. */
export interface CustodianDeal extends Deal {
  readonly shares: readonly Bytes[];
}

/** The timekeeper's share key and the proof that it has the secret. */
export interface TimekeeperDeal {
  readonly y: Point;
  readonly pop: Bytes;
}

/** A party's signature over the transcript, not yet checked. */
export interface Certify {
  readonly keyId: Bytes;
  readonly signature: Bytes;
}

/** What all custodians of one attempt agree on before anybody deals. */
export interface Session {
  readonly sid: Bytes;
  readonly k: number;
  readonly n: number;
  /** P_1..P_n, in the roster's order. */
  readonly statics: readonly Point[];
  readonly context: Bytes;
}

/** Return the signing key of a party as the ceremony names it. */
export function partyKey(start: CeremonyStart, i: number): Bytes {
  const key = i === TIMEKEEPER ? start.timekeeper.key : start.roster[i - 1]?.key;
  must(key !== undefined, "ceremony.roster");
  return key;
}

/** Check who signed a message of an attempt, and return its other fields to be read. */
export async function openMessage(
  start: CeremonyStart,
  sid: Bytes,
  envelope: JsonValue,
  kind: string,
  i: number,
): Promise<Fields> {
  const payload = await openEnvelope(envelope, kind, partyKey(start, i));
  const fields = new Fields(loads(payload, LIMIT), kind).version();
  must(isSame(fields.bytes("sid", 32), sid), "ceremony.sid");
  must(fields.integer("i") === i, "ceremony.index");
  return fields;
}

/** Read a `ceremony-join`. */
export async function readJoin(
  start: CeremonyStart,
  sid: Bytes,
  envelope: JsonValue,
  i: number,
): Promise<Join> {
  const fields = await openMessage(start, sid, envelope, "ceremony-join", i);
  const commit = fields.bytes("commit", 32);
  const p = i === TIMEKEEPER ? undefined : decode33(fields.bytes("p", 33));
  fields.done();
  if (p !== undefined) checkPeer(p);
  return { commit, p };
}

/**
 * Fix what everybody committed to.
 *
 * @param joins of the timekeeper first, then of custodians 1..n.
 */
export function beginSession(start: CeremonyStart, sid: Bytes, joins: readonly Join[]): Session {
  must(joins.length === start.n + 1, "certificate.length");
  const statics = joins.flatMap(({ p }) => (p === undefined ? [] : [p]));
  return sessionOf(sid, start.k, statics);
}

/** Fix the static keys of a session; two that are the same, or one no secret may multiply, are refused. */
export function sessionOf(sid: Bytes, k: number, statics: readonly Point[]): Session {
  statics.forEach(checkPeer);
  const different = new Set(statics.map((p) => hex(compressed(p))));
  must(different.size === statics.length, "ceremony.same_static");
  must(k >= 2 && k <= statics.length, "ceremony.roster");
  return { sid, k, n: statics.length, statics, context: ceremonyContext(sid, statics) };
}

/** Return the static key of a custodian. */
export function staticOf(session: Session, i: number): Point {
  const point = session.statics[i - 1];
  must(point !== undefined, "ceremony.static");
  return point;
}

/** Return what a custodian posts before anybody deals, so that nobody deals last with a choice. */
export function dealerCommitment(
  sid: Bytes,
  i: number,
  commitments: readonly Point[],
  ephemeral: Point,
): Bytes {
  return H("dkg-commit", sid, u32(i), join(...commitments.map(compressed)), compressed(ephemeral));
}

/** Read the timekeeper's `ceremony-deal` and check it against what it committed to. */
export async function readTimekeeperDeal(
  session: Session,
  start: CeremonyStart,
  envelope: JsonValue,
  joined: Join,
): Promise<TimekeeperDeal> {
  const fields = await openMessage(start, session.sid, envelope, "ceremony-deal", TIMEKEEPER);
  const y = decode33(fields.bytes("y", 33));
  const pop = fields.bytes("pop", 65);
  fields.done();
  const commit = H("dkg-commit", session.sid, u32(TIMEKEEPER), compressed(y));
  must(isSame(commit, joined.commit), "ceremony.commit");
  checkSchnorr(y, join(session.context, utf8("timekeeper"), compressed(y)), pop);
  return { y, pop };
}

/** Read a custodian's `ceremony-deal` and check all of it that is public. */
export async function readCustodianDeal(
  session: Session,
  start: CeremonyStart,
  envelope: JsonValue,
  i: number,
  joined: Join,
): Promise<CustodianDeal> {
  const fields = await openMessage(start, session.sid, envelope, "ceremony-deal", i);
  const commitments = fields.hexList("c", 33, session.k).map(decode33);
  const pop = fields.bytes("pop", 65);
  const ephemeral = decode33(fields.bytes("e", 33));
  const shares = fields.hexList("shares", 48, session.n);
  fields.done();
  checkPeer(ephemeral);
  const commit = dealerCommitment(session.sid, i, commitments, ephemeral);
  must(isSame(commit, joined.commit), "ceremony.commit");
  const [constant] = commitments;
  must(constant !== undefined, "ceremony.commitments");
  checkSchnorr(constant, possessionMessage(session.context, { commitments, ephemeral }), pop);
  return { commitments, pop, ephemeral, shares };
}

/** Read a `ceremony-certify`. */
export async function readCertify(
  session: Session,
  start: CeremonyStart,
  envelope: JsonValue,
  i: number,
): Promise<Certify> {
  const fields = await openMessage(start, session.sid, envelope, "ceremony-certify", i);
  const certify = { keyId: fields.bytes("key_id", 32), signature: fields.bytes("sig", 65) };
  fields.done();
  return certify;
}

/** Return the transcript that everybody signs, and the key id it gives. */
export function signedTranscript(
  session: Session,
  deals: readonly CustodianDeal[],
  timekeeper: TimekeeperDeal,
): { transcript: Bytes; keyId: Bytes } {
  const ciphertexts = deals.flatMap((deal) => deal.shares);
  const extension = H("dkg-ext", compressed(timekeeper.y), timekeeper.pop, ...ciphertexts);
  const signed = transcript(session.context, session.k, session.statics, deals, extension);
  return { transcript: signed, keyId: sha256(signed) };
}
