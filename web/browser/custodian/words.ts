/** Says in words what went wrong with a kit or an attempt; it must not hide what it cannot name. */

import { Said } from "../app/ask.ts";
import { Invalid } from "../crypto/invalid.ts";
import { _ } from "../app/texts.ts";

/** What has a sentence of its own; everything else in a record that does not hold is one thing. */
const SAID: Readonly<Record<string, () => string>> = {
  "kit.locked": () =>
    _("The file does not open: the passphrase is another one, or this is no kit."),
  "kit.another": () => _("This is not the kit that was just made. Choose the file you saved."),
  "kit.no_timekeeper": () =>
    _("This installation has no timekeeper yet; a kit is made when it has one."),
  "kit.origin": () =>
    _("This kit was made for another log or another timekeeper. Do not go on; ask the trading centre."),
  "kit.identity": () => _("The kit's signing key is of a kind this browser does not know. Use the command line."),
  "kit.closed": () => _("The kit is closed. Open it again to go on."),
  "attempt.not_on_roster": () => _("This kit is not on the roster of this ceremony."),
  "attempt.not_proved": () =>
    _("The timekeeper has not witnessed the start of this ceremony yet. Try again in a moment."),
  "attempt.no_clerk": () => _("The ceremony was not started by a clerk of this project."),
};

/** Return an error that says in the page's language what went wrong. */
export function told(error: unknown): unknown {
  if (!(error instanceof Invalid)) return error;
  const said = SAID[error.code]?.() ??
    _("Something on the record of this ceremony does not hold, so nothing was done ({code}). Tell the supervisor.", { code: error.code });
  return new Said(said);
}
