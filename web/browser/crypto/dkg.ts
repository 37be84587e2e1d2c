/**
 * A custodian's own part of a key ceremony: what it commits to, deals and signs.
 *
 * It must not know messages or envelopes; its secrets derive from the kit and the ceremony's id, so
 * that a lost page costs nothing and no polynomial is dealt to two rosters.
 */

import { isSame, join, type Bytes } from "./bytes.ts";
import {
  dealerCommitment,
  signedTranscript,
  staticOf,
  type CustodianDeal,
  type Session,
  type TimekeeperDeal,
} from "./ceremony.ts";
import { possessionMessage } from "./cocktail.ts";
import { must } from "./invalid.ts";
import { derive } from "./kit.ts";
import { compressed, type Point } from "./points.ts";
import { ORDER, encodeScalar } from "./scalars.ts";
import { signSchnorr } from "./schnorr.ts";
import { multiply, secretFrom, type Secret } from "./secret.ts";
import { shareKey } from "./shares.ts";
import { xaesSeal } from "./xaes.ts";

/** A custodian's secrets of one attempt. */
export interface DealerSecrets {
  readonly fixed: Secret;
  readonly ephemeral: Secret;
  readonly coefficients: readonly bigint[];
}

/** Return a custodian's secrets of an attempt, the same each time. */
export async function dealerSecrets(
  master: CryptoKey,
  sid: Bytes,
  k: number,
): Promise<DealerSecrets> {
  const places = Array.from({ length: k }, (_, place) => derive(master, `coef/${place}`, sid));
  return {
    fixed: await secretFrom(await derive(master, "static", sid)),
    ephemeral: await secretFrom(await derive(master, "eph", sid)),
    coefficients: await Promise.all(places),
  };
}

/** Return the commitments to a polynomial, computed natively. */
export async function commitmentsOf(secrets: DealerSecrets): Promise<Point[]> {
  const held = await Promise.all(secrets.coefficients.map(secretFrom));
  return held.map(({ publicPoint }) => publicPoint);
}

/** Return what is posted before anybody deals. */
export async function commitTo(sid: Bytes, i: number, secrets: DealerSecrets): Promise<Bytes> {
  return dealerCommitment(sid, i, await commitmentsOf(secrets), secrets.ephemeral.publicPoint);
}

/**
 * Deal: commit to the polynomial and encrypt its value for every custodian.
 *
 * @param nonce of the proof of possession; drawn unless given.
 */
export async function deal(
  session: Session,
  i: number,
  secrets: DealerSecrets,
  nonce?: Secret,
): Promise<CustodianDeal> {
  must(secrets.coefficients.length === session.k, "ceremony.commitments");
  const own = compressed(secrets.fixed.publicPoint);
  must(isSame(own, compressed(staticOf(session, i))), "ceremony.secret");
  const commitments = await commitmentsOf(secrets);
  const ephemeral = secrets.ephemeral.publicPoint;
  const [constant] = secrets.coefficients;
  must(constant !== undefined, "ceremony.commitments");
  const message = possessionMessage(session.context, { commitments, ephemeral });
  const pop = await signSchnorr(await secretFrom(constant), message, nonce);
  const shares: Bytes[] = [];
  for (const [place, recipient] of session.statics.entries()) {
    const value = valueAt(secrets.coefficients, place + 1);
    shares.push(await sealShare(session, secrets, recipient, value));
  }
  return { commitments, pop, ephemeral, shares };
}

/** Sign the transcript with the static secret of the attempt. */
export async function certify(
  session: Session,
  fixed: Secret,
  deals: readonly CustodianDeal[],
  timekeeper: TimekeeperDeal,
): Promise<{ keyId: Bytes; signature: Bytes }> {
  const { transcript, keyId } = signedTranscript(session, deals, timekeeper);
  return { keyId, signature: await signSchnorr(fixed, transcript) };
}

async function sealShare(
  session: Session,
  secrets: DealerSecrets,
  recipient: Point,
  value: bigint,
): Promise<Bytes> {
  const both = join(
    compressed(await multiply(secrets.ephemeral, recipient)),
    compressed(await multiply(secrets.fixed, recipient)),
  );
  const [e, own] = [secrets.ephemeral.publicPoint, secrets.fixed.publicPoint];
  const { key, nonce } = shareKey(session, both, e, own, recipient);
  return xaesSeal(key, nonce, encodeScalar(value));
}

/** Return the polynomial's value at a custodian's number. */
function valueAt(coefficients: readonly bigint[], i: number): bigint {
  return coefficients.reduceRight((sum, next) => (sum * BigInt(i) + next) % ORDER, 0n);
}
