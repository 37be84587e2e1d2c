/**
 * Practice as the page runs it: one at a time in this browser, and nothing of it left behind, not
 * even when the page went away in the middle.
 */

import { fresh } from "../crypto/random.ts";
import { PRACTICE_FILE, removeFile } from "./disk.ts";
import type { Practised } from "./practice.ts";
import type { NamedFile } from "./protocol.ts";
import { PracticeRun, SealingFailed, type Told } from "./sealer.ts";

const LOCK = "practice";
/** How often, and how far apart in ms, a file is removed that a worker has just let go of. */
const TRIES = 20;
const PAUSE = 250;
const RANDOM = 1 << 16;

/** Seal some files for practice; whatever comes of it, its file is gone when this is over. */
export async function practised(
  address: string,
  files: readonly NamedFile[],
  told: Told,
  stop: AbortSignal,
): Promise<Practised> {
  return navigator.locks.request(LOCK, { signal: stop }, async () => {
    await removed();
    stop.throwIfAborted();
    const run = new PracticeRun(address, files, told);
    const stopped = new Promise<never>((_, reject) => {
      stop.addEventListener("abort", () => {
        run.stop();
        reject(new SealingFailed("stopped", ""));
      });
    });
    try {
      return await Promise.race([run.done, stopped]);
    } finally {
      await sweep();
    }
  });
}

/** Remove what a practice left here that was cut short, unless one runs in another window. */
export async function sweepPractice(): Promise<void> {
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await sweep();
  });
}

/** Remove what is there; what cannot be removed yet waits for the next one that sweeps. */
async function sweep(): Promise<void> {
  await removed().catch(() => undefined);
}

/** Return a file of so many bytes; its content is random and repeats, so it takes no room. */
export function madeUp(size: number, name: string): NamedFile {
  const piece = new Blob([fresh(RANDOM)]);
  const whole = new Array<Blob>(Math.floor(size / RANDOM)).fill(piece);
  return { name, file: new File([...whole, piece.slice(0, size % RANDOM)], name) };
}

async function removed(): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await removeFile(PRACTICE_FILE);
      return;
    } catch (error) {
      // a worker that was ended holds its file a moment longer
      const isHeld = error instanceof DOMException && error.name === "NoModificationAllowedError";
      if (!isHeld || tries === TRIES) throw new SealingFailed("practice.held", String(error));
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE);
      });
    }
  }
}
