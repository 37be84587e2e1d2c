/** A scoring rule 评分办法 as the service tells it, and exact sums of its numbers; it scores nothing. */

import { hex } from "../crypto/bytes.ts";
import { dumps, type JsonObject } from "../crypto/canonical.ts";
import { sha256 } from "../crypto/hashing.ts";

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
  readonly objective: boolean;
  readonly blind: boolean;
}

export type Item = PassItem | PointsItem;

export interface Part {
  readonly part: string;
  readonly title: string;
  readonly items: readonly Item[];
}

export interface Segment {
  readonly points: string;
  readonly to?: string;
}

export interface Deviation {
  readonly above: readonly Segment[];
  readonly below: readonly Segment[];
  readonly counted?: string;
  readonly decimals?: number | null;
  readonly cap?: string | null;
}

export interface Price {
  readonly family: string;
  readonly deviation?: Deviation;
  readonly [field: string]: unknown;
}

export interface Rule {
  readonly v: 1;
  readonly title: string;
  readonly stages: readonly Part[];
  readonly experts: unknown;
  readonly price: Price;
  readonly deductions: readonly { readonly title: string; readonly percent: string }[];
  readonly full: string;
  readonly technical_minimum?: string;
  readonly ties: readonly string[];
  readonly candidates: number;
}

/** A number as rules have it: digits, perhaps with decimals. */
export const NUMBER = /^(\d{1,15})(?:\.(\d{1,9}))?$/u;

/** Parts that are scored; what the others ask is passed or failed. */
export const SCORED: ReadonlySet<string> = new Set(["commercial", "technical"]);

/** The numbers of a price part that people set, in the order they are shown. */
export const PRICE_NUMBERS = [
  "weight",
  "quality_share",
  "price_share",
  "share",
  "coefficient",
  "lowering",
  "base",
  "full_at",
  "none_at",
] as const;

/** Those of them that are amounts in minor units. */
export const AMOUNTS: ReadonlySet<string> = new Set(["base", "full_at", "none_at"]);

const PLACES = 9;

/** Add numbers exactly; undefined where one of them is none. */
export function sum(texts: readonly string[]): string | undefined {
  let total = 0n;
  for (const text of texts) {
    const found = NUMBER.exec(text.trim());
    if (found === null) return undefined;
    total += BigInt((found[1] ?? "") + (found[2] ?? "").padEnd(PLACES, "0"));
  }
  const digits = String(total).padStart(PLACES + 1, "0");
  const decimals = digits.slice(-PLACES).replace(/0+$/u, "");
  return digits.slice(0, -PLACES) + (decimals === "" ? "" : `.${decimals}`);
}

/** The items of a rule that are scored, in their order. */
export function scoredItems(rule: Rule): readonly PointsItem[] {
  return rule.stages.flatMap((one) => one.items).filter((one) => one.kind === "points");
}

/** What all items and the price come to together; undefined while a number is none. */
export function total(rule: Rule): string | undefined {
  const weight = rule.price["weight"];
  const items = scoredItems(rule).map((one) => one.highest);
  return sum(typeof weight === "string" ? [...items, weight] : items);
}

/** The SHA-256 of a rule as the notice names it. */
export function ruleHash(rule: Rule): string {
  return hex(sha256(dumps(rule as unknown as JsonObject)));
}
