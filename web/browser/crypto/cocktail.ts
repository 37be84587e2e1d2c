/**
 * The public side of a COCKTAIL key ceremony: context, transcript, and the key that comes out.
 *
 * Source: c2sp.org/cocktail-dkg v0.2.1, COCKTAIL(P-256, SHA-256).
 */

import { join, utf8, type Bytes } from "./bytes.ts";
import { sha256, u64 } from "./hashing.ts";
import { must } from "./invalid.ts";
import { IDENTITY, compressed, multiplyPublicly, type Point } from "./points.ts";

const CIPHERSUITE = utf8("COCKTAIL(P-256, SHA-256)");

/** One custodian's dealing, as far as the transcript holds it. */
export interface Deal {
  /** k commitments to the coefficients of its polynomial. */
  readonly commitments: readonly Point[];
  readonly pop: Bytes;
  readonly ephemeral: Point;
}

/** Return the context that binds a ceremony to its session and to who takes part, 32 bytes. */
export function ceremonyContext(sessionId: Uint8Array, statics: readonly Point[]): Bytes {
  return sha256(
    join(
      utf8("COCKTAIL-DKG-CONTEXT"),
      u64(sessionId.length),
      sessionId,
      u64(CIPHERSUITE.length),
      CIPHERSUITE,
      little32(statics.length),
      ...statics.map(compressed),
    ),
  );
}

/** Return what a dealer's proof of possession signs under its first commitment. */
export function possessionMessage(context: Uint8Array, deal: Omit<Deal, "pop">): Bytes {
  return join(context, ...deal.commitments.map(compressed), compressed(deal.ephemeral));
}

/** Return the transcript that every party signs. */
export function transcript(
  context: Bytes,
  threshold: number,
  statics: readonly Point[],
  deals: readonly Deal[],
  extension: Bytes,
): Bytes {
  return join(
    little64(CIPHERSUITE.length),
    CIPHERSUITE,
    little64(context.length),
    context,
    little32(statics.length),
    little32(threshold),
    ...statics.map(compressed),
    ...deals.flatMap((deal) => deal.commitments.map(compressed)),
    ...deals.map((deal) => deal.pop),
    ...deals.map((deal) => compressed(deal.ephemeral)),
    little64(extension.length),
    extension,
  );
}

/** Return the sum polynomial's commitments; an identity among them is refused. */
export function aggregate(threshold: number, deals: readonly Deal[]): Point[] {
  return Array.from({ length: threshold }, (_, m) => {
    const sum = deals.reduce((total, deal) => {
      const term = deal.commitments[m];
      must(term !== undefined, "ceremony.commitments");
      return total.add(term);
    }, IDENTITY);
    must(!sum.is0(), "ceremony.coefficient");
    return sum;
  });
}

/** Return Y_i, the public counterpart of share i, from the sum polynomial. */
export function verificationShare(coefficients: readonly Point[], index: number): Point {
  const share = coefficients.reduceRight(
    (total, coefficient) => multiplyPublicly(total, BigInt(index)).add(coefficient),
    IDENTITY,
  );
  must(!share.is0(), "ceremony.share");
  return share;
}

function little32(value: number): Bytes {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value, true);
  return out;
}

function little64(value: number): Bytes {
  return u64(value).reverse();
}
