/**
 * A whole bid, from its params to the entry that the bidder signs.
 *
 * Nothing here is sent: the sealed file is written first, and only `finishBid` gives the message.
 * The content key and the ephemeral secret live in a `Begun` and go with it.
 */

import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { hex, join, textOf, unhex, utf8, type Bytes } from "./bytes.ts";
import { dumps } from "./canonical.ts";
import { SALT, openBody, sealBody } from "./cobblestone.ts";
import { framed, framedLength, unframed } from "./frame.ts";
import { H, lp } from "./hashing.ts";
import { openWithSharedX, sealBase, type Sealed } from "./hpke.ts";
import { must } from "./invalid.ts";
import { checkKey, readParams } from "./params.ts";
import type { Part, Piece } from "./parts.ts";
import { checkPeer, type Point } from "./points.ts";
import { fresh } from "./random.ts";
import { diffieHellman, freshSecret, type Secret } from "./secret.ts";
import { SliceTree } from "./slicetree.ts";
import { checkSealer, proveSealer, statement } from "./statement.ts";

const NO_AAD: Bytes = new Uint8Array(0);

/** A bid whose secret is sealed and whose body is not yet. Never kept anywhere but in memory. */
export interface Begun extends Addressed {
  readonly ephemeral: Secret;
  readonly cek: Bytes;
}

/** What is needed to open a bid besides a secret: what it says of its seal, and whose key it is for. */
export interface Addressed extends Sealed {
  readonly params: Bytes;
  readonly recipient: Point;
}

/** What a body was sealed to: its length in bytes and the root over its slices. */
export interface SealedBody {
  readonly size: number;
  readonly root: Bytes;
}

/** The draws of one bid; given only by tests with known answers, otherwise fresh. */
export interface Draws {
  readonly ephemeral: Secret;
  readonly secret: Bytes;
}

/**
 * Seal a fresh secret to the section's key.
 *
 * @param params canonical bytes.
 * @param bidderSecret the bidder's own 32 bytes, if and only if params carry its commitment.
 */
export async function beginBid(
  params: Bytes,
  recipient: Point,
  bidderSecret?: Bytes,
  draws?: Draws,
): Promise<Begun> {
  const read = readParams(params);
  checkKey(read, recipient);
  must(
    (bidderSecret === undefined) === (read.bidderSecretCommit === undefined),
    "params.bidder_secret",
  );
  if (bidderSecret !== undefined) {
    const commit = bidderSecretCommit(bidderSecret, read.bid);
    must(read.bidderSecretCommit === hex(commit), "params.bidder_secret");
  }
  const { ephemeral, secret } = draws ?? { ephemeral: await freshSecret(), secret: fresh(32) };
  checkPeer(ephemeral.publicPoint);
  const sealed = await sealBase(recipient, hpkeInfo(params), NO_AAD, secret, ephemeral);
  return {
    ...sealed,
    params,
    recipient,
    ephemeral,
    cek: contentKey(secret, bidderSecret, params, sealed),
  };
}

/**
 * Seal a package of `length` bytes; the pieces of the sealed file are yielded, the bytes of each the
 * caller's until it asks for the next one, and its size and root are returned.
 *
 * @param salt left out except for known answers: never the same twice under one content key.
 */
export async function* sealPackage(
  begun: Begun,
  source: AsyncIterable<Part>,
  length: number,
  salt: Bytes = fresh(SALT),
): AsyncGenerator<Piece, SealedBody> {
  const tree = new SliceTree();
  const plain = framed(source, length);
  const context = bodyContext(begun);
  for await (const piece of sealBody(plain, framedLength(length), begun.cek, salt, context)) {
    await tree.update(piece.data, piece.at);
    yield piece;
  }
  return { size: tree.size, root: await tree.root() };
}

/**
 * Yield the package out of a sealed file: the proof, on the spot, that a bid can be opened again.
 *
 * The content key is derived anew, out of the sealed secret and through the same shared point that
 * the opening will use.
 */
export async function* reopenPackage(
  begun: Begun,
  sealed: AsyncIterable<Uint8Array>,
  bidderSecret?: Bytes,
): AsyncGenerator<Uint8Array> {
  const dh = await diffieHellman(begun.ephemeral, begun.recipient);
  yield* openPackage(begun, dh, sealed, bidderSecret);
}

/**
 * Yield the package out of a sealed file.
 *
 * @param dh x of the point that recipient and encapsulated key share, made with the secret of either.
 */
export async function* openPackage(
  bid: Addressed,
  dh: Uint8Array,
  sealed: AsyncIterable<Uint8Array>,
  bidderSecret?: Bytes,
): AsyncGenerator<Uint8Array> {
  const secret = await openWithSharedX(dh, bid.recipient, hpkeInfo(bid.params), NO_AAD, bid);
  const cek = contentKey(secret, bidderSecret, bid.params, bid);
  yield* unframed(openBody(sealed, cek, bodyContext(bid)));
}

/** Return the canonical payload of the `bid` message, with the sealer's proof in it. */
export async function finishBid(begun: Begun, body: SealedBody, nonce?: Secret): Promise<Bytes> {
  const stmt = statement(begun.params, begun.enc, begun.ct, body.size, body.root);
  const pok = await proveSealer(begun.ephemeral, stmt, nonce ?? (await freshSecret()));
  checkSealer(begun.ephemeral.publicPoint, stmt, pok);
  return dumps({
    v: 1,
    params: textOf(begun.params),
    enc: hex(begun.enc),
    ct: hex(begun.ct),
    size: body.size,
    root: hex(body.root),
    pok: hex(pok),
  });
}

/** Return the commitment to the bidder's own secret; `bid` is 32 hex characters. */
export function bidderSecretCommit(secret: Uint8Array, bid: string): Bytes {
  must(secret.length === 32, "bidder_secret.length");
  unhex(bid, 16);
  return H("bidder-secret", secret, utf8(bid));
}

/** Return the content key of a bid, 32 bytes. */
export function contentKey(
  secret: Uint8Array,
  bidderSecret: Uint8Array | undefined,
  params: Uint8Array,
  sealed: Sealed,
): Bytes {
  const ikm = bidderSecret === undefined ? secret : join(secret, bidderSecret);
  const salt = H("cek-salt", params, sealed.enc, sealed.ct);
  return expand(nobleSha256, extract(nobleSha256, ikm, salt), utf8("kaibiao-v1/cek"), 32);
}

/** Return what the body's keys are bound to. */
export function bodyContext(bid: Sealed & { readonly params: Uint8Array }): Bytes {
  return H("body", bid.params, bid.enc, bid.ct);
}

/** Return the HPKE info of a bid. */
export function hpkeInfo(params: Uint8Array): Bytes {
  return lp(utf8("kaibiao-v1/hpke-info"), params);
}
