/** A custodian's shares for an opening that was checked, and the shares already on its record. */

import { hex, unhex } from "../crypto/bytes.ts";
import type { JsonObject, JsonValue } from "../crypto/canonical.ts";
import { checkPartial, partialContext } from "../crypto/dleq.ts";
import { keyId, openEnvelope } from "../crypto/dsse.ts";
import { must } from "../crypto/invalid.ts";
import { partialPayload } from "../crypto/partials.ts";
import { decode65 } from "../crypto/points.ts";
import type { Secret } from "../crypto/secret.ts";
import { messageOf, readMessage } from "../record/messages.ts";
import { trusted } from "../record/not_trusted.ts";
import { finding, type CheckedOpening } from "./opening.ts";

/** Return the place on the roster, from 1, of the custodian with this signing key. */
export function numberOnRoster(opening: CheckedOpening, spki: Uint8Array): number | undefined {
  const own = keyId(spki);
  const at = opening.key.start.roster.findIndex((member) => keyId(member.key) === own);
  return at === -1 ? undefined : at + 1;
}

/**
 * Compute the shares of all listed bids: the payload of `partial`, to be signed with the kit's
 * identity.
 *
 * @param share x_i; refused unless it is the secret behind this custodian's Y_i.
 */
export async function partials(
  opening: CheckedOpening,
  share: Secret,
  i: number,
  progress?: (done: number, all: number) => void,
): Promise<JsonObject> {
  const y = opening.key.shares[i - 1];
  trusted(y !== undefined, "opening.share", i);
  const { project, order, key } = opening;
  const ordered = { project, keyId: key.keyId, openingId: order.openingId, bids: order.bids };
  return finding("opening.share", String(i), () => partialPayload(ordered, share, y, i, progress));
}

/**
 * Check every partial of an opening on the record and return whose they are.
 *
 * @throws NotTrusted one does not hold.
 */
export async function checkPartials(opening: CheckedOpening): Promise<number[]> {
  const openingId = hex(opening.order.openingId);
  const done = new Set<number>();
  for (const { envelope } of opening.copy.state.partials) {
    const message = messageOf(envelope, "partial");
    if (message["opening_id"] !== openingId) continue;
    const i = Number(message["i"]);
    await finding("opening.share", String(i), () => checkOne(opening, envelope, i));
    done.add(i);
  }
  return [...done].sort((a, b) => a - b);
}

async function checkOne(opening: CheckedOpening, envelope: JsonValue, i: number): Promise<void> {
  const { project, order, key } = opening;
  const [member, y] = [key.start.roster[i - 1], key.shares[i - 1]];
  must(member !== undefined && y !== undefined, "share.no_such_custodian");
  const message = readMessage(await openEnvelope(envelope, "partial", member.key), "partial");
  must(message["project"] === project && message["key_id"] === order.keyId, "share.key");
  const shares = message["shares"] as readonly { bid: string; share: string }[];
  must(shares.length === order.bids.length, "share.list");
  for (const [at, { bid, enc }] of order.bids.entries()) {
    const one = shares[at];
    must(one?.bid === bid, "share.list");
    const context = partialContext(project, key.keyId, order.openingId, bid, i);
    checkPartial(unhex(one.share), y, decode65(unhex(enc)), context);
  }
}
