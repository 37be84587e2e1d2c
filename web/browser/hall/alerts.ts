/**
 * What cannot be right, out of what a supervisor sees; pure. It accuses nobody: it says what is
 * there and what must be, and the verifier tells whether it is so.
 */

import { _ } from "../app/texts.ts";
import { hasFalseDraw, sayFalseDraw } from "./false_draw.ts";
import { placeName, type Scene } from "./scene.ts";
import type { Line } from "./view.ts";

/** How long the timekeeper may be behind before it is told, ms. */
export const WITNESS_PATIENCE = 60_000;

/** Return everything in a scene that cannot be right. */
export function alertsOf(scene: Scene): string[] {
  return [...ofTimes(scene), ...ofOrder(scene), ...ofBids(scene), ...ofDeadline(scene), ...ofDraws(scene)];
}

/** Return the changes of signing keys that were told here; none carries the old key's signature. */
export function keyChanges(scene: Scene): Line[] {
  return scene.lines.filter(({ type }) => type === "opening.participant_key_changed");
}

/**
 * Tell whether the timekeeper has not seen something for too long.
 *
 * @param newest when the newest line happened, ms.
 * @param cosigned when the newest cosigned checkpoint was cosigned, ms.
 */
export function isWitnessBehind(newest: number, cosigned: number, now: number): boolean {
  // cosignatures carry whole seconds
  return now - newest > WITNESS_PATIENCE && cosigned + 1_000 < newest;
}

function moments(scene: Scene): Map<string, Line> {
  const first = new Map<string, Line>();
  const ours = scene.lines.filter((line) => isHere(scene, line));
  for (const line of [...ours].sort((one, other) => one.at - other.at)) {
    if (!first.has(line.type)) first.set(line.type, line);
  }
  return first;
}

function isHere(scene: Scene, line: Line): boolean {
  return line.section === scene.section && (line.envelope ?? scene.envelope) === scene.envelope;
}

const ORDER: readonly [string, string][] = [
  ["opening.bids_closed", "opening.session_announced"],
  ["opening.session_announced", "opening.order_issued"],
  ["opening.order_issued", "opening.partial_posted"],
  ["opening.order_issued", "opening.key_released"],
  ["opening.key_released", "opening.bid_opened"],
  ["opening.minutes_drawn_up", "opening.session_ended"],
];
/** What must come before what. */

function ofTimes(scene: Scene): string[] {
  const first = moments(scene);
  const names = (type: string): string => _(`act ${type}`);
  return ORDER.flatMap(([before, after]) => {
    const [one, other] = [first.get(before), first.get(after)];
    if (other === undefined || (one !== undefined && one.at <= other.at)) return [];
    // a page that came late may not have the older line; the view has its moment
    if (one === undefined && isInView(scene, before)) return [];
    return [_("{after} came before {before}.", { after: names(after), before: names(before) })];
  });
}

function isInView(scene: Scene, type: string): boolean {
  const { session } = scene;
  switch (type) {
    case "opening.bids_closed":
      return session.closed !== undefined;
    case "opening.session_announced":
      return session.announced !== undefined;
    case "opening.order_issued":
      return session.order !== undefined;
    case "opening.key_released":
      return session.released !== undefined;
    default:
      return session.minutes !== undefined;
  }
}

function ofOrder(scene: Scene): string[] {
  const { session } = scene;
  const key = scene.view.keys?.[placeName(scene)];
  const k = key === undefined ? undefined : scene.view.attempts?.[key.sid]?.k;
  const released = Object.values(session.partials ?? {}).filter(
    (at) => session.released !== undefined && at <= session.released,
  );
  const isEarly = session.released !== undefined && k !== undefined && released.length < k;
  return isEarly
    ? [_("The timekeeper released after {count} custodians; {k} are needed.", { count: released.length, k })]
    : [];
}

function ofBids(scene: Scene): string[] {
  const found: string[] = [];
  for (const [bid, row] of Object.entries(scene.session.bids ?? {})) {
    const name = row.name ?? bid.slice(0, 8);
    if (row.listed !== undefined && row.name === undefined) {
      found.push(_("A bid is on the order that was not announced: {name}.", { name }));
    }
    if (row.opened !== undefined && row.listed === undefined) {
      found.push(_("A bid was opened that is not on the order: {name}.", { name }));
    }
    if (row.read_out !== undefined && row.listed === undefined) {
      found.push(_("A bid was read out that is not on the order: {name}.", { name }));
    }
    if (row.read_out !== undefined && row.opened === undefined) {
      found.push(_("A bid was read out that was not opened: {name}.", { name }));
    }
  }
  return found;
}

function ofDraws(scene: Scene): string[] {
  return hasFalseDraw(scene) ? [sayFalseDraw("supervisor")] : [];
}

function ofDeadline(scene: Scene): string[] {
  const { closed } = scene.session;
  if (closed === undefined || closed.at >= closed.deadline) return [];
  return [_("Bids were closed before their deadline.")];
}
