/**
 * HPKE base mode for one message in one suite: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 *
 * The ephemeral key is the caller's, because the sealer's proof is made with it; it must never be
 * used for a second message.
 */

import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { join, utf8, type Bytes } from "./bytes.ts";
import { Invalid, must } from "./invalid.ts";
import { uncompressed, type Point } from "./points.ts";
import { diffieHellman, type Secret } from "./secret.ts";

const NOTHING: Bytes = new Uint8Array(0);
const KEM_SUITE = join(utf8("KEM"), Uint8Array.of(0, 0x10));
const SUITE = join(utf8("HPKE"), Uint8Array.of(0, 0x10, 0, 1, 0, 2));

/**
 * What HPKE gives: the encapsulated key, 65 bytes, and the ciphertext, 16 bytes longer than the
 * message.
 */
export interface Sealed {
  readonly enc: Bytes;
  readonly ct: Bytes;
}

/**
 * Seal one message to `recipient` with our own ephemeral key.
 *
 * Source: RFC 9180 sections 4.1, 5.1 and 6.1.
 */
export async function sealBase(
  recipient: Point,
  info: Uint8Array,
  aad: Bytes,
  plaintext: Bytes,
  ephemeral: Secret,
): Promise<Sealed> {
  const enc = uncompressed(ephemeral.publicPoint);
  const dh = await diffieHellman(ephemeral, recipient);
  const { key, nonce } = await messageKey(dh, enc, recipient, info);
  const ct = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: aad },
    key,
    plaintext,
  );
  return { enc, ct: new Uint8Array(ct) };
}

/** Open one message by whoever knows x of the shared point; refuses what was not sealed so. */
export async function openWithSharedX(
  dh: Uint8Array,
  recipient: Point,
  info: Uint8Array,
  aad: Bytes,
  sealed: Sealed,
): Promise<Bytes> {
  const { key, nonce } = await messageKey(dh, sealed.enc, recipient, info);
  try {
    const algorithm = { name: "AES-GCM", iv: nonce, additionalData: aad };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.ct));
  } catch {
    throw new Invalid("hpke.tag");
  }
}

/**
 * Return the 32-byte key and 12-byte nonce of the first message; exported for its known answers.
 */
export function keySchedule(
  dh: Uint8Array,
  enc: Uint8Array,
  recipient: Point,
  info: Uint8Array,
): { key: Bytes; nonce: Bytes } {
  must(dh.length === 32, "hpke.shared_x");
  const prk = labeledExtract(KEM_SUITE, NOTHING, "eae_prk", dh);
  const shared = labeledExpand(
    KEM_SUITE,
    prk,
    "shared_secret",
    join(enc, uncompressed(recipient)),
    32,
  );
  const context = join(
    Uint8Array.of(0),
    labeledExtract(SUITE, NOTHING, "psk_id_hash", NOTHING),
    labeledExtract(SUITE, NOTHING, "info_hash", info),
  );
  const secret = labeledExtract(SUITE, shared, "secret", NOTHING);
  return {
    key: labeledExpand(SUITE, secret, "key", context, 32),
    nonce: labeledExpand(SUITE, secret, "base_nonce", context, 12),
  };
}

async function messageKey(
  dh: Uint8Array,
  enc: Uint8Array,
  recipient: Point,
  info: Uint8Array,
): Promise<{ key: CryptoKey; nonce: Bytes }> {
  const { key, nonce } = keySchedule(dh, enc, recipient, info);
  return {
    key: await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]),
    nonce,
  };
}

function labeledExtract(suite: Bytes, salt: Bytes, label: string, ikm: Uint8Array): Bytes {
  return extract(nobleSha256, join(utf8("HPKE-v1"), suite, utf8(label), ikm), salt);
}

function labeledExpand(
  suite: Bytes,
  prk: Bytes,
  label: string,
  info: Uint8Array,
  length: number,
): Bytes {
  const framed = join(
    Uint8Array.of(length >> 8, length & 0xff),
    utf8("HPKE-v1"),
    suite,
    utf8(label),
    info,
  );
  return expand(nobleSha256, prk, framed, length);
}
