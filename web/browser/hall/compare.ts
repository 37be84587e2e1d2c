/** An own line as it was read out beside what was sealed in this browser; it judges nothing else. */

import type { BidLine, Price } from "./view.ts";

/** A field in which the two differ: its place in the form, and both values as texts. */
export interface Difference {
  readonly field: string;
  readonly sealed: string;
  readonly told: string;
}

const FIELDS = ["bidder", "quality", "duration_days", "leader", "remarks"] as const;
const OF_PRICE = ["amount", "currency", "unit", "rate", "capitals"] as const;

/** What is compared: the form as the bidder page kept it. */
export type SealedForm = Omit<BidLine, "words">;

/** Return every difference between a form that was sealed and the line the hall was told. */
export function differences(sealed: SealedForm, told: BidLine): Difference[] {
  const found = FIELDS.map((field) => differ(field, sealed[field], told[field]));
  const [mine, theirs]: [Price, Price] = [sealed.price ?? {}, told.price ?? {}];
  const prices = OF_PRICE.map((field) => differ(`price.${field}`, mine[field], theirs[field]));
  const names = new Set([...Object.keys(sealed.extra ?? {}), ...Object.keys(told.extra ?? {})]);
  const extra = [...names].map((field) => differ(field, sealed.extra?.[field], told.extra?.[field]));
  return [...prices, ...found, ...extra].filter((one) => one !== undefined);
}

function differ(
  field: string,
  sealed: string | number | undefined,
  told: string | number | undefined,
): Difference | undefined {
  if (sealed === told) return undefined;
  return { field, sealed: String(sealed ?? "—"), told: String(told ?? "—") };
}
