/**
 * The plaintext of a body: the package between its length and zeros; the padding must not tell the
 * length.
 */

import { join, type Bytes } from "./bytes.ts";
import { u64 } from "./hashing.ts";
import { must } from "./invalid.ts";
import { lengthOf, type Part } from "./parts.ts";

/** A plaintext is a whole number of these bytes. */
export const BLOCK = 1 << 16;
const LENGTH_BYTES = 8;

/** Return how long the plaintext of a package of `length` bytes is. */
export function framedLength(length: number): number {
  return Math.ceil((LENGTH_BYTES + length) / BLOCK) * BLOCK;
}

/** Yield the plaintext of a package that must have exactly `length` bytes. */
export async function* framed(
  source: AsyncIterable<Part>,
  length: number,
): AsyncGenerator<Part> {
  yield u64(length);
  let seen = 0;
  for await (const part of source) {
    seen += lengthOf(part);
    must(seen <= length, "package.length");
    yield part;
  }
  must(seen === length, "package.length");
  const zeros = framedLength(length) - LENGTH_BYTES - length;
  if (zeros > 0) yield new Uint8Array(zeros);
}

/**
 * Yield the package out of a plaintext; its length, its size in blocks and the zeros are all
 * checked.
 */
export async function* unframed(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Bytes = new Uint8Array(0);
  let [length, seen] = [-1, 0];
  for await (const part of plain) {
    seen += part.length;
    let rest = part;
    if (length < 0) {
      head = join(head, part);
      if (head.length < LENGTH_BYTES) continue;
      length = lengthIn(head);
      rest = head.subarray(LENGTH_BYTES);
    }
    const left = Math.max(0, LENGTH_BYTES + length - (seen - rest.length));
    if (left > 0) yield rest.subarray(0, left);
    must(
      rest.subarray(left).every((byte) => byte === 0),
      "package.padding",
    );
  }
  must(length >= 0 && seen === framedLength(length), "package.length");
}

function lengthIn(head: Bytes): number {
  const length = Number(new DataView(head.buffer, head.byteOffset, LENGTH_BYTES).getBigUint64(0));
  must(Number.isSafeInteger(length), "package.length");
  return length;
}
