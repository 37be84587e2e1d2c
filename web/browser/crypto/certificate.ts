/**
 * Checking the certificate of a section's key: the ceremony itself, all 3n + 4 signed messages.
 *
 * Every public check is repeated and the transcript rebuilt; that the entries stand in a cosigned
 * checkpoint, and that the notice names the same roster and key, is the caller's to check.
 */

import { hex, isSame, type Bytes } from "./bytes.ts";
import type { JsonValue } from "./canonical.ts";
import {
  TIMEKEEPER,
  beginSession,
  readCertify,
  readCustodianDeal,
  readJoin,
  readTimekeeperDeal,
  signedTranscript,
  staticOf,
  type CustodianDeal,
  type Join,
  type Session,
  type TimekeeperDeal,
} from "./ceremony.ts";
import { aggregate, verificationShare } from "./cocktail.ts";
import { openEnvelope } from "./dsse.ts";
import { H } from "./hashing.ts";
import { must } from "./invalid.ts";
import { compressed, uncompressed, type Point } from "./points.ts";
import { checkSchnorr } from "./schnorr.ts";
import { readStart, type CeremonyStart } from "./start.ts";

/** A key whose certificate holds. */
export interface CheckedKey {
  readonly start: CeremonyStart;
  readonly sid: Bytes;
  readonly keyId: Bytes;
  /** The key bids are sealed to. */
  readonly pk: Point;
  readonly timekeeperShare: Point;
  readonly shares: readonly Point[];
}

/** A `key` entry's claim, to be compared with what the certificate gives. */
export interface KeyClaim {
  readonly sid: string;
  readonly keyId: string;
  readonly pk: string;
  readonly yT: string;
  readonly y: readonly string[];
}

/**
 * Check a certificate, or throw the first thing that is wrong with it.
 *
 * @param envelopes start, joins 0..n, deals 0..n, certifies 0..n.
 * @param clerk the clerk's key, as the project's record binds it.
 */
export async function checkCertificate(
  envelopes: readonly JsonValue[],
  clerk: Bytes,
): Promise<CheckedKey> {
  const [first, ...rest] = envelopes;
  must(first !== undefined, "certificate.length");
  const startPayload = await openEnvelope(first, "ceremony-start", clerk);
  const start = readStart(startPayload);
  must(rest.length === 3 * (start.n + 1), "certificate.length");
  const sid = H("sid", startPayload);
  const parties = start.n + 1;
  const joined = rest.slice(0, parties).map((one, i) => readJoin(start, sid, one, i));
  const joins = await Promise.all(joined);
  const session = beginSession(start, sid, joins);
  const dealt = await readDeals(session, start, rest.slice(parties, 2 * parties), joins);
  const keyId = await checkCertified(session, start, rest.slice(2 * parties), dealt);
  return keyOf(start, session, dealt, keyId);
}

/** Refuse a `key` entry that claims anything else than its certificate gives. */
export function checkKeyClaim(claim: KeyClaim, key: CheckedKey): void {
  must(claim.sid === hex(key.sid) && claim.keyId === hex(key.keyId), "key.ids");
  must(claim.pk === hex(uncompressed(key.pk)), "key.pk");
  must(claim.yT === hex(compressed(key.timekeeperShare)), "key.y_t");
  const shares = key.shares.map((share) => hex(compressed(share)));
  must(claim.y.length === shares.length && claim.y.every((y, i) => y === shares[i]), "key.y");
}

interface Dealt {
  readonly timekeeper: TimekeeperDeal;
  readonly deals: readonly CustodianDeal[];
}

async function readDeals(
  session: Session,
  start: CeremonyStart,
  envelopes: readonly JsonValue[],
  joins: readonly Join[],
): Promise<Dealt> {
  const [first, ...rest] = envelopes;
  const joined = (i: number): Join => {
    const found = joins[i];
    must(found !== undefined, "certificate.length");
    return found;
  };
  must(first !== undefined, "certificate.length");
  const timekeeper = await readTimekeeperDeal(session, start, first, joined(TIMEKEEPER));
  const deals = await Promise.all(
    rest.map((one, j) => readCustodianDeal(session, start, one, j + 1, joined(j + 1))),
  );
  return { timekeeper, deals };
}

/** Check that every party signed the transcript, and return the key id it gives. */
async function checkCertified(
  session: Session,
  start: CeremonyStart,
  envelopes: readonly JsonValue[],
  dealt: Dealt,
): Promise<Bytes> {
  const { transcript, keyId } = signedTranscript(session, dealt.deals, dealt.timekeeper);
  await Promise.all(
    envelopes.map(async (envelope, i) => {
      const certify = await readCertify(session, start, envelope, i);
      must(isSame(certify.keyId, keyId), "ceremony.key_id");
      const signer = i === TIMEKEEPER ? dealt.timekeeper.y : staticOf(session, i);
      checkSchnorr(signer, transcript, certify.signature);
    }),
  );
  return keyId;
}

function keyOf(
  start: CeremonyStart,
  session: Session,
  { timekeeper, deals }: Dealt,
  keyId: Bytes,
): CheckedKey {
  const coefficients = aggregate(start.k, deals);
  const [constant] = coefficients;
  must(constant !== undefined, "ceremony.commitments");
  const pk = constant.add(timekeeper.y);
  must(!pk.is0(), "ceremony.key");
  const shares = session.statics.map((_, j) => verificationShare(coefficients, j + 1));
  const timekeeperShare = timekeeper.y;
  return { start, sid: session.sid, keyId, pk, timekeeperShare, shares };
}
