/**
 * A draw whose shown result does not follow from what its parties committed and revealed. While one
 * is shown nothing is confirmed and nothing signed here; it decides nothing else.
 */

import { _ } from "../app/texts.ts";
import type { JsonObject, JsonValue } from "../crypto/canonical.ts";
import { outcomeOf } from "./drawing.ts";
import type { Scene } from "./scene.ts";
import type { Draw } from "./view.ts";

/** What a result and its proof are worked out from. */
export type Drawn = Pick<Draw, "values" | "parties" | "root" | "commits" | "reveals" | "seed" | "result">;

/** Tell whether a draw shows a result that does not follow. */
export function isFalse(name: string, draw: Drawn): boolean {
  if (draw.result === undefined) return false;
  const outcome = outcomeOf(name, draw);
  return outcome?.result !== draw.result || outcome.seed !== draw.seed;
}

/** Tell whether the hall shows such a result, or one drawn over other values than the terms name. */
export function hasFalseDraw({ session, terms }: Scene): boolean {
  return Object.entries(session.draws ?? {}).some(
    ([name, draw]) =>
      isFalse(name, draw) || (draw.result !== undefined && !isSame(draw.values, terms.draw)),
  );
}

/**
 * Tell whether minutes say of a draw something else than the hall shows, or what does not follow.
 *
 * @param facts the facts of the minutes, as they are attached to them.
 */
export function hasFalseDrawIn(facts: JsonObject, { session }: Scene): boolean {
  const told = (facts["draws"] ?? []) as readonly JsonObject[];
  const shown = Object.entries(session.draws ?? {});
  if (told.length !== shown.length) return true;
  return told.some((one) => {
    const name = String(one["draw"]);
    const draw = drawnIn(one);
    return isFalse(name, draw) || draw.result !== session.draws?.[name]?.result;
  });
}

/** Say why nothing is confirmed or signed, and what somebody of a role does now. */
export function sayFalseDraw(role: "clerk" | "bidder" | "supervisor"): string {
  switch (role) {
    case "clerk":
      return _("The result of the draw does not follow from what was committed and revealed. Nothing is signed: pause the session, tell the supervisor, and let the bidders object on record.");
    case "bidder":
      return _("The result of the draw does not follow from what was committed and revealed. Nothing is confirmed or signed here: tell the supervisor, and object as soon as the window for objections opens, so that it stands on record.");
    case "supervisor":
      return _("The result of the draw does not follow from what was committed and revealed. Nothing is signed here: raise a notice and ask for a pause.");
  }
}

function drawnIn(one: JsonObject): Drawn {
  const [root, seed, result] = ["root", "seed", "result"].map((name) => one[name]);
  return {
    values: one["values"] as readonly string[],
    parties: one["parties"] as readonly string[],
    commits: byParty(one["commits"]),
    reveals: byParty(one["reveals"]),
    ...(typeof root === "string" && { root }),
    ...(typeof seed === "string" && { seed }),
    ...(typeof result === "string" && { result }),
  };
}

function byParty(said: JsonValue | undefined): Record<string, string> {
  const rows = (said ?? []) as readonly JsonObject[];
  return Object.fromEntries(rows.map((row) => [String(row["account"]), String(row["value"])]));
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}
