/**
 * Secret scalars and what is done with them, through WebCrypto's ECDH; they never become a curve
 * computation in JavaScript.
 */

import { base64, unbase64, join, unhex, type Bytes } from "./bytes.ts";
import { Invalid, must } from "./invalid.ts";
import {
  GENERATOR,
  checkPeer,
  decode33,
  decode65,
  uncompressed,
  xOf,
  type Point,
} from "./points.ts";
import { decodeSecretScalar, encodeScalar } from "./scalars.ts";

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
/**
 * PrivateKeyInfo of P-256 whose ECPrivateKey holds the scalar alone; the scalar's 32 bytes follow.
 */
const PKCS8_HEAD = unhex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420");

/** A secret scalar k with its public point kG. The holder owns it and lets it go out of scope. */
export interface Secret {
  readonly key: CryptoKey;
  readonly publicPoint: Point;
}

/** Return a fresh scalar: a native key pair, so that kG too was computed in constant time. */
export async function freshSecret(): Promise<Secret> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { key: pair.privateKey, publicPoint: decode65(raw) };
}

/** Return the secret that a known scalar in [1, q-1] stands for, such as one derived from a kit. */
export async function secretFrom(scalar: bigint): Promise<Secret> {
  const bytes = encodeScalar(scalar);
  decodeSecretScalar(bytes);
  const key = await crypto.subtle.importKey("pkcs8", join(PKCS8_HEAD, bytes), CURVE, true, [
    "deriveBits",
  ]);
  const { x, y } = await crypto.subtle.exportKey("jwk", key);
  return { key, publicPoint: decode65(join(unhex("04"), unbase64url(x, 32), unbase64url(y, 32))) };
}

/** Return the scalar itself, for a response modulo q. */
export async function scalarOf(secret: Secret): Promise<bigint> {
  const { d } = await crypto.subtle.exportKey("jwk", secret.key);
  return decodeSecretScalar(unbase64url(d, 32));
}

/** Return x(kP), 32 bytes: Diffie-Hellman as RFC 9180 and SEC 1 have it. */
export async function diffieHellman(secret: Secret, peer: Point): Promise<Bytes> {
  const raw = await crypto.subtle.importKey("raw", uncompressed(peer), CURVE, false, []);
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: "ECDH", public: raw }, secret.key, 256),
  );
}

/**
 * Return the point kP.
 *
 * x(kP) leaves two points; x(k(P+G)) = x(kP + kG) tells which, because kG is known. A peer with
 * the generator's x is refused beforehand: its sum with G may be the identity.
 */
export async function multiply(secret: Secret, peer: Point): Promise<Point> {
  checkPeer(peer);
  const x = await diffieHellman(secret, peer);
  const sum = await diffieHellman(secret, peer.add(GENERATOR));
  const even = decode33(join(unhex("02"), x));
  for (const candidate of [even, even.negate()]) {
    const shifted = candidate.add(secret.publicPoint);
    if (!shifted.is0() && base64(xOf(shifted)) === base64(sum)) return candidate;
  }
  throw new Invalid("point.product");
}

function unbase64url(text: string | undefined, length: number): Bytes {
  must(text !== undefined, "scalar.not_exported");
  const padded = text
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .padEnd(Math.ceil(text.length / 4) * 4, "=");
  const data = unbase64(padded);
  must(data.length === length, "scalar.length");
  return data;
}
