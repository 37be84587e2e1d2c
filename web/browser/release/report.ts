/** What a checked opening comes to, as plain values that a worker can hand to its page. */

import { hex } from "../crypto/bytes.ts";
import type { JsonValue } from "../crypto/canonical.ts";
import { keyId } from "../crypto/dsse.ts";
import type { Warning } from "../record/copy.ts";
import { messageOf } from "../record/messages.ts";
import type { Place, Recorded, SealedBid, State } from "../record/state.ts";
import { absences, type Absence } from "./list.ts";
import type { CheckedOpening, Progress } from "./opening.ts";
import { checkPartials } from "./partials.ts";

/** A bid as the person who is asked to open it sees it. */
export interface ReportBid {
  readonly bid: string;
  readonly bidder: string;
  readonly revision: number;
  /** When it was admitted, ms. */
  readonly at: number;
  /** Of the sealed file, bytes. */
  readonly size: number;
  readonly enc: string;
}

/** A custodian of the key; `postedAt` once its shares are on the record. */
export interface ReportMember {
  readonly name: string;
  readonly organisation: string;
  readonly keyid: string;
  readonly postedAt?: number;
}

/** A checked opening. */
export interface Report {
  readonly project: string;
  readonly number: string;
  readonly title: string;
  readonly place: Place;
  readonly section: { readonly title: string; readonly envelopes: number };
  /** Who signed the order. */
  readonly orderedBy: { readonly name: string; readonly organisation: string };
  readonly openingId: string;
  readonly keyId: string;
  readonly scheduledAt: number;
  readonly listed: readonly ReportBid[];
  readonly left: readonly (ReportBid & { readonly why: Absence })[];
  readonly warnings: readonly Warning[];
  readonly k: number;
  readonly roster: readonly ReportMember[];
  /** When the timekeeper released, which ends what custodians can do. */
  readonly releasedAt?: number;
  readonly certificate: readonly JsonValue[];
  /** The clerk's key that started the ceremony, in hex. */
  readonly clerk: string;
  /** The first and the newest checkpoint of the record, as notes. */
  readonly first: string;
  readonly newest: string;
  readonly entries: number;
  /** The timekeeper's time of the newest checkpoint, ms. */
  readonly witnessedAt: number;
}

/**
 * Check the shares already on the record, and say what a checked opening comes to.
 *
 * @throws NotTrusted a share on the record does not hold.
 */
export async function reportOf(opening: CheckedOpening, progress?: Progress): Promise<Report> {
  const { project, place, order, key, certificate, clerk, warnings, copy } = opening;
  const { state, container } = copy;
  const posted = await checkPartials(opening, progress);
  const released = ofOrder(state.releases, "release", order.openingId)[0];
  const ordered = state.orders.find(({ envelope }) => isFor(envelope, place));
  return {
    project,
    number: state.number,
    title: state.title,
    place,
    section: {
      title: state.sections.get(place.section)?.title ?? place.section,
      envelopes: state.sections.get(place.section)?.envelopes ?? 1,
    },
    orderedBy: {
      name: ordered?.clerk?.name ?? "",
      organisation: ordered?.clerk?.organisationName ?? "",
    },
    openingId: hex(order.openingId),
    keyId: order.keyId,
    scheduledAt: order.scheduledAt,
    listed: order.bids.flatMap(({ bid }) => shown(state, state.bids.get(bid))),
    left: absences(state, place).flatMap(({ bid, why }) =>
      shown(state, bid).map((one) => ({ ...one, why })),
    ),
    warnings,
    k: key.start.k,
    roster: rosterOf(opening, new Set(posted)),
    ...(released !== undefined && { releasedAt: released.stamp.at }),
    certificate,
    clerk: hex(clerk),
    first: container.heads.first,
    newest: container.heads.newest,
    entries: container.entries,
    witnessedAt: container.newest.cosignedAt * 1000,
  };
}

function rosterOf({ key, order, copy }: CheckedOpening, posted: Set<number>): ReportMember[] {
  const when = new Map(
    ofOrder(copy.state.partials, "partial", order.openingId).map(({ stamp, envelope }) => [
      Number(messageOf(envelope, "partial")["i"]),
      stamp.at,
    ]),
  );
  return key.start.roster.map((member, at) => {
    const postedAt = posted.has(at + 1) ? when.get(at + 1) : undefined;
    const { name, organisation } = member;
    const shownMember = { name, organisation, keyid: keyId(member.key) };
    return postedAt === undefined ? shownMember : { ...shownMember, postedAt };
  });
}

function ofOrder(
  recorded: readonly Recorded[],
  name: "partial" | "release",
  openingId: Uint8Array,
): Recorded[] {
  const wanted = hex(openingId);
  return recorded.filter(({ envelope }) => messageOf(envelope, name)["opening_id"] === wanted);
}

function shown(state: State, bid: SealedBid | undefined): ReportBid[] {
  if (bid === undefined) return [];
  const who = [...state.participants.values()].find(
    ({ role, organisation }) => role === "bidder" && organisation === bid.organisation,
  );
  const { revision, at, size, enc } = bid;
  const bidder = who?.organisationName ?? bid.organisation;
  return [{ bid: bid.bid, bidder, revision, at, size, enc: hex(enc) }];
}

function isFor(envelope: JsonValue, place: Place): boolean {
  const order = messageOf(envelope, "opening-order");
  return order["section"] === place.section && order["envelope"] === place.envelope;
}
