/** How large things become, and how people say it. */

import { sealedLength } from "../crypto/cobblestone.ts";
import { framedLength } from "../crypto/frame.ts";

const KIB = 1024;

/** Return how long the sealed form of a package of `length` bytes is. */
export function sealedSize(length: number): number {
  return sealedLength(framedLength(length));
}

/** Return a size as people say it. */
export function sizeText(octets: number): string {
  let [value, unit] = [octets, "B"];
  for (const larger of ["KiB", "MiB", "GiB"]) {
    if (value < KIB * 10) break;
    [value, unit] = [value / KIB, larger];
  }
  return `${Math.floor(value).toLocaleString("en")} ${unit}`;
}

/** Speed and what is left, from the last few seconds of progress. */
export class Pace {
  readonly #seen: { at: number; done: number }[] = [];

  constructor(private readonly window = 8000) {}

  /** Note where work stands at a moment, ms. */
  note(at: number, done: number): void {
    const last = this.#seen.at(-1);
    if (last !== undefined && done < last.done) this.#seen.length = 0;
    this.#seen.push({ at, done });
    while (this.#seen.length > 2 && at - (this.#seen[0]?.at ?? at) > this.window) this.#seen.shift();
  }

  /** Bytes a second; 0 until there is something to go by. */
  get speed(): number {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (first === undefined || last === undefined || last.at - first.at < 300) return 0;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  }

  /** How long the rest takes at this speed, ms; undefined while that is unknown. */
  left(total: number): number | undefined {
    const last = this.#seen.at(-1);
    return this.speed > 0 && last !== undefined
      ? ((total - last.done) * 1000) / this.speed
      : undefined;
  }
}
