/**
 * Signature envelopes (DSSE v1) with ECDSA P-256 and Ed25519 keys; the payload is signed as it is,
 * never written again.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { base64, hex, join, unbase64, utf8, type Bytes } from "./bytes.ts";
import type { JsonObject, JsonValue } from "./canonical.ts";
import { Fields } from "./fields.ts";
import { sha256 } from "./hashing.ts";
import { must } from "./invalid.ts";
import { decode65 } from "./points.ts";

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** SubjectPublicKeyInfo up to the uncompressed point, and up to the 32 bytes of an Ed25519 key. */
const P256_HEAD = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
const ED25519_HEAD = "302a300506032b6570032100";

/** A signing key with its public half as SubjectPublicKeyInfo; the key need not be extractable. */
export interface Signer {
  readonly key: CryptoKey;
  readonly spki: Bytes;
}

/** Return the payload type of a message such as `bid`. */
export function payloadType(message: string): string {
  return `application/vnd.kaibiao.${message}.v1+json`;
}

/** Return the id of a public key: hex SHA-256 of its SubjectPublicKeyInfo. */
export function keyId(spki: Uint8Array): string {
  return hex(sha256(spki));
}

/** Return the bytes a signature covers. */
export function preAuthentication(type: string, payload: Uint8Array): Bytes {
  const name = utf8(type);
  return join(utf8(`DSSEv1 ${name.length} `), name, utf8(` ${payload.length} `), payload);
}

/** Sign a message with an ECDSA P-256 key and return its envelope, ready for `dumps`. */
export async function signEnvelope(
  message: string,
  payload: Bytes,
  signer: Signer,
): Promise<JsonObject> {
  const type = payloadType(message);
  const signature = await crypto.subtle.sign(ECDSA, signer.key, preAuthentication(type, payload));
  const sig = base64(new Uint8Array(signature));
  return {
    payload: base64(payload),
    payloadType: type,
    signatures: [{ keyid: keyId(signer.spki), sig }],
  };
}

/**
 * Return the payload of an envelope that `spki` signed as this kind of message; refuses anything
 * else.
 */
export async function openEnvelope(
  envelope: JsonValue,
  message: string,
  spki: Bytes,
): Promise<Bytes> {
  const fields = new Fields(envelope, "envelope");
  must(fields.text("payloadType") === payloadType(message), "envelope.type");
  const payload = unbase64(fields.text("payload"));
  const signatures = fields.list("signatures");
  fields.done();
  must(signatures.length === 1, "envelope.signatures");
  const one = new Fields(signatures[0], "signature");
  must(one.text("keyid") === keyId(spki), "envelope.keyid");
  const signature = unbase64(one.text("sig"));
  one.done();
  const isRight = await isSigned(spki, preAuthentication(payloadType(message), payload), signature);
  must(isRight, "envelope.signature");
  return payload;
}

async function isSigned(spki: Bytes, data: Bytes, signature: Bytes): Promise<boolean> {
  must(signature.length === 64, "envelope.signature");
  const text = hex(spki);
  if (text.startsWith(ED25519_HEAD) && spki.length === 44) {
    return ed25519.verify(signature, data, spki.subarray(12), { zip215: false });
  }
  must(text.startsWith(P256_HEAD) && spki.length === 91, "envelope.algorithm");
  decode65(spki.subarray(26));
  const key = await crypto.subtle.importKey("spki", spki, ECDSA, false, ["verify"]);
  return crypto.subtle.verify(ECDSA, key, signature, data);
}

/** Make a signing key that never leaves this profile. */
export async function freshSigner(): Promise<Signer> {
  const pair = await crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]);
  return {
    key: pair.privateKey,
    spki: new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)),
  };
}

/** Return the signer of a PKCS #8 ECDSA P-256 key. */
export async function signerFrom(pkcs8: Bytes): Promise<Signer> {
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, ECDSA, true, ["sign"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key);
  must(
    kty !== undefined && crv !== undefined && x !== undefined && y !== undefined,
    "signer.public",
  );
  const open = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, ECDSA, true, ["verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", open));
  const own = await crypto.subtle.importKey("pkcs8", pkcs8, ECDSA, false, ["sign"]);
  return { key: own, spki };
}
