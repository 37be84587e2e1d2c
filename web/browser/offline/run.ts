/** Runs the offline sealer's workers, whose program is in this very page, and packs what they made. */

import { utf8 } from "../crypto/bytes.ts";
import { crc32 } from "../crypto/crc32.ts";
import { zipFrame } from "../crypto/zip.ts";
import type { NamedFile, SealOrder, SealedBid } from "../bidder/protocol.ts";
import { Run, type Told } from "../bidder/sealer.ts";

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
export class OfflineRun extends Run<Carried> {
  constructor(order: SealOrder, files: readonly NamedFile[], told: Told) {
    super(startOwn, { kind: "seal", order, files }, told, (message) => {
      if (message.kind !== "sealed") return undefined;
      const { sealed, blob = new Blob([]), crc = 0 } = message;
      return { order, sealed, file: packed(sealed, blob, crc) };
    });
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
