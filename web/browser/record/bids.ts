/** How admitted and withdrawn bids are folded, and how one is taken apart; it proves nothing. */

import { hex, unhex, utf8 } from "../crypto/bytes.ts";
import type { JsonObject, JsonValue } from "../crypto/canonical.ts";
import { must } from "../crypto/invalid.ts";
import { H, lp, u64 } from "../crypto/hashing.ts";
import { statement } from "../crypto/statement.ts";
import type { Stamp } from "./container.ts";
import { messageOf, readMessage, signerOf } from "./messages.ts";
import {
  participantKey,
  placeName,
  sessionAt,
  type Participant,
  type ReadBid,
  type SealedBid,
  type State,
} from "./state.ts";

/** The most characters of a signed bid's payload that are looked at; an honest one has 2,000. */
const LIMIT = 16 << 10;

/** Take a bid's message and its params apart, strictly (A2). */
export function readBid(envelope: JsonValue | undefined): ReadBid {
  const { payload } = envelope as { payload: string };
  must(payload.length <= LIMIT, "bid.size");
  const bid = messageOf(envelope, "bid");
  const paramsBytes = utf8(String(bid["params"]));
  const params = readMessage(paramsBytes, "bid-params");
  const [enc, ct, root] = ["enc", "ct", "root"].map((name) => unhex(String(bid[name])));
  must(enc !== undefined && ct !== undefined && root !== undefined, "bid.malformed");
  const size = Number(bid["size"]);
  const supersedes = params["supersedes"];
  return {
    project: String(params["project"]),
    place: placeName(params["section"], params["envelope"]),
    keyId: String(params["key_id"]),
    key: String(params["key"]),
    bid: String(params["bid"]),
    organisation: String(params["bidder"]),
    revision: Number(params["revision"]),
    supersedes: supersedes === undefined ? undefined : String(supersedes),
    isCoOpened: params["bidder_secret_commit"] !== undefined,
    enc,
    size,
    pok: unhex(String(bid["pok"])),
    stmt: statement(paramsBytes, enc, ct, size, root),
  };
}

/** Fold an admitted bid in: the bidder's last live one of the place is superseded by it. */
export function admitted(state: State, body: JsonObject, stamp: Stamp): void {
  const envelope = body["envelope"] ?? "";
  const read = readBid(envelope);
  const last = lastBid(state, read.place, read.organisation);
  if (last?.status === "live") state.bids.set(last.bid, { ...last, status: "superseded" });
  state.bids.set(read.bid, {
    bid: read.bid,
    seq: stamp.seq,
    at: stamp.at,
    place: read.place,
    organisation: read.organisation,
    keyid: signerOf(envelope),
    revision: read.revision,
    enc: read.enc,
    stmt: read.stmt,
    size: read.size,
    isCoOpened: read.isCoOpened,
    status: "live",
  });
  const who = state.participants.get(participantKey(stamp.account, "bidder"));
  state.admissions.push({ bid: read.bid, stamp, envelope, who, read });
}

/** Fold a withdrawal in: it takes the bidder's other envelope with it. */
export function withdrawn(state: State, body: JsonObject, stamp: Stamp): void {
  const envelope = body["envelope"] ?? "";
  const message = messageOf(envelope, "withdraw");
  const [name, project] = [String(message["bid"]), String(message["project"])];
  const who = state.participants.get(participantKey(stamp.account, "bidder"));
  const bid = state.bids.get(name);
  const last = bid && lastBid(state, bid.place, bid.organisation);
  const other = bid && lastBid(state, otherPlace(bid.place), bid.organisation);
  const taken = [bid, other?.status === "live" ? other : undefined].filter((one) => one !== undefined);
  const first = placeName(sectionOf(bid?.place ?? ""), 1);
  const isAfterClose = sessionAt(state, first).closed !== undefined;
  state.withdrawals.push({ bid: name, stamp, envelope, project, who, last, taken, isAfterClose });
  for (const one of taken) state.bids.set(one.bid, { ...one, status: "withdrawn" });
}

/** Let no bid of a section count that stands now. */
export function superseded(state: State, section: string): void {
  for (const [name, bid] of state.bids) {
    const isOfSection = sectionOf(bid.place) === section;
    if (isOfSection && bid.status === "live") {
      state.bids.set(name, { ...bid, status: "superseded" });
    }
  }
}

/** Fold a close in: what is live without its other envelope is incomplete from then on. */
export function closed(state: State, body: JsonObject, stamp: Stamp): void {
  const place = placeName(body["section"], body["envelope"]);
  const [deadline, list] = [Number(body["deadline"]), String(body["list"])];
  for (const bid of judgedAtClose(state, place)) state.bids.set(bid.bid, bid);
  state.sessions.set(place, { ...sessionAt(state, place), closed: { stamp, deadline, list } });
  state.closes.push({ place, deadline, stamp });
}

/** Return the hash of the list that a close fixes; undefined where bids are out of order. */
export function closeList(state: State, place: string): string | undefined {
  const rows = [...state.bids.values()].filter((bid) => bid.place === place);
  const isInOrder = rows.every((bid, at) => at === 0 || bid.seq > (rows[at - 1]?.seq ?? 0));
  if (!isInOrder) return undefined;
  const framed = rows.map(({ seq, bid, status, stmt }) =>
    lp(u64(seq), utf8(bid), utf8(status), stmt),
  );
  return hex(H("close-list", ...framed));
}

function judgedAtClose(state: State, place: string): SealedBid[] {
  const bids = [...state.bids.values()];
  const own = bids.filter((bid) => bid.place === place);
  if ((state.sections.get(sectionOf(place))?.envelopes ?? 1) === 1) return own;
  const other = otherPlace(place);
  const complete = new Set(
    bids
      .filter((bid) => bid.place === other && bid.status === "live")
      .map((bid) => bid.organisation),
  );
  return own.map((bid) =>
    bid.status === "live" && !complete.has(bid.organisation) ? { ...bid, status: "incomplete" } : bid,
  );
}

/** Return a bidder's bid of the highest revision at a place, the first of equal ones. */
function lastBid(state: State, place: string, organisation: string): SealedBid | undefined {
  let last: SealedBid | undefined;
  for (const bid of state.bids.values()) {
    if (bid.place !== place || bid.organisation !== organisation) continue;
    if (last === undefined || bid.revision > last.revision) last = bid;
  }
  return last;
}

/** Tell whether a bidder's key is the one of a bid, or one it changed to from that one since. */
export function mayFollow(bid: SealedBid, { keyid, keySince, keys }: Participant): boolean {
  return keyid === bid.keyid || (keys.has(bid.keyid) && keySince > bid.seq);
}

/** Return the section of a place. */
export function sectionOf(place: string): string {
  return place.slice(0, -2);
}

function otherPlace(place: string): string {
  return `${sectionOf(place)}/${place.endsWith("1") ? 2 : 1}`;
}
