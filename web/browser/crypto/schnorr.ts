/** Schnorr signatures as COCKTAIL has them; what a signing key signs is dsse.ts. */

import { isSame, join, utf8, type Bytes } from "./bytes.ts";
import { sha256 } from "./hashing.ts";
import { must } from "./invalid.ts";
import { GENERATOR, compressed, decode33, multiplyPublicly, type Point } from "./points.ts";
import { ORDER, decodeScalar, encodeScalar, numberOf, response } from "./scalars.ts";
import { freshSecret, scalarOf, type Secret } from "./secret.ts";

const CHALLENGE = utf8("COCKTAIL-DKG-P256-SHA256-H7");

/** Check a signature, R of 33 bytes and z of 32, over `message` under `pk`. */
export function checkSchnorr(pk: Point, message: Uint8Array, signature: Uint8Array): void {
  must(signature.length === 65, "schnorr.length");
  const commitment = signature.subarray(0, 33);
  const left = multiplyPublicly(GENERATOR, decodeScalar(signature.subarray(33)));
  const challenge = cocktailScalar(join(CHALLENGE, commitment, compressed(pk), message));
  const right = decode33(commitment).add(multiplyPublicly(pk, challenge));
  must(!left.is0() && !right.is0() && isSame(compressed(left), compressed(right)), "schnorr.wrong");
}

/**
 * Sign a message: R, 33 bytes, and z, 32.
 *
 * @param nonce a fresh secret, used for this signature alone.
 */
export async function signSchnorr(
  secret: Secret,
  message: Uint8Array,
  nonce?: Secret,
): Promise<Bytes> {
  const once = nonce ?? (await freshSecret());
  const first = compressed(once.publicPoint);
  const challenge = cocktailScalar(join(CHALLENGE, first, compressed(secret.publicPoint), message));
  const z = response(await scalarOf(once), challenge, await scalarOf(secret));
  return join(first, encodeScalar(z));
}

/** COCKTAIL's own hash to scalar, 48 bytes of two hashes; never the one of our own proofs. */
function cocktailScalar(input: Bytes): bigint {
  const first = sha256(join(Uint8Array.of(1), input));
  const second = sha256(join(Uint8Array.of(2), input)).subarray(0, 16);
  return numberOf(join(first, second)) % ORDER;
}
