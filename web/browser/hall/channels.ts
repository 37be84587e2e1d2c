/** What a page holds of each channel: its view, its lines, up to which frame; it opens no line. */

import { type JsonObject, merge } from "./merge.ts";
import type { Frame } from "./protocol.ts";
import type { Line } from "./view.ts";

interface Held {
  view: JsonObject;
  n: number;
}

/** The channels of one page; lines of all of them are one timeline. */
export class Channels {
  epoch = "";
  readonly lines = new Map<string, Line>();
  readonly #held = new Map<string, Held>();

  constructor(readonly names: readonly string[]) {
    for (const name of names) this.#held.set(name, { view: {}, n: 0 });
  }

  /** A channel's view as it is now. */
  view(name: string): JsonObject {
    return this.#held.get(name)?.view ?? {};
  }

  /** Up to which frame the page has everything. */
  n(name: string): number {
    return this.#held.get(name)?.n ?? 0;
  }

  /** Put a whole view in place. */
  reset(name: string, n: number, view: JsonObject): void {
    this.#held.set(name, { view, n });
  }

  /** Take a frame in: true when it was the next one, or one that is here already. */
  take(frame: Frame): boolean {
    const held = this.#held.get(frame.ch);
    if (held === undefined || frame.n <= held.n) return true;
    if (frame.n !== held.n + 1) return false;
    held.view = merge(held.view, frame.patch);
    held.n = frame.n;
    this.note(frame.event);
    return true;
  }

  /** Put a line into the timeline; one with the same id gives way. */
  note(line: Line): void {
    this.lines.set(line.id, { ...this.lines.get(line.id), ...line });
  }

  /** A right ended. */
  drop(name: string): void {
    this.#held.delete(name);
  }
}
