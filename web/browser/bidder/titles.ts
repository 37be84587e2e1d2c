/** The steps of a bid by name, and what stands above each. */

import { _ } from "../app/texts.ts";

export const PREPARING = ["check", "key", "files", "form", "review"] as const;
export type Preparing = (typeof PREPARING)[number];
export type Step = "start" | Preparing | "seal" | "secret" | "sealed" | "send" | "waiting" | "receipt" | "refused";

/** Return the heading of a step; `isIn` where a bid is in already. */
export function titleOf(step: Step, isIn: boolean): string {
  switch (step) {
    case "start":
      return isIn ? _("Your bid is in") : _("Your bid");
    case "check":
      return _("Check this browser");
    case "key":
      return _("Compare the key's words");
    case "files":
      return _("Choose the files");
    case "form":
      return _("Fill in the bid form");
    case "review":
      return _("Look at it once more, then seal");
    case "seal":
      return _("Sealing on this device");
    case "secret":
      return _("Save your own secret");
    case "sealed":
      return _("Sealed on this device");
    case "send":
      return _("Submitting");
    case "waiting":
      return _("Received, the receipt follows");
    case "receipt":
      return _("Receipt");
    case "refused":
      return _("The bid was refused");
  }
}
