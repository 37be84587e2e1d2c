/** What a record comes to, as far as an opening needs it; values only. */

import type { Bytes } from "../crypto/bytes.ts";
import type { JsonValue } from "../crypto/canonical.ts";
import type { KeyClaim } from "../crypto/certificate.ts";
import type { CeremonyStart } from "../crypto/start.ts";
import type { Stamp } from "./container.ts";

/** A section's envelope. */
export interface Place {
  readonly section: string;
  readonly envelope: 1 | 2;
}

/** Who takes part, in one role. */
export interface Participant {
  readonly account: string;
  readonly role: string;
  readonly name: string;
  readonly organisation: string;
  readonly organisationName: string;
  /** The key it signs with now, by its id; undefined where it signs nothing. */
  readonly keyid: string | undefined;
  /** The entry that bound this key. */
  readonly keySince: number;
  /** Every key it ever had: keyid -> SubjectPublicKeyInfo in hex. */
  readonly keys: ReadonlyMap<string, string>;
}

export interface Section {
  readonly title: string;
  readonly envelopes: number;
  readonly terminated: boolean;
  /** Organisations whose second envelope may be opened; undefined before the decision. */
  readonly passedOn: readonly string[] | undefined;
}

/** One attempt at a key; parties are 0, the timekeeper, and 1..n. */
export interface Attempt {
  readonly sid: string;
  readonly start: CeremonyStart;
  readonly started: JsonValue;
  /** Under whose name as a clerk it was started, as it was then. */
  readonly startedBy: Participant | undefined;
  readonly joins: Map<number, JsonValue>;
  readonly deals: Map<number, JsonValue>;
  readonly certifies: Map<number, JsonValue>;
}


/** What became of a bid before the close. */
export type Status = "live" | "superseded" | "withdrawn" | "incomplete";

export interface SealedBid {
  readonly bid: string;
  readonly seq: number;
  readonly at: number;
  readonly place: string;
  readonly organisation: string;
  /** Of the key that signed it. */
  readonly keyid: string;
  readonly revision: number;
  readonly enc: Bytes;
  readonly stmt: Bytes;
  readonly size: number;
  readonly isCoOpened: boolean;
  readonly status: Status;
}

export interface Session {
  readonly closed?: { readonly stamp: Stamp; readonly deadline: number; readonly list: string };
  readonly lost: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
  readonly opened: ReadonlySet<string>;
}

/** A bid as it was admitted, with everything that a check of it needs. */
export interface Admission {
  readonly bid: string;
  readonly stamp: Stamp;
  readonly envelope: JsonValue;
  /** Under whose name as a bidder it came, as it was then. */
  readonly who: Participant | undefined;
  readonly read: ReadBid;
}

/** A withdrawal, with everything that a check of it needs as it was when it came. */
export interface Withdrawal {
  readonly bid: string;
  readonly stamp: Stamp;
  readonly envelope: JsonValue;
  readonly project: string;
  /** Under whose name as a bidder it came. */
  readonly who: Participant | undefined;
  /** The bidder's last bid of the place; an honest withdrawal is of that one. */
  readonly last: SealedBid | undefined;
  /** Whether the section's bids were closed before it came. */
  readonly isAfterClose: boolean;
  /** What it takes back: the bid it names, and the other envelope's live one. */
  readonly taken: readonly SealedBid[];
}

/** A bid's message taken apart; nothing about it is checked but its form. */
export interface ReadBid {
  readonly project: string;
  readonly place: string;
  readonly keyId: string;
  /** Hash of the key it is sealed to. */
  readonly key: string;
  readonly bid: string;
  readonly organisation: string;
  readonly revision: number;
  readonly supersedes: string | undefined;
  readonly isCoOpened: boolean;
  readonly enc: Bytes;
  readonly size: number;
  readonly pok: Bytes;
  readonly stmt: Bytes;
}

/** A message with the moment at which it was recorded. */
export interface Recorded {
  readonly stamp: Stamp;
  readonly envelope: JsonValue;
  /** Under whose name as a clerk it came, as it was then. */
  readonly clerk: Participant | undefined;
}

export interface State {
  readonly project: string;
  readonly number: string;
  readonly title: string;
  readonly participants: Map<string, Participant>;
  readonly sections: Map<string, Section>;
  readonly attempts: Map<string, Attempt>;
  /** What the record says a place's key is; its certificate tells whether it is true. */
  readonly keys: Map<string, KeyClaim>;
  /** Every bid ever admitted, in the record's order. */
  readonly bids: Map<string, SealedBid>;
  readonly sessions: Map<string, Session>;
  readonly admissions: Admission[];
  readonly withdrawals: Withdrawal[];
  readonly closes: { readonly place: string; readonly deadline: number; readonly stamp: Stamp }[];
  readonly orders: Recorded[];
  readonly partials: Recorded[];
  readonly releases: Recorded[];
}

/** Return the name of a place: section and envelope. */
export function placeName(section: unknown, envelope: unknown): string {
  return `${String(section)}/${String(envelope)}`;
}

/** Return the session of a place; one nobody has touched is empty. */
export function sessionAt(state: State, place: string): Session {
  return state.sessions.get(place) ?? NOTHING;
}

/** Return a participant by account and role. */
export function participantKey(account: string, role: string): string {
  return `${account} ${role}`;
}

const NOTHING: Session = { lost: new Set(), secrets: new Set(), opened: new Set() };
