/** An evaluation as the service shows it to a clerk or a supervisor, as types; it asks for nothing. */

import type { Blind } from "./aliases.ts";
import type { Clarification } from "../desk/view.ts";
import type { Paused } from "./paused.ts";
import type { Reevaluation } from "./reevaluation.ts";
import type { Rule } from "./rule.ts";

const OF_ONE = ["convened", "chair", "review", "competition", "prices", "marks", "locked", "reevaluation", "report", "finished"] as const;
/** Of two envelopes the prices are opened after the marks. */
const OF_TWO = ["convened", "chair", "review", "competition", "marks", "locked", "prices", "reevaluation", "report", "finished"] as const;
export type Step = (typeof OF_ONE)[number];
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

/** A correction of a price; prices in minor units. */
export interface CorrectionView {
  readonly correction: string;
  readonly bid: string;
  readonly ground: string;
  readonly read_out: number | null;
  readonly price: number;
  readonly reason: string;
  readonly status: string;
  readonly due?: number;
}

/** Bid -> item -> seat -> the mark as it was signed. */
export type Marks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

export interface Evaluation {
  readonly section: string;
  readonly step: Step;
  readonly envelopes: number;
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
  /** Told to the supervisor, as it stands; the clerk is told nothing of it. */
  readonly clarifications?: readonly Clarification[];
  readonly rejected?: Readonly<Record<string, string>>;
  readonly corrections?: readonly CorrectionView[];
  readonly competition?: { readonly lacking?: boolean };
  readonly blind?: Blind;
  readonly marks?: Marks;
  readonly stage?: StageView;
  readonly report?: ReportView;
  /** Every re-evaluation there was. */
  readonly reevaluations?: readonly Reevaluation[];
  /** How many messages the discussion has; told to the supervisor. */
  readonly said?: number;
  /** While it is paused. */
  readonly paused?: Paused;
}

/** The steps that come only where there is cause: few bids are valid, marks are given again. */
const AT_TIMES: ReadonlySet<Step> = new Set(["competition", "reevaluation"]);

/** The steps in the order in which they come. */
export function stepsOf(one: Evaluation): readonly Step[] {
  const steps: readonly Step[] = one.envelopes === 2 ? OF_TWO : OF_ONE;
  return steps.filter((step) => !AT_TIMES.has(step) || one.step === step);
}

/** Whether everybody's marks are in, for good. */
export function isLocked(one: Evaluation): boolean {
  const steps = stepsOf(one);
  return steps.indexOf(one.step) >= steps.indexOf("locked");
}
