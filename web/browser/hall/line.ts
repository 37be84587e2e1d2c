/** A line of the timeline in words, the way the service's own pages say it. */

import { moment } from "../app/format.ts";
import { _, type Facts } from "../app/texts.ts";
import type { HallView, Line } from "./view.ts";

const WORDS = ["window", "cause", "blame", "role", "step", "decision", "subject", "ground", "opinion"];
const MOMENTS = ["until", "deadline", "due"];

/** The names of the bidders that were announced, by bid. */
export function bidders(view: HallView): ReadonlyMap<string, string> {
  const rows = Object.values(view.sessions ?? {}).flatMap((one) => Object.entries(one.bids ?? {}));
  return new Map(rows.flatMap(([bid, row]) => (row.name === undefined ? [] : [[bid, row.name]])));
}

/**
 * What happened.
 *
 * @param names of bidders by bid, of those that may be named by now.
 */
export function sentence(line: Line, names: ReadonlyMap<string, string> = new Map()): string {
  const facts: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(line)) {
    if (typeof value === "string" || typeof value === "number") facts[name] = value;
  }
  for (const name of WORDS) if (name in facts) facts[name] = _(`${name} ${facts[name]}`);
  for (const name of MOMENTS) if (name in facts) facts[name] = moment(Number(facts[name]));
  if ("i" in facts) facts["party"] = party(Number(facts["i"]));
  const { bid, code } = line;
  if (typeof bid === "string") facts["bid"] = names.get(bid) ?? bid.slice(0, 8);
  if (typeof code === "string") facts["code"] = _(`refused ${code}`).replace(/[。.]$/u, "");
  const kind = "returned" in line ? `${line.type}/returned` : line.type;
  return _(`event ${kind}`, facts satisfies Facts);
}

/** Who did it; nothing where that is not told. */
export function doer(line: Line): string {
  if (line.who === undefined) return "";
  const role = _(`role ${line.who.role}`);
  return line.who.name === undefined ? role : _("{name} ({of})", { name: line.who.name, of: role });
}

/** A holder of a share, by its place. */
export function party(i: number): string {
  return i === 0 ? _("role timekeeper") : _("party {i}", { i });
}
