/** The page's side of sealing: starts its workers, listens, and ends them when they are done. */

import { startWorker } from "../app/worker.ts";
import { Crew } from "./crew.ts";
import type { Probed } from "./probe.ts";
import type { FromWorker, NamedFile, Phase, SealOrder, SealedBid, ToWorker } from "./protocol.ts";

/** Sealing did not come to its end; `code` names why. */
export class SealingFailed extends Error {
  constructor(
    readonly code: string,
    about: string,
  ) {
    super(about);
    this.name = "SealingFailed";
  }
}

export type Told = (phase: Phase, done: number, total: number) => void;

/** One bid on its way to being sealed. */
export class SealingRun {
  readonly done: Promise<SealedBid>;
  #crew: Crew | undefined;

  constructor(address: string, order: SealOrder, files: readonly NamedFile[], told: Told) {
    this.done = new Promise<SealedBid>((resolve, reject) => {
      this.#crew = new Crew(() => startWorker(address), order, files, {
        heard: (data) => {
          if (data.kind === "progress") told(data.phase, data.done, data.total);
          else if (data.kind === "sealed") resolve(data.sealed);
          else if (data.kind === "failed") reject(new SealingFailed(data.code, data.about));
        },
        broke: (why) => reject(new SealingFailed("worker", why)),
      });
    }).finally(() => this.stop());
  }

  /** Hold the work, or let it go on. */
  hold(isHeld: boolean): void {
    this.#crew?.hold(isHeld);
  }

  /** End it; nothing more is told. */
  stop(): void {
    this.#crew?.end();
  }
}

/** Try out in a worker what sealing needs. */
export async function probeIn(address: string): Promise<Probed> {
  const worker = startWorker(address);
  try {
    return await new Promise<Probed>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<FromWorker>): void => {
        if (data.kind === "probed") resolve(data.probed);
      };
      worker.onerror = (event): void => reject(new SealingFailed("worker", event.message));
      worker.postMessage({ kind: "probe", name: `probe-${performance.now()}` } satisfies ToWorker);
    });
  } finally {
    worker.terminate();
  }
}
