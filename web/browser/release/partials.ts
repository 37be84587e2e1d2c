/** The shares that are on a record already, checked again for an opening that was checked. */

import { hex, unhex } from "../crypto/bytes.ts";
import type { JsonValue } from "../crypto/canonical.ts";
import { checkPartial, partialContext } from "../crypto/dleq.ts";
import { openEnvelope } from "../crypto/dsse.ts";
import { must } from "../crypto/invalid.ts";
import { decode65 } from "../crypto/points.ts";
import { messageOf, readMessage } from "../record/messages.ts";
import { finding, type CheckedOpening, type Progress } from "./opening.ts";

/**
 * Check every partial of an opening on the record and return whose they are.
 *
 * @throws NotTrusted one does not hold.
 */
export async function checkPartials(
  opening: CheckedOpening,
  progress?: Progress,
): Promise<number[]> {
  const openingId = hex(opening.order.openingId);
  const posted = opening.copy.state.partials
    .map(({ envelope }) => ({ envelope, message: messageOf(envelope, "partial") }))
    .filter(({ message }) => message["opening_id"] === openingId);
  const done = new Set<number>();
  for (const [at, { envelope, message }] of posted.entries()) {
    const i = Number(message["i"]);
    await finding("opening.share", String(i), () => checkOne(opening, envelope, i));
    done.add(i);
    progress?.("shares", at + 1, posted.length);
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
