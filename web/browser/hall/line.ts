/** A line of the timeline in words, the way the service's own pages say it. */

import { moment } from "../app/format.ts";
import { _, type Facts } from "../app/texts.ts";
import type { Line } from "./view.ts";

const WORDS = ["window", "cause", "blame", "role", "step", "decision", "subject"];
const MOMENTS = ["until", "deadline"];

/** What happened. */
export function sentence(line: Line): string {
  const facts: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(line)) {
    if (typeof value === "string" || typeof value === "number") facts[name] = value;
  }
  for (const name of WORDS) if (name in facts) facts[name] = _(`${name} ${facts[name]}`);
  for (const name of MOMENTS) if (name in facts) facts[name] = moment(Number(facts[name]));
  if ("i" in facts) facts["party"] = party(Number(facts["i"]));
  if ("bid" in facts) facts["bid"] = String(facts["bid"]).slice(0, 8);
  return _(`event ${line.type}`, facts satisfies Facts);
}

/** Who did it; nothing where that is not told. */
export function doer(line: Line): string {
  if (line.who === undefined) return "";
  const role = _(`role ${line.who.role}`);
  return line.who.name === undefined ? role : `${line.who.name} (${role})`;
}

/** A holder of a share, by its place. */
export function party(i: number): string {
  return i === 0 ? _("role timekeeper") : _("party {i}", { i });
}
