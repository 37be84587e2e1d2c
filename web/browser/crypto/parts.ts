/**
 * A long content that is written in order but for short gaps, which are filled when what belongs
 * there is known: so that a file is read once, though its checksum stands before it.
 */

import type { Bytes } from "./bytes.ts";
import { must } from "./invalid.ts";

/** Room for so many bytes that are told later. */
export class Room {
  constructor(readonly length: number) {}
}

/** What comes into room that was left before; once, and all of it. */
export interface Filling {
  readonly room: Room;
  readonly bytes: Uint8Array;
}

export type Part = Uint8Array | Room | Filling;

/** A stretch of a content that is whole; `at` is where it begins. */
export interface Piece {
  readonly at: number;
  readonly data: Bytes;
}

interface Unfinished {
  readonly data: Bytes;
  missing: number;
}

/** Return how much further a part takes the content. */
export function lengthOf(part: Part): number {
  return part instanceof Uint8Array || part instanceof Room ? part.length : 0;
}

/**
 * Yield a content of `length` bytes in pieces of `step`, the last one shorter: each as soon as it is
 * whole, and exactly once. Only pieces with gaps are held back.
 */
export async function* composed(
  parts: AsyncIterable<Part>,
  length: number,
  step: number,
): AsyncGenerator<Piece> {
  const open = new Map<number, Unfinished>();
  const left = new Map<Room, number>();
  let at = 0;
  for await (const part of parts) {
    if (part instanceof Room) {
      left.set(part, at);
      at += part.length;
    } else if (part instanceof Uint8Array) {
      yield* written(open, at, part, length, step);
      at += part.length;
    } else {
      const from = left.get(part.room);
      must(from !== undefined && part.room.length === part.bytes.length, "package.room");
      left.delete(part.room);
      yield* written(open, from, part.bytes, length, step);
    }
  }
  must(at === length && open.size === 0 && left.size === 0, "package.length");
}

function* written(
  open: Map<number, Unfinished>,
  from: number,
  bytes: Uint8Array,
  length: number,
  step: number,
): Generator<Piece> {
  must(from + bytes.length <= length, "package.length");
  for (let done = 0; done < bytes.length;) {
    const start = from + done - ((from + done) % step);
    const size = Math.min(step, length - start);
    const piece = open.get(start) ?? { data: new Uint8Array(size), missing: size };
    const taken = Math.min(bytes.length - done, start + size - from - done);
    piece.data.set(bytes.subarray(done, done + taken), from + done - start);
    piece.missing -= taken;
    done += taken;
    if (piece.missing > 0) {
      open.set(start, piece);
    } else {
      open.delete(start);
      yield { at: start, data: piece.data };
    }
  }
}
