/** Findings about a record in words: what does not hold, what is late, why a bid is left out. */

import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Warning } from "../record/copy.ts";
import type { Fault } from "../record/not_trusted.ts";
import type { Absence } from "./list.ts";

/** What can be waited for: nothing is wrong, it is only not yet time. */
const NOT_YET: ReadonlySet<Fault> = new Set(["opening.not_closed", "opening.not_yet", "record.unwitnessed"]);

/** Tell whether a fault is only that something has not happened yet. */
export function isWaiting(fault: Fault, about: string): boolean {
  return NOT_YET.has(fault) || (fault === "opening.orders" && about === "0");
}

/**
 * Say what does not hold.
 *
 * @param about the number of an entry, a bid or a moment, as the fault has it.
 */
export function faultInWords(fault: Fault, about: string): string {
  const [entry, bid] = [{ entry: about }, { bid: about.slice(0, 8) }];
  switch (fault) {
    case "record.malformed":
      return _("The record is not in its form; it was damaged or changed.");
    case "record.cut_short":
      return _("The record is cut short. Fetch it again.");
    case "record.files":
      return _("The file is not a record.");
    case "record.other_project":
      return _("The record holds an entry of another project.");
    case "record.other_keys":
      return _("The record names another log or timekeeper than this browser saw before.");
    case "record.counts":
      return _("The record does not hold as many entries as it says.");
    case "record.unwitnessed":
      return _("The timekeeper has seen nothing of this record yet.");
    case "record.checkpoint":
      return _("A checkpoint of the record is not signed by the log and the timekeeper.");
    case "record.growth":
      return _("A checkpoint does not continue the one before: the log was changed.");
    case "record.entries_order":
      return _("Entry {entry} of the record is out of order.", entry);
    case "record.no_checkpoint":
      return _("No checkpoint holds entry {entry} of the record.", entry);
    case "record.time":
      return _("Entry {entry} of the record is older than the one before it.", entry);
    case "record.place":
      return _("Entry {entry} does not follow the one before: an entry was left out, put in or exchanged.", entry);
    case "record.trace":
      return _("The address noted with entry {entry} is not the one it was recorded with.", entry);
    case "record.inclusion":
      return _("Entry {entry} is not in the log as it is shown here: it was changed.", entry);
    case "record.event":
      return _("Entry {entry} says something that no entry of a project can say.", entry);
    case "record.message":
      return _("The signed message in entry {entry} is not in its form.", entry);
    default:
      return openingInWords(fault, about, bid);
  }
}

function openingInWords(fault: Fault, about: string, bid: { bid: string }): string {
  switch (fault) {
    case "opening.hidden":
      return _("{count} entries of the record are hidden from you, though nothing must be hidden any more.", { count: about });
    case "opening.not_closed":
      return _("There is no key for this opening yet, or the bids are not closed.");
    case "opening.no_clerk":
      return _("What started the ceremony or ordered the opening is not signed by a clerk of this project.");
    case "opening.clerk_key":
      return _("What started the ceremony or ordered the opening is signed with another key than the clerk had at that time.");
    case "opening.ceremony":
      return _("The certificate of the key does not hold: the ceremony was not held as it must be.");
    case "opening.key":
      return _("The key is not the one that its ceremony gave.");
    case "opening.bid_late":
      return _("Bid {bid} was admitted after the close. Release nothing; tell the supervisor.", bid);
    case "opening.close_list":
      return _("The close does not list the bids that are on the record.");
    case "opening.bid_reused":
      return _("Bid {bid} reuses the id or the key of another bid.", bid);
    case "opening.bid_order":
      return _("Bid {bid} is not its bidder's next one.", bid);
    case "opening.bid_key":
      return _("Bid {bid} is sealed to another key, section or project.", bid);
    case "opening.bid_proof":
      return _("The proof that the bidder sealed bid {bid} itself does not hold.", bid);
    case "opening.bid_signer":
      return _("Bid {bid} is not signed by a bidder of this project.", bid);
    case "opening.bid_key_then":
      return _("Bid {bid} is signed with another key than its bidder had at that time.", bid);
    case "opening.bid_signature":
      return _("The signature of bid {bid} does not hold.", bid);
    case "opening.bid_key_changed":
      return _("Bid {bid} replaces one that another key signed, and no change of key is on the record.", bid);
    case "opening.withdrawal_signer":
      return _("Bid {bid} was not withdrawn by its bidder: a withdrawal of it is another's, or under another key.", bid);
    case "opening.withdrawal_signature":
      return _("The signature under the withdrawal of bid {bid} does not hold.", bid);
    case "opening.withdrawal_bid":
      return _("Bid {bid} could not be withdrawn any more, or the withdrawal is of another project.", bid);
    case "opening.orders":
      return about === "0"
        ? _("The opening is not ordered yet.")
        : _("There are {count} orders for this opening; there must be one.", { count: about });
    case "opening.order_signature":
      return _("The clerk's signature of the order does not hold.");
    case "opening.order_key":
      return _("The order is for another project or another key.");
    case "opening.order_list":
      return _("The bids on the order are not those that the record gives.");
    case "opening.not_yet":
      return _("The time of the opening, {at}, has not come by the timekeeper's clock.", { at: moment(Number(about)) });
    default:
      return _("The shares of custodian {i} do not hold.", { i: about });
  }
}

/** Say a finding about time. */
export function warningInWords({ kind, seq, at, deadline }: Warning): string {
  const facts = { entry: seq ?? 0, at: moment(at ?? 0), deadline: moment(deadline ?? 0) };
  switch (kind) {
    case "early_close":
      return _("The bids were closed at {at}, before their deadline {deadline} (entry {entry}).", facts);
    case "late":
      return _("A bid or a withdrawal was taken at {at}, after the deadline {deadline} (entry {entry}).", facts);
    case "late_witness":
      return _("The timekeeper saw entry {entry} at {at} only, more than a minute after the deadline {deadline}.", facts);
    case "hidden_sections":
      return _("Entries of other sections, which are not closed yet, are hidden; they were not checked.");
  }
}

/** Say why a bid is not on the list. */
export function absenceInWords(why: Absence): string {
  switch (why) {
    case "superseded":
      return _("Replaced by a later one");
    case "withdrawn":
      return _("Withdrawn by its bidder");
    case "incomplete":
      return _("Its other envelope is missing");
    case "file_lost":
      return _("The platform lost its sealed file");
    case "secret_missing":
      return _("Its bidder did not release its secret");
    case "not_passed_on":
      return _("Not let through to the second envelope");
  }
}
