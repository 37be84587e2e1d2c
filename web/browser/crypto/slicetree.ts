/** The root over 1 MiB slices of a sealed file, taken while it streams by; memory is one slice. */

import type { Bytes } from "./bytes.ts";
import { RootStack } from "./merkle.ts";

/** Bytes of a slice; the last one of a file may be shorter. */
export const SLICE = 1 << 20;

/** Takes a file piece by piece, in order; each call is awaited before the next. */
export class SliceTree {
  private readonly stack = new RootStack();
  /** One slice behind the 0 byte that marks a leaf. */
  private readonly slice: Bytes = new Uint8Array(1 + SLICE);
  private filled = 0;
  private total = 0;

  /** The bytes taken so far. */
  get size(): number {
    return this.total;
  }

  /** Take the next bytes of the file. */
  async update(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length;) {
      const taken = Math.min(SLICE - this.filled, piece.length - at);
      this.slice.set(piece.subarray(at, at + taken), 1 + this.filled);
      this.filled += taken;
      at += taken;
      if (this.filled === SLICE) await this.closeSlice();
    }
    this.total += piece.length;
  }

  /** Return the root; nothing may be added afterwards. */
  async root(): Promise<Bytes> {
    if (this.filled > 0) await this.closeSlice();
    return this.stack.root();
  }

  private async closeSlice(): Promise<void> {
    const data = this.slice.subarray(0, 1 + this.filled);
    this.filled = 0;
    this.stack.push(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
  }
}
