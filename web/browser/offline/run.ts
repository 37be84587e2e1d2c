/** Runs the offline sealer's workers, whose program is in this very page, and packs what they made. */

import { utf8 } from "../crypto/bytes.ts";
import { crc32 } from "../crypto/crc32.ts";
import { zipFrame } from "../crypto/zip.ts";
import { Crew } from "../bidder/crew.ts";
import type { NamedFile, SealOrder, SealedBid } from "../bidder/protocol.ts";
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

/** One bid on its way to being sealed. */
export class OfflineRun {
  readonly done: Promise<Carried>;
  #crew: Crew | undefined;

  constructor(order: SealOrder, files: readonly NamedFile[], told: Told) {
    this.done = new Promise<Carried>((resolve, reject) => {
      this.#crew = new Crew(startOwn, { kind: "seal", order, files }, {
        heard: (data) => {
          if (data.kind === "progress") told(data.phase, data.done, data.total);
          else if (data.kind === "failed") reject(new SealingFailed(data.code, data.about));
          else if (data.kind === "sealed") {
            const { sealed, blob = new Blob([]), crc = 0 } = data;
            resolve({ order, sealed, file: packed(sealed, blob, crc) });
          }
        },
        broke: (why) => reject(new SealingFailed("worker", why)),
      });
    }).finally(() => this.#crew?.end());
  }

  /** Hold the work, or let it go on. */
  hold(isHeld: boolean): void {
    this.#crew?.hold(isHeld);
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
