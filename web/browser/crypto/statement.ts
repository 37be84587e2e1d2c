/** What a bid commits to, and the proof that whoever made it knows its ephemeral key. */

import { isSame, join, type Bytes } from "./bytes.ts";
import { H, h2s, lp, u64 } from "./hashing.ts";
import { must } from "./invalid.ts";
import { GENERATOR, compressed, decode33, multiplyPublicly, type Point } from "./points.ts";
import { decodeScalar, encodeScalar, response } from "./scalars.ts";
import { scalarOf, type Secret } from "./secret.ts";

/** The bytes of a sealer's proof: R, 33, and z, 32. */
export const POK = 65;

/**
 * Return the statement: params, encapsulated key and ciphertext, and the sealed file's size and
 * root.
 */
export function statement(
  params: Uint8Array,
  enc: Uint8Array,
  ct: Uint8Array,
  size: number,
  root: Uint8Array,
): Bytes {
  must(enc.length === 65 && ct.length === 48 && root.length === 32, "statement.length");
  return H("statement", params, enc, ct, u64(size), root);
}

/**
 * Prove knowledge of r for `ephemeral` = rG, bound to the statement.
 *
 * @param nonce a fresh secret, used for this proof alone.
 */
export async function proveSealer(
  ephemeral: Secret,
  stmt: Uint8Array,
  nonce: Secret,
): Promise<Bytes> {
  const commitment = compressed(nonce.publicPoint);
  const challenge = sealerChallenge(ephemeral.publicPoint, commitment, stmt);
  const z = response(await scalarOf(nonce), challenge, await scalarOf(ephemeral));
  return join(commitment, encodeScalar(z));
}

/** Check a sealer's proof: zG = R + c enc. */
export function checkSealer(enc: Point, stmt: Uint8Array, pok: Uint8Array): void {
  must(pok.length === POK, "pok.length");
  const commitment = pok.subarray(0, 33);
  const z = decodeScalar(pok.subarray(33));
  const challenge = sealerChallenge(enc, commitment, stmt);
  const right = decode33(commitment).add(multiplyPublicly(enc, challenge));
  const left = multiplyPublicly(GENERATOR, z);
  must(!left.is0() && !right.is0() && isSame(compressed(left), compressed(right)), "pok.wrong");
}

function sealerChallenge(enc: Point, commitment: Uint8Array, stmt: Uint8Array): bigint {
  return h2s("sealer-pok", lp(compressed(enc), commitment, stmt));
}
