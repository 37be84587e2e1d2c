/**
 * A custodian's shares of every bid on an order, in the order's order, as the message `partial`.
 *
 * It must be given a checked order only: nothing here asks whether the opening may go on.
 */

import { hex, isSame, unhex } from "./bytes.ts";
import type { JsonObject } from "./canonical.ts";
import { partialContext, provePartial } from "./dleq.ts";
import { must } from "./invalid.ts";
import { compressed, decode65, type Point } from "./points.ts";
import type { Secret } from "./secret.ts";

/** What shares are bound to and made of. */
export interface Ordered {
  readonly project: string;
  readonly keyId: Uint8Array;
  readonly openingId: Uint8Array;
  readonly bids: readonly { readonly bid: string; readonly enc: string }[];
}

/**
 * Compute the shares of every bid and return the payload to sign.
 *
 * @param share x_i, recovered from the kit; it must be the secret behind `y`.
 * @param y the custodian's public share, from the key's certificate.
 * @param i the custodian's place on the roster, from 1.
 */
export async function partialPayload(
  ordered: Ordered,
  share: Secret,
  y: Point,
  i: number,
  progress?: (done: number, all: number) => void,
): Promise<JsonObject> {
  must(isSame(compressed(share.publicPoint), compressed(y)), "share.not_of_the_key");
  const shares: JsonObject[] = [];
  for (const { bid, enc } of ordered.bids) {
    const context = partialContext(ordered.project, ordered.keyId, ordered.openingId, bid, i);
    const made = await provePartial(share, decode65(unhex(enc)), context);
    shares.push({ bid, share: hex(made) });
    progress?.(shares.length, ordered.bids.length);
  }
  return {
    v: 1,
    project: ordered.project,
    key_id: hex(ordered.keyId),
    opening_id: hex(ordered.openingId),
    i,
    shares,
  };
}
