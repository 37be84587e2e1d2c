/** The page's side of sealing: starts its workers, listens, and ends them when they are done. */

import { startWorker } from "../app/worker.ts";
import { Crew } from "./crew.ts";
import type { Practised } from "./practice.ts";
import type { Probed } from "./probe.ts";
import type {
  FromWorker,
  Job,
  NamedFile,
  Phase,
  SealOrder,
  SealedBid,
  ToWorker,
} from "./protocol.ts";

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

/** One job of the workers, until they made what is waited for. */
export class Run<Made> {
  readonly done: Promise<Made>;
  #crew: Crew | undefined;

  constructor(
    start: () => Worker,
    job: Job,
    told: Told,
    made: (message: FromWorker) => Made | undefined,
  ) {
    this.done = new Promise<Made>((resolve, reject) => {
      this.#crew = new Crew(start, job, {
        heard: (data) => {
          const found = made(data);
          if (found !== undefined) resolve(found);
          else if (data.kind === "progress") told(data.phase, data.done, data.total);
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

/** One bid on its way to being sealed. */
export class SealingRun extends Run<SealedBid> {
  constructor(address: string, order: SealOrder, files: readonly NamedFile[], told: Told) {
    super(() => startWorker(address), { kind: "seal", order, files }, told, (message) =>
      message.kind === "sealed" ? message.sealed : undefined,
    );
  }
}

/** The same for practice. */
export class PracticeRun extends Run<Practised> {
  constructor(address: string, files: readonly NamedFile[], told: Told) {
    super(() => startWorker(address), { kind: "practise", files }, told, (message) =>
      message.kind === "practised" ? message.practised : undefined,
    );
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
