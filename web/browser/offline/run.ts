/** Runs the offline sealer's worker, whose program is in this very page, and packs what it made. */

import { utf8 } from "../crypto/bytes.ts";
import { crc32 } from "../crypto/crc32.ts";
import { zipFrame } from "../crypto/zip.ts";
import type { FromWorker, NamedFile, SealOrder, SealedBid, ToWorker } from "../bidder/protocol.ts";
import { SealingFailed, type Told } from "../bidder/sealer.ts";

/** Put in by the build: the worker's program. */
declare const WORKER_PROGRAM: string;

/** A sealed bid as it is carried to a machine with a line. */
export interface Carried {
  readonly order: SealOrder;
  readonly sealed: SealedBid;
  readonly file: Blob;
}

interface Factory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ): { createScriptURL(address: string): string };
}

/** A worker that seals one bid. */
export class OfflineRun {
  readonly done: Promise<Carried>;
  readonly #worker: Worker;

  constructor(order: SealOrder, files: readonly NamedFile[], told: Told) {
    this.#worker = startOwn();
    this.done = new Promise<Carried>((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>): void => {
        if (data.kind === "progress") told(data.phase, data.done, data.total);
        else if (data.kind === "failed") reject(new SealingFailed(data.code, data.about));
        else if (data.kind === "sealed") {
          const { sealed, blob = new Blob([]), crc = 0 } = data;
          resolve({ order, sealed, file: packed(sealed, blob, crc) });
        }
      };
      this.#worker.onerror = (event): void => reject(new SealingFailed("worker", event.message));
      this.#worker.postMessage({ kind: "seal", order, files } satisfies ToWorker);
    }).finally(() => this.#worker.terminate());
  }

  /** Hold the work, or let it go on. */
  hold(isHeld: boolean): void {
    this.#worker.postMessage({ kind: "hold", isHeld } satisfies ToWorker);
  }
}

/** Put message and sealed file into one ZIP; the large part is never read. */
function packed(sealed: SealedBid, blob: Blob, crc: number): Blob {
  // the hash of the package is the command line's own note; it takes an empty one for unknown
  const message = utf8(JSON.stringify({ bid: sealed.payload, package: "" }));
  const { heads, tail } = zipFrame([
    { name: "bid.json", size: message.length, crc: crc32(message) },
    { name: "sealed", size: blob.size, crc },
  ]);
  const [first = message, second = message] = heads;
  return new Blob([first, message, second, blob, tail], { type: "application/zip" });
}

let policy: { createScriptURL(address: string): string } | undefined;

function startOwn(): Worker {
  const address = URL.createObjectURL(new Blob([WORKER_PROGRAM], { type: "text/javascript" }));
  const { trustedTypes } = globalThis as unknown as { trustedTypes?: Factory };
  policy ??= trustedTypes?.createPolicy("kaibiao-worker", { createScriptURL: own });
  return new Worker(policy === undefined ? address : policy.createScriptURL(address));
}

function own(address: string): string {
  if (!address.startsWith("blob:")) throw new TypeError("not this page's own worker");
  return address;
}
