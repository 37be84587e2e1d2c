/** Integers modulo the order of P-256 and their strict 32-byte form. */

import { p256 } from "@noble/curves/nist.js";
import { hex, unhex, type Bytes } from "./bytes.ts";
import { must } from "./invalid.ts";
import { fresh } from "./random.ts";

/** The prime order q of the group. */
export const ORDER: bigint = p256.Point.Fn.ORDER;

/** Return the integer that big-endian bytes stand for. */
export function numberOf(data: Uint8Array): bigint {
  return BigInt(`0x0${hex(data)}`);
}

/** Return a scalar from exactly 32 bytes; q and above are refused, never reduced. */
export function decodeScalar(data: Uint8Array): bigint {
  must(data.length === 32, "scalar.length");
  const value = numberOf(data);
  must(value < ORDER, "scalar.range");
  return value;
}

/** Return a scalar from exactly 32 bytes that is not zero either. */
export function decodeSecretScalar(data: Uint8Array): bigint {
  const value = decodeScalar(data);
  must(value !== 0n, "scalar.zero");
  return value;
}

/** Return the 32 bytes of a scalar. */
export function encodeScalar(value: bigint): Bytes {
  must(value >= 0n && value < ORDER, "scalar.range");
  return unhex(value.toString(16).padStart(64, "0"));
}

/** Return a fresh scalar in [1, q-1], without bias. */
export function freshScalar(): bigint {
  for (;;) {
    const value = numberOf(fresh(32));
    if (value > 0n && value < ORDER) return value;
  }
}

/**
 * Return nonce + challenge * secret mod q, a Schnorr response.
 *
 * The big-integer product runs over `secret + mask`, so its time tells nothing that repeats about
 * the secret; the challenge is public.
 */
export function response(nonce: bigint, challenge: bigint, secret: bigint): bigint {
  const mask = freshScalar();
  const masked = (challenge * ((secret + mask) % ORDER)) % ORDER;
  const unmask = (challenge * mask) % ORDER;
  return (((nonce + masked - unmask) % ORDER) + ORDER) % ORDER;
}
