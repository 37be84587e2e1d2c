/**
 * Shares of a key ceremony as their recipient meets them: decrypted, checked, added up.
 *
 * It must not tell a share to anybody; what is wrong with one is told by who dealt it.
 */

import { isSame, join, utf8, type Bytes } from "./bytes.ts";
import { staticOf, type CustodianDeal, type Session } from "./ceremony.ts";
import { aggregate, verificationShare } from "./cocktail.ts";
import { sha256, u64 } from "./hashing.ts";
import { Invalid, must } from "./invalid.ts";
import { IDENTITY, compressed, multiplyPublicly, type Point } from "./points.ts";
import { ORDER, decodeScalar } from "./scalars.ts";
import { multiply, secretFrom, type Secret } from "./secret.ts";
import { xaesOpen } from "./xaes.ts";

const H6 = utf8("COCKTAIL-DKG-P256-SHA256-H6");

/** A share that is not what its dealer committed to, or does not decrypt; the dealer is to blame. */
export class BadShare extends Invalid {
  constructor(
    readonly dealer: number,
    code: "share.undecryptable" | "share.wrong",
  ) {
    super(code, String(dealer));
    this.name = "BadShare";
  }
}

/**
 * Return key and nonce of one share.
 *
 * @param both the ephemeral-static and the static-static product, compressed and joined.
 * @param e the dealer's ephemeral key.
 */
export function shareKey(
  session: Session,
  both: Bytes,
  e: Point,
  sender: Point,
  recipient: Point,
): { key: Bytes; nonce: Bytes } {
  const head = join(H6, both, compressed(e), compressed(sender), compressed(recipient));
  const labelled = (label: string): Bytes => {
    const extra = join(framed(session.context), framed(utf8(label)));
    return sha256(join(head, framed(extra)));
  };
  return { key: labelled("key"), nonce: labelled("nonce").slice(0, 24) };
}

/**
 * Decrypt the share a dealer sent to custodian `i` and check it against the dealer's commitments.
 *
 * @throws BadShare
 */
export async function decryptShare(
  session: Session,
  i: number,
  fixed: Secret,
  dealer: number,
  dealt: CustodianDeal,
): Promise<bigint> {
  const sender = staticOf(session, dealer);
  const both = join(
    compressed(await multiply(fixed, dealt.ephemeral)),
    compressed(await multiply(fixed, sender)),
  );
  const { key, nonce } = shareKey(session, both, dealt.ephemeral, sender, staticOf(session, i));
  const sealed = dealt.shares[i - 1];
  must(sealed !== undefined, "ceremony.commitments");
  let share: bigint;
  try {
    share = decodeScalar(await xaesOpen(key, nonce, sealed));
  } catch {
    throw new BadShare(dealer, "share.undecryptable");
  }
  if (!(await isShare(share, i, dealt.commitments))) throw new BadShare(dealer, "share.wrong");
  return share;
}

/**
 * Return x_i: decrypt and check every share sent to a custodian, add them up, and check the sum.
 *
 * @throws BadShare the first bad one.
 */
export async function secretShare(
  session: Session,
  i: number,
  fixed: Secret,
  deals: readonly CustodianDeal[],
): Promise<Secret> {
  let total = 0n;
  for (const [place, dealt] of deals.entries()) {
    total = (total + (await decryptShare(session, i, fixed, place + 1, dealt))) % ORDER;
  }
  must(total !== 0n, "ceremony.share");
  const share = await secretFrom(total);
  const y = verificationShare(aggregate(session.k, deals), i);
  must(isSame(compressed(share.publicPoint), compressed(y)), "ceremony.share");
  return share;
}

/** Tell whether a share is the value at `i` of the polynomial committed to. */
async function isShare(share: bigint, i: number, commitments: readonly Point[]): Promise<boolean> {
  const value = commitments.reduceRight(
    (total, term) => multiplyPublicly(total, BigInt(i)).add(term),
    IDENTITY,
  );
  // a polynomial may really be zero somewhere: then the one right share is zero
  if (share === 0n || value.is0()) return share === 0n && value.is0();
  const held = await secretFrom(share);
  return isSame(compressed(held.publicPoint), compressed(value));
}

/** Frame as COCKTAIL does, little endian; not to be mixed up with `lp`. */
function framed(part: Bytes): Bytes {
  return join(u64(part.length).reverse(), part);
}
