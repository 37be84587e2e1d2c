/**
 * Framing, tagged hash and hash to scalar, as every other module uses them; it must not know who
 * asks.
 */

import { expand_message_xmd } from "@noble/curves/abstract/hash-to-curve.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { join, utf8, type Bytes } from "./bytes.ts";
import { must } from "./invalid.ts";
import { ORDER, numberOf } from "./scalars.ts";

/** The purposes a scalar is hashed for; a purpose has one use. */
export type Purpose = "sealer-pok" | "dleq" | "nonce";

/** Return SHA-256 of `data`. */
export function sha256(data: Uint8Array): Bytes {
  return nobleSha256(data);
}

/** Return four bytes, big endian. */
export function u32(value: number): Bytes {
  must(Number.isInteger(value) && value >= 0 && value < 2 ** 32, "integer.range");
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

/** Return eight bytes, big endian. */
export function u64(value: number): Bytes {
  must(Number.isSafeInteger(value) && value >= 0, "integer.range");
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value));
  return out;
}

/**
 * Frame parts so that no two lists of parts give the same bytes: each after its length, eight
 * bytes.
 */
export function lp(...parts: readonly Uint8Array[]): Bytes {
  return join(...parts.flatMap((part) => [u64(part.length), part]));
}

/** Return the tagged hash of framed parts, 32 bytes. */
export function H(tag: string, ...parts: readonly Uint8Array[]): Bytes {
  return sha256(lp(utf8(`kaibiao-v1/${tag}`), ...parts));
}

/**
 * Hash a message to a scalar modulo the group order.
 *
 * Source: RFC 9380 section 5.2, m = 1, L = 48, expand_message_xmd with SHA-256.
 */
export function h2s(purpose: Purpose, message: Uint8Array): bigint {
  const domain = utf8(`KAIBIAO-V01-with-P256_XMD:SHA-256_L48_${purpose}`);
  return numberOf(expand_message_xmd(message, domain, 48, nobleSha256)) % ORDER;
}
