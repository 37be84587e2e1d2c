/** Cuts a stream into pieces of one length; it must not keep more than one piece. */

import type { Bytes } from "./bytes.ts";

/**
 * Yield the bytes of `source` in pieces of exactly `length`, the last one shorter but never empty.
 *
 * @param first the length of the first piece, where it differs.
 */
export async function* regroup(
  source: AsyncIterable<Uint8Array>,
  length: number,
  first = length,
): AsyncGenerator<Bytes, undefined> {
  let piece: Bytes = new Uint8Array(first);
  let filled = 0;
  for await (const part of source) {
    for (let at = 0; at < part.length;) {
      const taken = Math.min(piece.length - filled, part.length - at);
      piece.set(part.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < piece.length) continue;
      yield piece;
      [piece, filled] = [new Uint8Array(length), 0];
    }
  }
  if (filled > 0) yield piece.slice(0, filled);
  return undefined;
}
