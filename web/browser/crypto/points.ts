/**
 * Points of P-256 behind a strict decoder, for public work only; a secret scalar goes through
 * secret.ts.
 */

import { p256 } from "@noble/curves/nist.js";
import type { Bytes } from "./bytes.ts";
import { isSame } from "./bytes.ts";
import { Invalid, must } from "./invalid.ts";

/** A point that is on the curve and not the identity, unless arithmetic made it so. */
export type Point = InstanceType<typeof p256.Point>;

/** The generator G. */
export const GENERATOR: Point = p256.Point.BASE;
/** The identity, which no byte string stands for. */
export const IDENTITY: Point = p256.Point.ZERO;

/** Return the point of 33 compressed bytes; x >= p, off the curve or another prefix is refused. */
export function decode33(data: Uint8Array): Point {
  must(data.length === 33, "point.length");
  must(data[0] === 2 || data[0] === 3, "point.prefix");
  return decoded(data);
}

/**
 * Return the point of 65 uncompressed bytes; a coordinate >= p, off the curve or another prefix is
 * refused.
 */
export function decode65(data: Uint8Array): Point {
  must(data.length === 65, "point.length");
  must(data[0] === 4, "point.prefix");
  return decoded(data);
}

/**
 * Refuse a point whose x is the generator's: the sum with G that secret.ts needs could be the
 * identity.
 */
export function checkPeer(point: Point): void {
  must(!point.is0(), "point.identity");
  must(!isSame(xOf(point), xOf(GENERATOR)), "point.generator");
}

/** Return 33 compressed bytes. */
export function compressed(point: Point): Bytes {
  return encoded(point, true);
}

/** Return 65 uncompressed bytes. */
export function uncompressed(point: Point): Bytes {
  return encoded(point, false);
}

/** Return the 32 bytes of the affine x. */
export function xOf(point: Point): Bytes {
  return compressed(point).slice(1);
}

/** Return the product of a point and a public scalar; zero gives the identity. */
export function multiplyPublicly(point: Point, scalar: bigint): Point {
  return scalar === 0n ? IDENTITY : point.multiplyUnsafe(scalar);
}

function decoded(data: Uint8Array): Point {
  let point: Point;
  try {
    point = p256.Point.fromBytes(data);
    point.assertValidity();
  } catch {
    throw new Invalid("point.not_on_curve");
  }
  return point;
}

function encoded(point: Point, isCompressed: boolean): Bytes {
  must(!point.is0(), "point.identity");
  return point.toBytes(isCompressed);
}
