/**
 * Whether the withdrawals of a section were their bidders' own. It must not trust that the service
 * asked the same: a false one would drop a bid from the list.
 */

import { unhex } from "../crypto/bytes.ts";
import { openEnvelope } from "../crypto/dsse.ts";
import { Invalid } from "../crypto/invalid.ts";
import { mayFollow, sectionOf } from "../record/bids.ts";
import { signerOf } from "../record/messages.ts";
import { NotTrusted, trusted } from "../record/not_trusted.ts";
import type { SealedBid, State, Withdrawal } from "../record/state.ts";

/**
 * Check every withdrawal of a section's bids, as everything was when it came. One of a bid that
 * was not there takes nothing back, and is left to the verifier.
 *
 * @throws NotTrusted one is not its bidder's.
 */
export async function checkWithdrawals(state: State, section: string): Promise<void> {
  for (const one of state.withdrawals) {
    const [bid] = one.taken;
    if (bid !== undefined && sectionOf(bid.place) === section) await checkWithdrawal(state, one, bid);
  }
}

async function checkWithdrawal(state: State, one: Withdrawal, bid: SealedBid): Promise<void> {
  const { envelope, who, last, taken } = one;
  const isInPlace = one.project === state.project && !one.isAfterClose;
  trusted(isInPlace, "opening.withdrawal_bid", bid.bid);
  const isBidder = who?.organisation === bid.organisation && who.keyid === signerOf(envelope);
  const key = who?.keys.get(who.keyid ?? "");
  trusted(who !== undefined && isBidder && key !== undefined, "opening.withdrawal_signer", bid.bid);
  try {
    await openEnvelope(envelope, "withdraw", unhex(key));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new NotTrusted("opening.withdrawal_signature", bid.bid, error.code);
  }
  trusted(last?.bid === bid.bid && bid.status === "live", "opening.withdrawal_bid", bid.bid);
  for (const half of taken) trusted(mayFollow(half, who), "opening.withdrawal_signer", half.bid);
}
