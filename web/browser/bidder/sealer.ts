/** The page's side of the sealing worker: starts it, listens, and ends it when it is done. */

import { startWorker } from "../app/worker.ts";
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

/** A worker that seals one bid. */
export class SealingRun {
  readonly done: Promise<SealedBid>;
  readonly #worker: Worker;

  constructor(address: string, order: SealOrder, files: readonly NamedFile[], told: Told) {
    this.#worker = startWorker(address);
    this.done = new Promise<SealedBid>((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>): void => {
        if (data.kind === "progress") told(data.phase, data.done, data.total);
        else if (data.kind === "sealed") resolve(data.sealed);
        else if (data.kind === "failed") reject(new SealingFailed(data.code, data.about));
      };
      this.#worker.onerror = (event): void => reject(new SealingFailed("worker", event.message));
      this.#send({ kind: "seal", order, files });
    }).finally(() => this.#worker.terminate());
  }

  /** Hold the work, or let it go on. */
  hold(isHeld: boolean): void {
    this.#send({ kind: "hold", isHeld });
  }

  /** End it; nothing more is told. */
  stop(): void {
    this.#worker.terminate();
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
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
