/** The arithmetic of a draw by commit and reveal: what a party commits to, and what comes out. */

import { hex, unhex, utf8, type Bytes } from "../crypto/bytes.ts";
import { H } from "../crypto/hashing.ts";
import { must } from "../crypto/invalid.ts";
import { numberOf } from "../crypto/scalars.ts";

/** What is known of a draw once everybody has revealed; `secrets` in the order of its parties. */
export interface Revealed {
  readonly draw: string;
  /** The log's root that the draw was sealed with, 64 hex characters. */
  readonly root: string;
  readonly secrets: readonly string[];
  readonly values: readonly string[];
}

/** Return what a party commits to; the account keeps it from being copied. */
export function drawCommit(draw: string, account: string, secret: Uint8Array): Bytes {
  return H("draw-commit", utf8(draw), utf8(account), secret);
}

/** Return seed and result of a draw, so that anybody can work them out again. */
export function drawResult({ draw, root, secrets, values }: Revealed): {
  seed: string;
  result: string;
} {
  must(values.length > 0, "draw.values");
  const parts = [root, ...secrets].map((part) => unhex(part, 32));
  const seed = accepted(H("draw-seed", utf8(draw), ...parts), values.length);
  const result = values[Number(numberOf(seed) % BigInt(values.length))] ?? "";
  return { seed: hex(seed), result };
}

/**
 * Return the first candidate that favours none of `count` values: one below the greatest multiple
 * of `count` within 256 bits.
 */
export function accepted(candidate: Bytes, count: number): Bytes {
  const bound = (1n << 256n) - ((1n << 256n) % BigInt(count));
  let seed = candidate;
  while (numberOf(seed) >= bound) seed = H("draw-next", seed);
  return seed;
}
