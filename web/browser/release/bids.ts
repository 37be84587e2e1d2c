/** Checks A2 to A7 again for every bid ever admitted at a place; nothing is taken on trust. */

import { hex, unhex } from "../crypto/bytes.ts";
import type { CheckedKey } from "../crypto/certificate.ts";
import { openEnvelope } from "../crypto/dsse.ts";
import { sha256 } from "../crypto/hashing.ts";
import { Invalid } from "../crypto/invalid.ts";
import { checkPeer, decode65, uncompressed, xOf, type Point } from "../crypto/points.ts";
import { checkSealer } from "../crypto/statement.ts";
import { sectionOf } from "../record/bids.ts";
import { trusted, NotTrusted } from "../record/not_trusted.ts";
import {
  participantKey,
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
  const own = state.admissions.filter(({ bid }) => state.bids.get(bid)?.place === name);
  const listed = new Set(openingList(state, place).map(({ bid }) => bid));
  const told = { keyId: hex(key.keyId), key: hex(sha256(uncompressed(key.pk))) };
  const seen = new Set<string>();
  const last = new Map<string, SealedBid>();
  for (const [at, one] of own.entries()) {
    const found = state.bids.get(one.bid);
    trusted(found !== undefined && found.seq === one.stamp.seq, "opening.bid_reused", one.bid);
    const enc = peer(one);
    const x = hex(xOf(enc));
    trusted(!seen.has(x), "opening.bid_reused", one.bid);
    seen.add(x);
    checkLine(last.get(found.organisation), one);
    last.set(found.organisation, found);
    // even one that is not listed: it may have replaced one that would be
    await checkSigner(state, one, found);
    if (listed.has(one.bid)) checkSealing(state, one, found, enc, told);
    progress(at + 1, own.length);
  }
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

/** A bid is signed by its bidder (A3), a replacement by the same key or one changed to on record. */
async function checkSigner(state: State, one: Admission, found: SealedBid): Promise<void> {
  const who = state.participants.get(participantKey(one.stamp.account, "bidder"));
  const key = who?.keys.get(found.keyid);
  const isBidder = who?.organisation === found.organisation && key !== undefined;
  trusted(who !== undefined && isBidder, "opening.bid_signer", one.bid);
  try {
    await openEnvelope(one.envelope, "bid", unhex(key));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new NotTrusted("opening.bid_signature", one.bid, error.code);
  }
  const replacesAnothers = [...state.bids.values()].some(
    (bid) =>
      bid.place === found.place &&
      bid.organisation === found.organisation &&
      bid.revision === found.revision - 1 &&
      bid.keyid !== found.keyid,
  );
  const isOnRecord = state.keyChanges.some(
    (change) => change.account === who.account && change.keyid === found.keyid,
  );
  trusted(!replacesAnothers || isOnRecord, "opening.bid_key_changed", one.bid);
}

function holds<T>(one: Admission, doing: () => T): T {
  try {
    return doing();
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new NotTrusted("opening.bid_proof", one.bid, error.code);
  }
}
