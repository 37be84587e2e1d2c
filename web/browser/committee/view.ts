/** An evaluation as the service shows it to a clerk or a supervisor, as types; it asks for nothing. */

import type { Rule } from "./rule.ts";

export const STEPS = ["convened", "chair", "review", "marks", "locked", "report", "finished"] as const;
export type Step = (typeof STEPS)[number];
export type Capacity = "expert" | "tenderer";

export interface MemberView {
  readonly seat: string;
  readonly place: string;
  readonly name: string;
  readonly capacity: Capacity;
  readonly standing: "named" | "signed_in" | "declared" | "confirmed" | "gone";
}

export interface ReportView {
  readonly facts: string;
  readonly pdf: string;
  readonly pdf_size: number;
  readonly signed: Readonly<Record<string, "agrees" | "dissents">>;
  readonly finished: boolean;
}

/** What the committee found of the first envelopes; there once its marks are locked. */
export interface StageView {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly organisation: string; readonly why: string }[];
}

/** Bid -> item -> seat -> the mark as it was signed. */
export type Marks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

export interface Evaluation {
  readonly section: string;
  readonly step: Step;
  readonly rule: Rule;
  readonly rule_hash: string;
  readonly members: readonly MemberView[];
  /** The account at each seat; told to the clerk, who named it. */
  readonly accounts?: Readonly<Record<string, string>>;
  readonly chair?: string;
  readonly ballot: { readonly round: number; readonly voted: readonly string[] };
  readonly progress: {
    readonly reviewed: Readonly<Record<string, number>>;
    readonly bids: number;
    readonly marked: readonly string[];
  };
  readonly bids?: readonly { readonly bid: string; readonly name: string }[];
  readonly rejected?: Readonly<Record<string, string>>;
  readonly marks?: Marks;
  readonly stage?: StageView;
  readonly report?: ReportView;
}

/** Whether everybody's marks are in, for good. */
export function isLocked(one: Evaluation): boolean {
  return STEPS.indexOf(one.step) >= STEPS.indexOf("locked");
}
