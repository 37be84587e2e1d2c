/**
 * The root over 1 MiB slices of a sealed file, taken while it is written; memory is the slices that
 * are not whole yet, and a hash for each that is.
 */

import type { Bytes } from "./bytes.ts";
import { must } from "./invalid.ts";
import { RootStack } from "./merkle.ts";

/** Bytes of a slice; the last one of a file may be shorter. */
export const SLICE = 1 << 20;
/** Slices that are being hashed at a time. */
const TOGETHER = 4;

interface Slice {
  /** The slice behind the 0 byte that marks a leaf. */
  readonly data: Bytes;
  filled: number;
}

/** Takes a file in pieces, each byte once; each call is awaited before the next. */
export class SliceTree {
  readonly #open = new Map<number, Slice>();
  readonly #leaves: Bytes[] = [];
  #hashing: Promise<void>[] = [];
  /** Slices to use again. */
  readonly #spare: Bytes[] = [];
  #total = 0;
  #end = 0;

  /** The bytes taken so far. */
  get size(): number {
    return this.#total;
  }

  /** Take bytes of the file; without `from` they are the next ones. */
  async update(piece: Uint8Array, from = this.#end): Promise<void> {
    for (let done = 0; done < piece.length;) {
      const place = from + done;
      const [index, offset] = [Math.floor(place / SLICE), place % SLICE];
      const slice = this.#open.get(index) ?? this.#begun(index);
      const taken = Math.min(SLICE - offset, piece.length - done);
      slice.data.set(piece.subarray(done, done + taken), 1 + offset);
      slice.filled += taken;
      done += taken;
      if (slice.filled === SLICE) await this.#close(index, slice);
    }
    this.#total += piece.length;
    this.#end = Math.max(this.#end, from + piece.length);
  }

  /** Return the root; nothing may be added afterwards. */
  async root(): Promise<Bytes> {
    must(this.#total === this.#end, "slices.gap");
    for (const [index, slice] of this.#open) await this.#close(index, slice);
    await Promise.all(this.#hashing);
    const stack = new RootStack();
    for (const leaf of this.#leaves) stack.push(leaf);
    return stack.root();
  }

  async #close(index: number, { data, filled }: Slice): Promise<void> {
    this.#open.delete(index);
    const hashing = this.#hash(index, data, 1 + filled);
    // whoever stops in between never waits for this one
    hashing.catch(() => undefined);
    this.#hashing.push(hashing);
    if (this.#hashing.length >= TOGETHER) await this.#hashing.shift();
  }

  async #hash(index: number, data: Bytes, length: number): Promise<void> {
    const hash = await crypto.subtle.digest("SHA-256", data.subarray(0, length));
    this.#leaves[index] = new Uint8Array(hash);
    this.#spare.push(data);
  }

  #begun(index: number): Slice {
    const slice = { data: this.#spare.pop() ?? new Uint8Array(1 + SLICE), filled: 0 };
    this.#open.set(index, slice);
    return slice;
  }
}
