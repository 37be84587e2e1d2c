/** What a member is shown of an evaluation, as types; much is missing before it is due. */

import type { Blind } from "../committee/aliases.ts";
import type { Attached } from "../clarification/attached.ts";
import type { Paused } from "../committee/paused.ts";
import type { Cell, Reevaluation } from "../committee/reevaluation.ts";

export type Standing = "named" | "signed_in" | "declared" | "confirmed" | "gone";
export type Step =
  | "convened" | "chair" | "review" | "competition" | "prices" | "marks" | "locked" | "reevaluation" | "report" | "finished";
export type Outcome = "passed" | "failed" | "open";
export type Opinion = "agrees" | "dissents";

export interface Member {
  readonly seat: string;
  readonly place: string;
  readonly name: string;
  readonly capacity: "expert" | "tenderer";
  readonly standing: Standing;
}

export interface PassItem {
  readonly kind: "pass";
  readonly item: string;
  readonly title: string;
  readonly ground?: string;
}

export interface PointsItem {
  readonly kind: "points";
  readonly item: string;
  readonly title: string;
  readonly lowest: string;
  readonly highest: string;
  readonly step: string;
  readonly objective?: boolean;
  /** Marked by the alias of a blind part, without knowing whose it is. */
  readonly blind?: boolean;
}

export interface Stage {
  readonly part: string;
  readonly title: string;
  readonly items: readonly (PassItem | PointsItem)[];
}

export interface Bid {
  readonly bid: string;
  readonly organisation: string;
  readonly name: string;
}

export interface AboutItem {
  readonly bid: string;
  readonly item: string;
}

export interface Vote extends AboutItem {
  /** Seats that have voted; not how. */
  readonly voted: readonly string[];
  readonly outcome: Outcome;
}

/** A correction of a price; prices in minor units. */
export interface Correction {
  readonly correction: string;
  readonly bid: string;
  readonly seat: string;
  readonly ground: string;
  readonly read_out: number | null;
  readonly price: number;
  readonly reason: string;
  readonly votes: Readonly<Record<string, boolean>>;
  readonly status: "proposed" | "asked" | "accepted" | "refused" | "expired" | "dropped";
  readonly due?: number;
}

/** The judgement of the competition among few valid bids; what each said once it is decided. */
export interface Competition {
  readonly judged: readonly string[];
  readonly lacking?: boolean;
  readonly votes?: Readonly<Record<string, { readonly lacking: boolean; readonly reason: string }>>;
}

export type ClarificationStatus =
  | "drafted" | "agreed" | "sent" | "answered" | "shown" | "accepted" | "not_accepted" | "expired" | "dropped";

/** A question to a bidder, as the committee sees it. */
export interface Clarification {
  readonly clarification: string;
  readonly bid: string;
  /** Whose draft it is. */
  readonly seat: string;
  readonly question: string;
  /** How long the bidder has from when it is sent, ms. */
  readonly period: number;
  readonly agreed: readonly string[];
  readonly status: ClarificationStatus;
  /** Seats that have judged the answer; not how. */
  readonly judged: readonly string[];
  /** Until when it can be answered, ms UTC; from when it is sent. */
  readonly due?: number;
  /** Why the supervisor gave question or answer back, the last time. */
  readonly returned?: string;
  readonly answer?: string;
  readonly attachments?: readonly Attached[];
}

export interface Report {
  readonly facts: string;
  readonly pdf: string;
  readonly pdf_size: number;
  readonly signed: Readonly<Record<string, Opinion>>;
  readonly finished: boolean;
}

/** Marks by bid, by item, by seat. */
export type Marks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

/** What one has to mark again, as one marked it before. */
export interface Remarks {
  readonly reevaluation: string;
  readonly submitted: boolean;
  readonly marks: readonly (Cell & { readonly mark: string })[];
}

export interface Evaluation {
  readonly section: string;
  readonly step: Step;
  readonly envelopes: number;
  readonly rule: {
    readonly title: string;
    readonly stages: readonly Stage[];
    readonly price: { readonly family: string };
  };
  readonly rule_hash: string;
  readonly members: readonly Member[];
  readonly ballot: {
    readonly round: number;
    readonly voted: readonly string[];
    readonly among: readonly string[];
  };
  readonly progress: {
    readonly reviewed: Readonly<Record<string, number>>;
    readonly bids: number;
    readonly marked: readonly string[];
  };
  readonly chair?: string;
  readonly seat: string;
  readonly own: {
    readonly ties: readonly string[];
    readonly reviewed: readonly string[];
    readonly marks_submitted: boolean;
  };
  readonly bidders?: readonly string[];
  readonly bids?: readonly Bid[];
  readonly to_vote?: readonly AboutItem[];
  readonly votes?: readonly Vote[];
  readonly failed?: readonly string[];
  readonly rejected?: Readonly<Record<string, string>>;
  readonly valid?: readonly string[];
  readonly corrections?: readonly Correction[];
  readonly competition?: Competition;
  /** There while prices are checked. */
  readonly prices?: readonly { readonly bid: string; readonly read_out: number; readonly price: number }[];
  readonly prices_checked?: boolean;
  readonly clarifications?: readonly Clarification[];
  /** The aliases of the blind parts, from when they are drawn; whose they are after the lock. */
  readonly blind?: Blind;
  readonly marks?: Marks;
  readonly report?: Report;
  /** Every re-evaluation there was. */
  readonly reevaluations?: readonly Reevaluation[];
  /** While one is open. */
  readonly remarks?: Remarks;
  /** How many messages the discussion has; there from the chair's election on. */
  readonly said?: number;
  /** While it is paused: nothing of the bids is told then. */
  readonly paused?: Paused;
}

/** One's own standing. */
export function standing(view: Evaluation): Standing {
  return view.members.find((one) => one.seat === view.seat)?.standing ?? "gone";
}

export function isChair(view: Evaluation): boolean {
  return view.chair === view.seat;
}

/** The bid's bidder by name. */
export function nameOf(view: Evaluation, bid: string): string {
  return view.bids?.find((one) => one.bid === bid)?.name ?? bid.slice(0, 8);
}

/** What has to be passed, in the rule's order. */
export function passItems(view: Evaluation): PassItem[] {
  return view.rule.stages.flatMap(({ items }) => items.filter((one) => one.kind === "pass"));
}

/** The parts that are scored, each with what is scored in it. */
export function scoredParts(view: Evaluation): { stage: Stage; items: PointsItem[] }[] {
  return view.rule.stages
    .map((stage) => ({ stage, items: stage.items.filter((one) => one.kind === "points") }))
    .filter(({ items }) => items.length > 0);
}

/** Whether any item is marked by alias. */
export function hasBlind(view: Evaluation): boolean {
  return scoredParts(view).some(({ items }) => items.some(({ blind }) => blind === true));
}

/** What an item is called. */
export function titleOf(view: Evaluation, item: string): string {
  const all = view.rule.stages.flatMap(({ items }) => items);
  return all.find((one) => one.item === item)?.title ?? item;
}

/** The bids that are scored. */
export function scoredBids(view: Evaluation): readonly Bid[] {
  return (view.bids ?? []).filter(({ bid }) => view.valid?.includes(bid) ?? true);
}
