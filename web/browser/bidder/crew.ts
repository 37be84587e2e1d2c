/**
 * The page's side of sealing: two workers, one that reads and hashes and one that encrypts, with a
 * line between them. It must not see what the files hold.
 */

import type { FromWorker, Job, ToWorker } from "./protocol.ts";

/** What the encrypting worker answers, and a failure of either to run at all. */
export interface Heard {
  heard(message: FromWorker): void;
  broke(why: string): void;
}

/** Two workers that seal one bid, or one for practice. */
export class Crew {
  readonly #encrypting: Worker;
  readonly #reading: Worker;

  constructor(start: () => Worker, job: Job, told: Heard) {
    const line = new MessageChannel();
    [this.#encrypting, this.#reading] = [start(), start()];
    this.#encrypting.onmessage = ({ data }: MessageEvent<FromWorker>): void => told.heard(data);
    for (const one of [this.#encrypting, this.#reading]) {
      one.onerror = (event): void => told.broke(event.message);
    }
    say(this.#reading, { kind: "read", port: line.port1 }, [line.port1]);
    say(this.#encrypting, { ...job, port: line.port2 }, [line.port2]);
  }

  /** Hold the work, or let it go on. */
  hold(isHeld: boolean): void {
    say(this.#encrypting, { kind: "hold", isHeld });
  }

  /** End both; nothing more is told. */
  end(): void {
    this.#encrypting.terminate();
    this.#reading.terminate();
  }
}

function say(worker: Worker, message: ToWorker, handedOver: Transferable[] = []): void {
  worker.postMessage(message, handedOver);
}
