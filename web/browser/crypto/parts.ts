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
 *
 * @param spare buffers of `step` bytes to use again; whoever is done with a piece may put its own
 *   here: fresh memory costs as much as encrypting into it.
 */
export async function* composed(
  parts: AsyncIterable<Part>,
  length: number,
  step: number,
  spare: Bytes[] = [],
): AsyncGenerator<Piece> {
  const desk = new Desk(length, step, spare);
  const left = new Map<Room, number>();
  let at = 0;
  for await (const part of parts) {
    if (part instanceof Room) {
      left.set(part, at);
      at += part.length;
    } else if (part instanceof Uint8Array) {
      yield* desk.write(at, part);
      at += part.length;
    } else {
      const from = left.get(part.room);
      must(from !== undefined && part.room.length === part.bytes.length, "package.room");
      left.delete(part.room);
      yield* desk.write(from, part.bytes);
    }
  }
  must(at === length && desk.isEmpty && left.size === 0, "package.length");
}

/** Holds the pieces that are not whole yet. */
class Desk {
  readonly #open = new Map<number, Unfinished>();

  constructor(
    private readonly length: number,
    private readonly step: number,
    private readonly spare: Bytes[],
  ) {}

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  /** Put bytes to their place, and give out what is whole with them. */
  *write(from: number, bytes: Uint8Array): Generator<Piece> {
    must(from + bytes.length <= this.length, "package.length");
    for (let done = 0; done < bytes.length;) {
      const place = from + done;
      const start = place - (place % this.step);
      const piece = this.#open.get(start) ?? this.#begun(start);
      const taken = Math.min(bytes.length - done, start + piece.data.length - place);
      piece.data.set(bytes.subarray(done, done + taken), place - start);
      piece.missing -= taken;
      done += taken;
      if (piece.missing > 0) continue;
      this.#open.delete(start);
      yield { at: start, data: piece.data };
    }
  }

  #begun(start: number): Unfinished {
    const size = Math.min(this.step, this.length - start);
    const used = size === this.step ? this.spare.pop() : undefined;
    const piece = { data: used ?? new Uint8Array(size), missing: size };
    this.#open.set(start, piece);
    return piece;
  }
}
