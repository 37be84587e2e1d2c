/**
 * Seals once for practice, with the code that seals bids, to a key that is made here and thrown away;
 * opens the sealed file with that key, as an opening would, and compares. What comes of it can be no
 * bid: key, place and bidder are nobody's, and its message never leaves this module.
 */

import { hex, isSame, utf8, type Bytes } from "../crypto/bytes.ts";
import { loads } from "../crypto/canonical.ts";
import { Fields } from "../crypto/fields.ts";
import { must } from "../crypto/invalid.ts";
import { planPackage, type PackageFile } from "../crypto/package.ts";
import { Room, type Part } from "../crypto/parts.ts";
import { decode65, uncompressed } from "../crypto/points.ts";
import { fresh } from "../crypto/random.ts";
import { openPackage } from "../crypto/sealing.ts";
import { diffieHellman, freshSecret, type Secret } from "../crypto/secret.ts";
import type { SealOrder } from "./protocol.ts";
import { seal, type Sink, type Watching } from "./seal.ts";

const NOBODY = "practice";
const FORM = "{}";
const DIFFERS = "practice.differs";
const NOTHING: Bytes = new Uint8Array(0);

/** What practice has shown; it names no place and holds nothing that could be sent. */
export interface Practised {
  /** Bytes of the package inside. */
  readonly length: number;
  /** How long sealing and opening again took, as it does for a bid, ms. */
  readonly spent: number;
}

/**
 * Seal some files to a fresh key, open what the sink holds with that key, and compare.
 *
 * @param files each is read twice.
 * @throws Invalid `practice.differs` when what was opened is not what was sealed.
 */
export async function practise(
  files: readonly PackageFile[],
  sink: Sink,
  watching: Watching,
): Promise<Practised> {
  const key = await freshSecret();
  const begun = performance.now();
  const { payload, length } = await seal(orderTo(key), files, sink, watching);
  const spent = performance.now() - begun;
  const opened = new Opened(await openedWith(key, payload, sink.read()));
  const again = planPackage(files, loads(utf8(FORM)));
  for await (const _ of compared(again.open(), opened)) {
    await watching.free();
    watching.progress("compare", opened.taken, length);
  }
  return { length, spent };
}

function orderTo(key: Secret): SealOrder {
  return {
    project: NOBODY,
    section: NOBODY,
    envelope: 1,
    pk: hex(uncompressed(key.publicPoint)),
    keyId: hex(fresh(32)),
    bidder: NOBODY,
    bid: hex(fresh(16)),
    revision: 1,
    created: 0,
    form: FORM,
  };
}

/** Open a sealed file by its message and the whole key, which no real section ever has. */
async function openedWith(
  key: Secret,
  payload: string,
  sealed: AsyncIterable<Uint8Array>,
): Promise<AsyncGenerator<Uint8Array>> {
  const fields = new Fields(loads(utf8(payload)), "bid");
  const bid = {
    params: utf8(fields.text("params")),
    recipient: key.publicPoint,
    enc: fields.bytes("enc", 65),
    ct: fields.bytes("ct", 48),
  };
  return openPackage(bid, await diffieHellman(key, decode65(bid.enc)), sealed);
}

/** Compare what was opened with a package that is laid out anew, a part at a time, to its end. */
async function* compared(parts: AsyncIterable<Part>, opened: Opened): AsyncGenerator<void> {
  const left = new Map<Room, Bytes>();
  for await (const part of parts) {
    if (part instanceof Room) left.set(part, await opened.take(part.length));
    else if (part instanceof Uint8Array)
      must(isSame(await opened.take(part.length), part), DIFFERS);
    else must(isSame(left.get(part.room) ?? NOTHING, part.bytes), DIFFERS);
    yield;
  }
  must(await opened.isOver(), DIFFERS);
}

/** What was opened, taken in lengths of the taker's. */
class Opened {
  taken = 0;
  #rest: Uint8Array = NOTHING;

  constructor(private readonly source: AsyncGenerator<Uint8Array>) {}

  /** Return the next `length` bytes; there must be as many. */
  async take(length: number): Promise<Bytes> {
    const found = new Uint8Array(length);
    for (let at = 0; at < length;) {
      must(await this.#hasMore(), DIFFERS);
      const some = this.#rest.subarray(0, length - at);
      found.set(some, at);
      this.#rest = this.#rest.subarray(some.length);
      at += some.length;
    }
    this.taken += length;
    return found;
  }

  /** Tell whether nothing is left; only then the sealed file was opened to its end. */
  async isOver(): Promise<boolean> {
    return !(await this.#hasMore());
  }

  async #hasMore(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.source.next();
      if (next.done === true) return false;
      this.#rest = next.value;
    }
    return true;
  }
}
