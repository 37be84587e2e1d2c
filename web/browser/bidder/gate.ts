/** Lets a worker be held and told apart from the page; progress is told ten times a second. */

import type { FromWorker, Phase } from "./protocol.ts";
import type { Watching } from "./seal.ts";

const EVERY_MS = 100;

/** Stands between the work and the page that watches it. */
export class Gate implements Watching {
  #waiting: Promise<void> | undefined;
  #open: (() => void) | undefined;
  #told = 0;

  constructor(private readonly tell: (message: FromWorker) => void) {}

  /** Hold the work, or let it go on. */
  hold(isHeld: boolean): void {
    if (!isHeld) {
      this.#open?.();
      this.#waiting = this.#open = undefined;
    } else if (this.#waiting === undefined) {
      this.#waiting = new Promise((resolve) => {
        this.#open = resolve;
      });
    }
  }

  async free(): Promise<void> {
    if (this.#waiting !== undefined) await this.#waiting;
  }

  progress(phase: Phase, done: number, total: number): void {
    const now = performance.now();
    if (now - this.#told < EVERY_MS && done < total) return;
    this.#told = now;
    this.tell({ kind: "progress", phase, done, total });
  }
}
