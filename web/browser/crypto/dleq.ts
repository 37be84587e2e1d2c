/**
 * Partial decryptions: a custodian's share times a bid's encapsulated key, proved to be just that.
 *
 * Several bids are never proved or checked by one proof: batched weights can be forged at these
 * sizes. Source: Chaum and Pedersen 1992; docs/sealing.md section 7.
 */

import { isSame, join, utf8, type Bytes } from "./bytes.ts";
import { h2s, lp, u32 } from "./hashing.ts";
import { must } from "./invalid.ts";
import { GENERATOR, checkPeer, compressed, decode33, multiplyPublicly, type Point } from "./points.ts";
import { decodeScalar, encodeScalar, response } from "./scalars.ts";
import { freshSecret, multiply, scalarOf, type Secret } from "./secret.ts";

/** The bytes of a share: D, T1, T2, 33 each, and z, 32. */
export const SHARE = 131;

/**
 * Return what a partial is bound to.
 *
 * @param index the custodian's number from 1, or 0 for the timekeeper.
 */
export function partialContext(
  project: string,
  keyId: Uint8Array,
  openingId: Uint8Array,
  bid: string,
  index: number,
): Bytes {
  must(keyId.length === 32 && openingId.length === 32, "share.context");
  return lp(utf8(project), keyId, openingId, utf8(bid), u32(index));
}

/**
 * Return a partial decryption with its proof.
 *
 * @param share the custodian's share x_i.
 * @param enc the bid's encapsulated key.
 * @param context from `partialContext`.
 * @param nonce a fresh secret, used for this proof alone.
 */
export async function provePartial(
  share: Secret,
  enc: Point,
  context: Uint8Array,
  nonce?: Secret,
): Promise<Bytes> {
  checkPeer(enc);
  const once = nonce ?? (await freshSecret());
  const partial = compressed(await multiply(share, enc));
  const firsts = [compressed(once.publicPoint), compressed(await multiply(once, enc))] as const;
  const challenge = challengeOf(context, share.publicPoint, enc, partial, ...firsts);
  const z = response(await scalarOf(once), challenge, await scalarOf(share));
  return join(partial, ...firsts, encodeScalar(z));
}

/**
 * Check one partial decryption and return its point D.
 *
 * @param y the party's public share Y_i.
 */
export function checkPartial(share: Uint8Array, y: Point, enc: Point, context: Uint8Array): Point {
  must(share.length === SHARE, "share.length");
  const [first, second] = [share.subarray(33, 66), share.subarray(66, 99)];
  const partial = decode33(share.subarray(0, 33));
  const z = decodeScalar(share.subarray(99));
  const c = challengeOf(context, y, enc, share.subarray(0, 33), first, second);
  const sums = [
    multiplyPublicly(GENERATOR, z).subtract(multiplyPublicly(y, c)),
    multiplyPublicly(enc, z).subtract(multiplyPublicly(partial, c)),
  ] as const;
  must(!sums[0].is0() && !sums[1].is0(), "share.wrong");
  const isRight = isSame(compressed(sums[0]), first) && isSame(compressed(sums[1]), second);
  must(isRight, "share.wrong");
  return partial;
}

function challengeOf(
  context: Uint8Array,
  y: Point,
  enc: Point,
  partial: Uint8Array,
  first: Uint8Array,
  second: Uint8Array,
): bigint {
  return h2s("dleq", lp(context, compressed(y), compressed(enc), partial, first, second));
}
