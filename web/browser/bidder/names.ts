/** What the files of a bid are called: project, section, bid, and when it came in or was begun. */

import { named } from "../app/format.ts";
import type { Bidding } from "./bidding.ts";

/** Return the beginning of a file's name; of the place alone where no bid is named. */
export function fileName({ own, records, place, view }: Bidding, bid?: string): string {
  const isIt = (one: { readonly bid: string }): boolean => one.bid === bid;
  const at = own.find(isIt)?.at ?? records.find(isIt)?.created;
  const parts = [
    view?.number,
    `${place.section}-${place.envelope}`,
    bid?.slice(0, 8),
    at === undefined ? undefined : named(at),
  ];
  return parts.filter(Boolean).join("-");
}
