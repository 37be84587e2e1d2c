/**
 * The rule for the opening list: a function of the record and of nothing else; it must not know
 * who asks, or the time.
 */

import { hex } from "../crypto/bytes.ts";
import { placeName, sessionAt, type Place, type SealedBid, type State } from "../record/state.ts";

/** One line of an opening list. */
export interface ListedBid {
  readonly bid: string;
  readonly seq: number;
  readonly enc: string;
  readonly stmt: string;
}

/** Why an admitted bid is not on the list. */
export type Absence =
  | "superseded"
  | "withdrawn"
  | "incomplete"
  | "file_lost"
  | "secret_missing"
  | "not_passed_on";

/** Return the list that an order of a place must name, exactly and in this order. */
export function openingList(state: State, place: Place): ListedBid[] {
  return openable(state, place).map(({ bid, seq, enc, stmt }) => ({
    bid,
    seq,
    enc: hex(enc),
    stmt: hex(stmt),
  }));
}

/** Return every bid ever admitted at a place that is not on its list, with the reason. */
export function absences(state: State, place: Place): { bid: SealedBid; why: Absence }[] {
  const [listed, due] = [new Set(openable(state, place)), new Set(dueBids(state, place))];
  const { lost } = sessionAt(state, placeName(place.section, place.envelope));
  return [...state.bids.values()]
    .filter((bid) => bid.place === placeName(place.section, place.envelope) && !listed.has(bid))
    .map((bid) => {
      if (bid.status !== "live") return { bid, why: bid.status };
      if (!due.has(bid)) return { bid, why: "not_passed_on" };
      return { bid, why: lost.has(bid.bid) ? "file_lost" : "secret_missing" };
    });
}

/** Return the due bids that can be opened: the file is there, a bidder's secret released. */
function openable(state: State, place: Place): SealedBid[] {
  const { lost, secrets } = sessionAt(state, placeName(place.section, place.envelope));
  return dueBids(state, place).filter(
    ({ bid, isCoOpened }) => !lost.has(bid) && (!isCoOpened || secrets.has(bid)),
  );
}

/**
 * Return the bids whose opening is due: those live at the close; of second envelopes only those
 * that were let through and whose first envelope was opened.
 */
function dueBids(state: State, { section, envelope }: Place): SealedBid[] {
  const name = placeName(section, envelope);
  if (sessionAt(state, name).closed === undefined) return [];
  const live = [...state.bids.values()].filter((bid) => bid.place === name && bid.status === "live");
  if (envelope === 1) return live;
  const passed = new Set(state.sections.get(section)?.passedOn ?? []);
  const { opened } = sessionAt(state, placeName(section, 1));
  const first = new Set([...opened].map((bid) => state.bids.get(bid)?.organisation));
  return live.filter(({ organisation }) => passed.has(organisation) && first.has(organisation));
}
