/** Marks as exact decimals: what is wrong with one, and what they come to; no float is near them. */

import type { PointsItem } from "./view.ts";

const NUMBER = /^(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?$/u;
const DECIMALS = 6;

export type Wrong = "number" | "range" | "step";

/** A mark as it was typed, in the digits the rules know: full-width ones are the same. */
export function plain(text: string): string {
  return text.normalize("NFKC").replaceAll("。", ".").trim();
}

/** The value of a decimal in millionths; undefined where it is none. */
export function exact(text: string): bigint | undefined {
  if (!NUMBER.test(text)) return undefined;
  const [whole = "", part = ""] = text.split(".");
  return BigInt(whole + part.padEnd(DECIMALS, "0"));
}

/** Say what is wrong with a mark; undefined where it may be given. */
export function wrong(item: PointsItem, text: string): Wrong | undefined {
  const mark = exact(plain(text));
  if (mark === undefined) return "number";
  const [lowest, highest, step] = [item.lowest, item.highest, item.step].map((one) => exact(one));
  if (lowest === undefined || highest === undefined || step === undefined) return "range";
  if (mark < lowest || mark > highest) return "range";
  if (mark !== highest && step > 0n && (mark - lowest) % step !== 0n) return "step";
  return undefined;
}

/** What marks come to; those that are none count nothing. */
export function sum(texts: readonly string[]): string {
  const total = texts.reduce((all, text) => all + (exact(plain(text)) ?? 0n), 0n);
  return shown(total);
}

function shown(value: bigint): string {
  const digits = String(value).padStart(DECIMALS + 1, "0");
  const part = digits.slice(-DECIMALS).replace(/0+$/u, "");
  const whole = digits.slice(0, -DECIMALS);
  return part === "" ? whole : `${whole}.${part}`;
}
