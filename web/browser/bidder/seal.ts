/**
 * Seals one bid piece by piece: read once, encrypted to a sink, opened again from it.
 *
 * It must not hold a whole file, and gives the message only after the sealed file opened again. The
 * content key and the ephemeral secret never leave this module.
 */

import { hex, textOf, unhex, utf8, type Bytes } from "../crypto/bytes.ts";
import { loads } from "../crypto/canonical.ts";
import { sha256 } from "../crypto/hashing.ts";
import { must } from "../crypto/invalid.ts";
import { planPackage, type Package, type PackageFile } from "../crypto/package.ts";
import { encodeParams } from "../crypto/params.ts";
import type { Piece } from "../crypto/parts.ts";
import { decode65 } from "../crypto/points.ts";
import {
  beginBid,
  bidderSecretCommit,
  finishBid,
  reopenPackage,
  sealPackage,
  type Begun,
  type SealedBody,
} from "../crypto/sealing.ts";
import { withFiller } from "./blind.ts";
import { sealedSize } from "./size.ts";
import type { Phase, SealOrder, SealedBid } from "./protocol.ts";

/** Where sealed pieces go, each to its place, and where they are read back from. */
export interface Sink {
  write(piece: Piece): void | Promise<void>;
  /** Make what was written durable; nothing is written afterwards. */
  finish(): void | Promise<void>;
  read(): AsyncIterable<Uint8Array>;
}

/** What a run of the sealer tells and asks while it works. */
export interface Watching {
  progress(phase: Phase, done: number, total: number): void;
  /** Resolves when work may go on. */
  free(): Promise<void>;
}

/** Seal a bid; the sink holds the sealed file when this returns. */
export async function seal(
  order: SealOrder,
  files: readonly PackageFile[],
  sink: Sink,
  watching: Watching,
): Promise<SealedBid> {
  const secret = order.secret === undefined ? undefined : unhex(order.secret, 32);
  const begun = await beginBid(paramsOf(order, secret), decode65(unhex(order.pk, 65)), secret);
  const plan = planPackage(withFiller(files), loads(utf8(order.form)));
  const body = await encrypted(begun, plan, sink, watching);
  let length = 0;
  for await (const part of reopenPackage(begun, sink.read(), secret)) {
    await watching.free();
    length += part.length;
    watching.progress("check", length, plan.length);
  }
  must(length === plan.length, "sealing.does_not_open");
  const payload = textOf(await finishBid(begun, body));
  return { payload, size: body.size, root: hex(body.root), length };
}

async function encrypted(
  begun: Begun,
  plan: Package,
  sink: Sink,
  watching: Watching,
): Promise<SealedBody> {
  const total = sealedSize(plan.length);
  const pieces = sealPackage(begun, plan.open(), plan.length);
  for (let done = 0; ;) {
    await watching.free();
    const next = await pieces.next();
    if (next.done === true) {
      await sink.finish();
      watching.progress("seal", total, total);
      return next.value;
    }
    await sink.write(next.value);
    done += next.value.data.length;
    // all of it only when it is durable
    if (done < total) watching.progress("seal", done, total);
  }
}

function paramsOf(order: SealOrder, secret: Bytes | undefined): Bytes {
  return encodeParams({
    project: order.project,
    section: order.section,
    envelope: order.envelope,
    key: hex(sha256(unhex(order.pk, 65))),
    keyId: order.keyId,
    bidder: order.bidder,
    bid: order.bid,
    revision: order.revision,
    created: order.created,
    ...(order.supersedes !== undefined && { supersedes: order.supersedes }),
    ...(secret !== undefined && { bidderSecretCommit: hex(bidderSecretCommit(secret, order.bid)) }),
  });
}
