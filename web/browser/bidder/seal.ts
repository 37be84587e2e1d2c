/**
 * Seals one bid piece by piece: read and hashed, encrypted to a sink, opened again from it.
 *
 * It must not hold a whole file, and gives the message only after the sealed file opened again. The
 * content key and the ephemeral secret never leave this module.
 */

import { hex, textOf, unhex, utf8, type Bytes } from "../crypto/bytes.ts";
import { loads } from "../crypto/canonical.ts";
import { sha256 } from "../crypto/hashing.ts";
import { must } from "../crypto/invalid.ts";
import { planPackage, type PackageFile } from "../crypto/package.ts";
import { encodeParams } from "../crypto/params.ts";
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
import { sealedSize } from "./size.ts";
import type { NamedFile, Phase, SealOrder, SealedBid } from "./protocol.ts";

/** Where sealed bytes go, and where they are read back from. */
export interface Sink {
  write(piece: Bytes): void | Promise<void>;
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

/** Bytes read of a file at a time; the next piece is read while one is worked on. */
const PIECE = 8 << 20;

/** Seal a bid; the sink holds the sealed file when this returns. */
export async function seal(
  order: SealOrder,
  files: readonly NamedFile[],
  sink: Sink,
  watching: Watching,
): Promise<SealedBid> {
  const secret = order.secret === undefined ? undefined : unhex(order.secret, 32);
  const begun = await beginBid(paramsOf(order, secret), decode65(unhex(order.pk, 65)), secret);
  const sources = files.map((one) => packageFile(one, watching));
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  const plan = await planPackage(sources, loads(utf8(order.form)), (done) =>
    watching.progress("read", Math.min(done, total), total),
  );
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
  plan: { readonly length: number; open(): AsyncIterable<Uint8Array> },
  sink: Sink,
  watching: Watching,
): Promise<SealedBody> {
  const total = sealedSize(plan.length);
  const pieces = sealPackage(begun, plan.open(), plan.length);
  let done = 0;
  // the next piece is being encrypted while this one is written
  let coming = pieces.next();
  for (;;) {
    const next = await coming;
    if (next.done === true) {
      await sink.finish();
      return next.value;
    }
    coming = pieces.next();
    coming.catch(() => undefined);
    await sink.write(next.value);
    done += next.value.length;
    watching.progress("seal", done, total);
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

function packageFile({ name, file }: NamedFile, watching: Watching): PackageFile {
  return { name, open: () => pieces(file, watching) };
}

/** Read a file in pieces, one ahead. */
async function* pieces(file: Blob, watching: Watching): AsyncGenerator<Uint8Array> {
  let next = pieceAt(file, 0);
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = await next;
    if (at + PIECE < file.size) {
      next = pieceAt(file, at + PIECE);
      // whoever stops between two pieces never waits for this one
      next.catch(() => undefined);
    }
    await watching.free();
    yield piece;
  }
}

async function pieceAt(file: Blob, at: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
}
