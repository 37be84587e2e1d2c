/** Streams and expectations the tests share. */

import assert from "node:assert/strict";
import { join, type Bytes } from "../../web/browser/crypto/bytes.ts";
import { composed, type Part, type Piece } from "../../web/browser/crypto/parts.ts";

/** Yield `data` in parts of `step` bytes. */
export async function* stream(data: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += step) yield data.subarray(at, at + step);
}

/** Yield `length` bytes, byte n being n mod 251, in parts of `step`. */
export async function* patterned(length: number, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += step) {
    yield Uint8Array.from({ length: Math.min(step, length - at) }, (_, i) => (at + i) % 251);
  }
}

/** Return all bytes of a stream. */
export async function collected(source: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const parts = [];
  for await (const part of source) parts.push(part);
  return join(...parts);
}

/** Return the bytes of pieces, each put where it belongs. */
export async function placed(pieces: AsyncIterable<Piece>): Promise<Bytes> {
  const found = [];
  for await (const { at, data } of pieces) found.push({ at, data: data.slice() });
  found.sort((left, right) => left.at - right.at);
  let end = 0;
  for (const { at, data } of found) {
    assert.equal(at, end);
    end += data.length;
  }
  return join(...found.map(({ data }) => data));
}

/** Return the bytes that parts come to. */
export function whole(parts: AsyncIterable<Part>, length: number): Promise<Bytes> {
  return placed(composed(parts, length, 1000));
}

/** Expect a refusal with this code. */
export async function rejectsWith(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, { name: "Invalid", code });
}
