/** What went wrong and what is missing, in words for a bidder; it decides nothing. */

import { inWords } from "../app/ask.ts";
import { NotTrusted } from "../app/trust.ts";
import { _ } from "../app/texts.ts";
import { Invalid } from "../crypto/invalid.ts";
import type { BlindFault } from "./blind.ts";
import type { FileProblem } from "./draft.ts";
import type { FormProblem, FormTerms } from "./form.ts";
import type { BidRecord } from "./record.ts";
import { SealingFailed } from "./sealer.ts";

/** Return what stopped a sealing, and what to do. */
export function sealingInWords(error: unknown): string {
  if (!(error instanceof SealingFailed)) return inWords(error);
  switch (error.code) {
    case "QuotaExceededError":
      return _("The disk space this browser may use is full. Free some space, then seal again.");
    case "NotReadableError":
    case "NotFoundError":
    case "package.file_changed":
      return _("A file changed or could not be read while it was sealed. Close it in other programs, choose the files again, then seal again.");
    case "NoModificationAllowedError":
      return _("Another window of this browser is sealing this bid.");
    case "practice.held":
      return _("The last practice in this browser has not let go of its file. Wait a moment, then practise again.");
    case "practice.differs":
      return _("What was opened is not what was sealed. Do not seal a bid in this browser; use another one, or another machine.");
    default:
      return _("Sealing failed ({what}). Nothing was sent. Seal again; if it fails again, use the offline sealer.", {
        what: error.code,
      });
  }
}

/** Return what stands against sealing some files. */
export function fileProblemInWords({ kind, name }: FileProblem): string {
  switch (kind) {
    case "none":
      return _("Choose at least one file.");
    case "name":
      return _("The name {name} cannot go into a bid; rename the file.", { name });
    case "size":
      return _("The files are larger than this section takes.");
  }
}

/** Return what is wrong with the blind part of a bid. */
export function blindFaultInWords({ kind, name, what }: BlindFault): string {
  switch (kind) {
    case "missing":
      return _("Blind part: there is no file in the folder blind. The committee will find nothing to mark for the blind items.");
    case "misplaced":
      return _("Blind part: {name} is not in the folder blind. That folder stands in no other one, and is written in small letters.", { name });
    case "name":
      return _("Blind part: {name} will not be shown to the committee. Name it by a number, such as blind/1.pdf.", { name });
    case "carries_name":
      return _("Blind part: {name} holds the name {what}. Take it out before you seal.", { name, what });
    case "metadata":
      return _("Blind part: the PDF {name} says of itself: {what}. Remove its document properties before you seal.", { name, what });
  }
}

/** Return why a key or a notice is not believed. */
export function distrustInWords(error: unknown): string {
  if (error instanceof NotTrusted) return error.said;
  if (error instanceof Invalid && error.code.endsWith("not_proven")) {
    return _("The timekeeper has not seen the notice or the key yet. Wait a minute, then check again.");
  }
  if (error instanceof Invalid) {
    return _("The key or the notice does not hold ({what}). Do not seal; ask the trading centre by telephone.", {
      what: error.code,
    });
  }
  return inWords(error);
}

/** Return why a bid that was sealed elsewhere is not taken in. */
export function takingInWords(error: unknown): string {
  switch (error instanceof Invalid ? error.code : "") {
    case "":
      return inWords(error);
    case "sealed.place":
      return _("This bid was sealed for another project, section, envelope or bidder.");
    case "sealed.key":
      return _("This bid was sealed to another key than the notice's. Save the key's file again and seal anew.");
    case "sealed.revision":
      return _("A bid of yours came in after the key's file was saved. Save the key's file again and seal anew.");
    default:
      return _("This file is no sealed bid, or it is not whole. Copy it again from the machine it was sealed on.");
  }
}

/** Return what one thing of a browser is needed for. */
export function lackInWords(name: string): string {
  return name === "curve"
    ? _("This browser cannot make the keys that sealing needs.")
    : _("This window gives pages no disk space of their own, so nothing can be sealed here. Firefox gives a private window none: open this page in an ordinary window.");
}

/** Return the name of a field of the form. */
export function fieldName(path: string, terms: FormTerms): string {
  const own = terms.fields.find(({ field }) => `extra.${field}` === path);
  if (own !== undefined) return own.title;
  const names: Readonly<Record<string, string>> = {
    bidder: _("Bidder's name"),
    price: _("Price"),
    "price.amount": _("Price in figures"),
    "price.rate": _("Rate"),
    "price.capitals": _("Price in capitals"),
    "price.currency": _("Currency"),
    "price.unit": _("Unit the price is for"),
    "security.given": _("Bid security"),
    "security.amount": _("Amount of the bid security"),
    "security.form": _("Form of the bid security"),
    quality: _("Quality target"),
    duration_days: _("Time limit in days"),
    leader: _("Project leader"),
    remarks: _("Remarks"),
  };
  return names[path] ?? path;
}

/** Return what is wrong with a field of the form, as a sentence. */
export function problemInWords({ field, problem }: FormProblem, terms: FormTerms): string {
  const name = fieldName(field, terms);
  switch (problem) {
    case "missing":
      return _("{name} is missing.", { name });
    case "capitals":
      return _("The price in capitals is not the price in figures.");
    case "over_limit":
      return _("The price is above the limit. The bid will be read out with that remark.");
    case "unknown":
      return _("{name} is not asked for in this envelope.", { name });
    case "invalid":
    case "unreadable":
      return _("{name} cannot be read as it is written.", { name });
  }
}

/** Return why a bid goes no further, and what to do. */
export function lostInWords(record: BidRecord): string {
  switch (record.cause) {
    case "cut":
      return _("Sealing was cut short. The half-made file was removed; nothing was sent. Choose the files again and seal anew.");
    case "file":
      return _("The sealed file is no longer in this browser. Nothing was submitted; seal anew.");
    case "outdated":
      return _("Another device of your organisation has submitted a bid here since. Seal anew to replace it.");
    case "given_up":
      return _("You gave this sealed bid up. It was not submitted.");
    default:
      return _("Sealing failed. Nothing was sent; seal anew.");
  }
}

/** Return a span as people wait for it. */
export function waitInWords(millis: number): string {
  const seconds = Math.ceil(millis / 1000);
  if (seconds < 60) return _("about {n} s", { n: seconds });
  return _("about {n} min", { n: Math.ceil(seconds / 60) });
}
