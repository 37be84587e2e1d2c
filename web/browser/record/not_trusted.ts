/**
 * The one error of reading a record: something in it does not hold, and nothing was done with it.
 * It carries a code, never a sentence; `release/findings.ts` says it in words.
 */

/** What can be wrong, by what somebody should do about it. */
export const FAULTS = [
  "record.malformed",
  "record.cut_short",
  "record.files",
  "record.other_project",
  "record.other_keys",
  "record.counts",
  "record.unwitnessed",
  "record.checkpoint",
  "record.growth",
  "record.entries_order",
  "record.no_checkpoint",
  "record.time",
  "record.place",
  "record.trace",
  "record.inclusion",
  "record.event",
  "record.message",
  "opening.hidden",
  "opening.not_closed",
  "opening.no_clerk",
  "opening.clerk_key",
  "opening.ceremony",
  "opening.key",
  "opening.bid_late",
  "opening.close_list",
  "opening.bid_reused",
  "opening.bid_order",
  "opening.bid_key",
  "opening.bid_proof",
  "opening.bid_signer",
  "opening.bid_key_then",
  "opening.bid_signature",
  "opening.bid_key_changed",
  "opening.withdrawal_signer",
  "opening.withdrawal_signature",
  "opening.withdrawal_bid",
  "opening.orders",
  "opening.order_signature",
  "opening.order_key",
  "opening.order_list",
  "opening.not_yet",
  "opening.share",
] as const;

export type Fault = (typeof FAULTS)[number];

/** Thrown where a record, or an opening on it, does not hold. */
export class NotTrusted extends Error {
  /**
   * @param about what it is about: a number of an entry, a bid, a moment in ms.
   * @param rule the rule of a lower layer that broke, for whoever looks closer.
   */
  constructor(
    readonly fault: Fault,
    readonly about: string = "",
    readonly rule: string = "",
  ) {
    super([fault, about, rule].filter((part) => part !== "").join(": "));
    this.name = "NotTrusted";
  }
}

/** Throw `NotTrusted(fault)` unless `condition` holds. */
export function trusted(
  condition: boolean,
  fault: Fault,
  about: string | number = "",
): asserts condition {
  if (!condition) throw new NotTrusted(fault, String(about));
}
