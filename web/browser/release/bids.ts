/** Checks A2 to A7 again for every bid ever admitted at a place; nothing is taken on trust. */

import { hex, unhex } from "../crypto/bytes.ts";
import type { CheckedKey } from "../crypto/certificate.ts";
import { openEnvelope } from "../crypto/dsse.ts";
import { sha256 } from "../crypto/hashing.ts";
import { Invalid } from "../crypto/invalid.ts";
import { checkPeer, decode65, uncompressed, xOf, type Point } from "../crypto/points.ts";
import { checkSealer } from "../crypto/statement.ts";
import { mayFollow, sectionOf } from "../record/bids.ts";
import { signerOf } from "../record/messages.ts";
import { trusted, NotTrusted } from "../record/not_trusted.ts";
import {
  placeName,
  type Admission,
  type Place,
  type SealedBid,
  type State,
} from "../record/state.ts";
import { openingList } from "./list.ts";

/**
 * Check A1 again: of neither envelope a bid came in after the section's first close. The close may
 * have been made up to know of it, so its list says nothing about that.
 *
 * @throws NotTrusted one did.
 */
export function checkInTime(state: State, section: string): void {
  const closes = state.closes.filter(({ place }) => sectionOf(place) === section);
  const first = Math.min(...closes.map(({ stamp }) => stamp.seq));
  for (const { bid, read, stamp } of state.admissions) {
    const isLate = sectionOf(read.place) === section && stamp.seq > first;
    trusted(!isLate, "opening.bid_late", bid);
  }
}

/**
 * Check all bids of a place.
 *
 * @throws NotTrusted one does not hold.
 */
export async function checkBids(
  state: State,
  place: Place,
  key: CheckedKey,
  progress: (done: number, all: number) => void,
): Promise<void> {
  const name = placeName(place.section, place.envelope);
  const all = state.admissions.filter(({ read }) => sectionOf(read.place) === place.section);
  const listed = new Set(openingList(state, place).map(({ bid }) => bid));
  const told = { keyId: hex(key.keyId), key: hex(sha256(uncompressed(key.pk))) };
  const seen = new Set<string>();
  const last = new Map<string, SealedBid>();
  for (const [at, one] of all.entries()) {
    const found = state.bids.get(one.bid);
    trusted(found !== undefined && found.seq === one.stamp.seq, "opening.bid_reused", one.bid);
    const own = ["1", "2"].map((number) => last.get(line(`${place.section}/${number}`, found)));
    // even one that is not listed: it may have replaced one that would be
    await checkSigner(one, found, own);
    const before = last.get(line(found.place, found));
    last.set(line(found.place, found), found);
    if (found.place === name) {
      const enc = peer(one);
      const x = hex(xOf(enc));
      trusted(!seen.has(x), "opening.bid_reused", one.bid);
      seen.add(x);
      checkLine(before, one);
      if (listed.has(one.bid)) checkSealing(state, one, found, enc, told);
    }
    progress(at + 1, all.length);
  }
}

/** Name the line of a bidder's bids at a place. */
function line(place: string, { organisation }: SealedBid): string {
  return `${place} ${organisation}`;
}

/** Decode a bid's encapsulated key; a listed one must be fit for a secret to multiply (A4). */
function peer(one: Admission): Point {
  return holds(one, () => decode65(one.read.enc));
}

/** A revision follows its bidder's last (A7). */
function checkLine(before: SealedBid | undefined, { bid, read }: Admission): void {
  const isNext = read.revision === (before?.revision ?? 0) + 1;
  trusted(isNext && read.supersedes === before?.bid, "opening.bid_order", bid);
}

/** A bid is sealed to this key and place (A3), and its sealer knew what it sealed (A4, A6). */
function checkSealing(
  state: State,
  one: Admission,
  found: SealedBid,
  enc: Point,
  told: { readonly keyId: string; readonly key: string },
): void {
  const { read } = one;
  const isHere = read.project === state.project && read.place === found.place;
  const isSealedToIt = read.keyId === told.keyId && read.key === told.key;
  trusted(isHere && isSealedToIt, "opening.bid_key", one.bid);
  holds(one, () => {
    checkPeer(enc);
    checkSealer(enc, read.stmt, read.pok);
  });
}

/**
 * A bid is signed with its bidder's key of that time (A3), and the bids before it with the same or
 * one changed from on record: two envelopes are one submission.
 */
async function checkSigner(
  { bid, envelope, who }: Admission,
  found: SealedBid,
  before: readonly (SealedBid | undefined)[],
): Promise<void> {
  const key = who?.keys.get(who.keyid ?? "");
  const isBidder = who?.organisation === found.organisation && key !== undefined;
  trusted(who !== undefined && isBidder, "opening.bid_signer", bid);
  trusted(who.keyid === signerOf(envelope), "opening.bid_key_then", bid);
  try {
    await openEnvelope(envelope, "bid", unhex(key));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new NotTrusted("opening.bid_signature", bid, error.code);
  }
  const follows = before.every((one) => one === undefined || mayFollow(one, who));
  trusted(follows, "opening.bid_key_changed", bid);
}

function holds<T>(one: Admission, doing: () => T): T {
  try {
    return doing();
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new NotTrusted("opening.bid_proof", one.bid, error.code);
  }
}
