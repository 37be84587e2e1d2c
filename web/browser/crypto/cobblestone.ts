/**
 * The chunked body, Cobblestone-256: bytes in, sealed bytes out, in constant memory.
 *
 * It must never seal an index twice under one salt: a body that was cut short starts again with a
 * new salt and a new content key.
 *
 * Source: c2sp.org/chunked-encryption, instantiated as docs/sealing.md freezes it.
 */

import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { isSame, join, utf8, type Bytes } from "./bytes.ts";
import { Invalid, must } from "./invalid.ts";
import { composed, type Part, type Piece } from "./parts.ts";
import { regroup } from "./regroup.ts";

export const CHUNK = 1 << 14;
export const TAG = 16;
export const SALT = 24;
/** Salt and commitment, before the first chunk. */
export const HEAD = SALT + 32;
/** Chunks sealed at a time: a piece of 1 MiB. */
const TOGETHER = 64;
const PIECE = TOGETHER * CHUNK;
const SEALED_PIECE = TOGETHER * (CHUNK + TAG);
/** Pieces that are being encrypted at a time. */
const AHEAD = 3;
const PURPOSE = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0";

interface BodyKey {
  readonly key: CryptoKey;
  readonly baseNonce: Bytes;
  readonly commitment: Bytes;
}

/** Return how long the sealed form of `length` bytes is. */
export function sealedLength(length: number): number {
  return HEAD + length + TAG * (Math.floor(length / CHUNK) + 1);
}

/**
 * Seal a content of `length` bytes: the head, then sealed pieces, each with the place in the file
 * where it belongs. They come in the content's order but for those that had gaps. The bytes of a
 * piece are the caller's until it asks for the next one.
 *
 * @param salt 24 fresh random bytes.
 * @param context what the body belongs to.
 */
export async function* sealBody(
  plain: AsyncIterable<Part>,
  length: number,
  cek: Uint8Array,
  salt: Bytes,
  context: Uint8Array,
): AsyncGenerator<Piece> {
  const body = await bodyKey(cek, salt, context);
  yield { at: 0, data: join(salt, body.commitment) };
  const [plainSpare, sealedSpare]: [Bytes[], Bytes[]] = [[], []];
  const coming: Promise<Piece>[] = [];
  for await (const piece of composed(plain, length, PIECE, plainSpare)) {
    const sealing = sealPiece(body, piece, sealedSpare.pop()).then((sealed) => {
      if (piece.data.length === PIECE) plainSpare.push(piece.data);
      return sealed;
    });
    // whoever stops in between never waits for this one
    sealing.catch(() => undefined);
    coming.push(sealing);
    if (coming.length < AHEAD) continue;
    const sealed = await (coming.shift() as Promise<Piece>);
    yield sealed;
    if (sealed.data.length === SEALED_PIECE) sealedSpare.push(sealed.data);
  }
  for (const sealing of coming) yield await sealing;
  if (length % CHUNK === 0) yield await sealPiece(body, { at: length, data: new Uint8Array(0) });
}

/**
 * Open a sealed stream: the commitment first, then every tag and the exact shape.
 *
 * What is yielded is authentic so far; only the end of the stream tells that nothing is missing.
 */
export async function* openBody(
  sealed: AsyncIterable<Uint8Array>,
  cek: Uint8Array,
  context: Uint8Array,
): AsyncGenerator<Bytes> {
  const pieces = regroup(sealed, TOGETHER * (CHUNK + TAG), HEAD);
  const head = (await pieces.next()).value;
  must(head instanceof Uint8Array && head.length === HEAD, "body.shape");
  const body = await bodyKey(cek, head.slice(0, SALT), context);
  must(isSame(body.commitment, head.subarray(SALT)), "body.commitment");
  let index = 0;
  let isShort = false;
  for await (const piece of pieces) {
    const rest = piece.length % (CHUNK + TAG);
    must(!isShort && (rest === 0 || rest >= TAG), "body.shape");
    isShort = rest !== 0;
    yield await openPiece(body, index, piece);
    index += Math.ceil(piece.length / (CHUNK + TAG));
  }
  must(isShort, "body.shape");
}

async function bodyKey(cek: Uint8Array, salt: Bytes, context: Uint8Array): Promise<BodyKey> {
  must(cek.length === 32 && salt.length === SALT, "body.key_length");
  const okm = expanded(cek, join(utf8(PURPOSE), salt, context));
  const key = await crypto.subtle.importKey("raw", okm.slice(0, 32), "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
  return { key, baseNonce: okm.slice(32, 44), commitment: okm.slice(44, 76) };
}

/** HKDF-Expand with SHA-512, two blocks; libraries refuse a key that is shorter than the hash. */
function expanded(cek: Uint8Array, info: Bytes): Bytes {
  const first = hmac(sha512, cek, join(info, Uint8Array.of(1)));
  return join(first, hmac(sha512, cek, join(first, info, Uint8Array.of(2))));
}

function nonceOf(body: BodyKey, index: number): Bytes {
  const nonce = body.baseNonce.slice();
  const tail = new DataView(nonce.buffer, 4);
  tail.setUint32(0, tail.getUint32(0) ^ Math.floor(index / 2 ** 32));
  tail.setUint32(4, tail.getUint32(4) ^ index % 2 ** 32);
  return nonce;
}

/** Seal a piece that begins at a whole chunk; an empty one is a chunk too. */
async function sealPiece(body: BodyKey, { at, data }: Piece, spare?: Bytes): Promise<Piece> {
  const first = at / CHUNK;
  const count = Math.max(1, Math.ceil(data.length / CHUNK));
  const chunks = Array.from({ length: count }, (_, i) =>
    crypto.subtle.encrypt(
      { name: "AES-GCM", iv: nonceOf(body, first + i) },
      body.key,
      data.subarray(i * CHUNK, (i + 1) * CHUNK),
    ),
  );
  const length = data.length + count * TAG;
  const sealed = spare?.length === length ? spare : new Uint8Array(length);
  for (const [i, chunk] of (await Promise.all(chunks)).entries()) {
    sealed.set(new Uint8Array(chunk), i * (CHUNK + TAG));
  }
  return { at: HEAD + at + first * TAG, data: sealed };
}

async function openPiece(body: BodyKey, first: number, piece: Bytes): Promise<Bytes> {
  const step = CHUNK + TAG;
  const chunks = Array.from({ length: Math.ceil(piece.length / step) }, (_, i) =>
    crypto.subtle.decrypt(
      { name: "AES-GCM", iv: nonceOf(body, first + i) },
      body.key,
      piece.subarray(i * step, (i + 1) * step),
    ),
  );
  try {
    return join(...(await Promise.all(chunks)).map((chunk) => new Uint8Array(chunk)));
  } catch {
    throw new Invalid("body.tag");
  }
}
