/** What every part of the hall is shown from: one place at one moment, for one seat; values only. */

import type { Outbox } from "./outbox.ts";
import type { Seat } from "./seat.ts";
import type { BidRow, Draw, HallView, Here, Line, Person, Section, Session } from "./view.ts";

/** A supervisor's notice 监督意见. */
export interface Notice {
  readonly section: string;
  readonly text: string;
  readonly pause: boolean;
  readonly at: number;
  readonly reply?: string;
  readonly replied_at?: number;
}

/** An own bid as the bidder's channel shows it. */
export interface OwnBid {
  readonly section: string;
  readonly envelope: number;
  readonly revision: number;
  readonly status: string;
}

/** What private channels add to the hall's view. */
export interface PrivateView extends HallView {
  readonly notices?: Readonly<Record<string, Notice>>;
  readonly bids?: Readonly<Record<string, OwnBid>>;
}

export interface Scene {
  readonly project: string;
  readonly section: string;
  readonly envelope: number;
  readonly view: HallView;
  readonly terms: Section;
  readonly session: Session;
  /** The bidder's own channel, the clerk's, the supervisor's; empty for those who have none. */
  readonly own: PrivateView;
  readonly desk: PrivateView;
  readonly lines: readonly Line[];
  readonly here: Here;
  readonly seat: Seat;
  readonly outbox: Outbox;
  /** The service's time; unknown before the first answer. */
  readonly now: number | undefined;
}

/** The name of a place as views have it. */
export function placeName(scene: Scene): string {
  return `${scene.section}-${scene.envelope}`;
}

/** Return the body of a command about this session. */
export function atPlace(scene: Scene, type: string, fields: object = {}): object {
  return { type, section: scene.section, envelope: scene.envelope, ...fields };
}

/** Everybody who is known here to have signed in. */
export function signIns(scene: Scene): Person[] {
  const [own, desk] = [scene.own, scene.desk].map((view) => view.sessions?.[placeName(scene)]);
  return Object.values({ ...desk?.sign_ins, ...own?.sign_ins, ...scene.session.sign_ins });
}

/** Whether this seat has signed in in a role. */
export function hasSignedIn(scene: Scene, role: string): boolean {
  const { account, name } = scene.seat;
  const told = scene.seat.session(scene.section, scene.envelope)?.sign_ins ?? [];
  if (told.some((one) => one.role === role && one.account === account)) return true;
  return signIns(scene).some((one) => one.role === role && one.name === name);
}

/** Whether signing in is possible now. */
export function isSignInOpen(scene: Scene): boolean {
  const stage = scene.session.stage ?? "lobby";
  if (["minutes", "ended"].includes(stage) || scene.terms.terminated !== undefined) return false;
  if (stage !== "lobby") return true;
  return scene.now !== undefined && scene.now >= scene.terms.deadline - scene.terms.windows.sign_in;
}

type Rows = readonly [string, BidRow][];

/** The bids of the session in their order. */
export function bidRows(session: Session): Rows {
  return Object.entries(session.bids ?? {}).sort(([, a], [, b]) => (a.n ?? 0) - (b.n ?? 0));
}

/** The bids that are opened and not read out yet. */
export function unread(session: Session): Rows {
  return bidRows(session).filter(
    ([, row]) => row.opened !== undefined && row.read_out === undefined,
  );
}

/** The bids a window still waits for. */
export function waitedFor(session: Session, window: string): Rows {
  return bidRows(session).filter(([, row]) => {
    if (row.spoiled !== undefined) return false;
    if (window === "secrets") return row.secret === undefined;
    return window === "confirm" && row.opened !== undefined && row.confirmed === undefined;
  });
}

/** The draw that goes on, if one does. */
export function runningDraw(session: Session): [string, Draw] | undefined {
  return Object.entries(session.draws ?? {}).find(
    ([, draw]) => draw.result === undefined && draw.defaulted === undefined,
  );
}

/** Whether something is drawn in this session. */
export function isDrawn(scene: Scene): boolean {
  const isLast = scene.envelope === scene.terms.envelopes;
  const isAnyOpen = Object.values(scene.session.bids ?? {}).some((row) => row.opened !== undefined);
  return isLast && isAnyOpen && scene.terms.draw.length > 0;
}

/** Whether the draw there is to be has its result. */
export function isDrawDone(scene: Scene): boolean {
  return Object.values(scene.session.draws ?? {}).some((draw) => draw.result !== undefined);
}

/** Whether this person has signed the minutes. */
export function hasSigned(scene: Scene): boolean {
  const told = scene.seat.session(scene.section, scene.envelope)?.minutes?.signed ?? {};
  if (scene.seat.account in told) return true;
  return Object.values(scene.session.signatures ?? {}).some(
    (one) => one.name === scene.seat.name && scene.seat.roles.has(one.role),
  );
}

/** Notices of this section that nobody has acknowledged. */
export function openNotices(scene: Scene): [string, Notice][] {
  return Object.entries(scene.desk.notices ?? {}).filter(
    ([, one]) => one.section === scene.section && one.reply === undefined,
  );
}

/** The live bid of this seat's organisation at this place, with its row once it is announced. */
export function ownBid(scene: Scene): [string, BidRow | undefined] | undefined {
  const rows = scene.session.bids ?? {};
  const announced = Object.entries(rows).find(
    ([, row]) => row.organisation === scene.seat.organisation,
  );
  if (announced !== undefined) return announced;
  const mine = Object.entries(scene.own.bids ?? {}).find(
    ([, bid]) =>
      bid.section === scene.section && bid.envelope === scene.envelope && bid.status === "live",
  );
  return mine === undefined ? undefined : [mine[0], undefined];
}
