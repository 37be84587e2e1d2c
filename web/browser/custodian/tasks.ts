/** What a custodian has to do, read off what its channels show; it decides nothing. */

import type { JsonObject } from "../hall/merge.ts";
import type { Step } from "./attempt.ts";

/** A roster's line as the record shows it. */
export interface Member {
  readonly name: string;
  readonly organisation: string;
  readonly key: string;
}

type Moments = Readonly<Record<string, number>>;

/** An attempt at a key as the hall shows it. */
export interface AttemptView {
  readonly section: string;
  readonly envelope: number;
  readonly attempt: number;
  readonly n: number;
  readonly k: number;
  readonly roster: readonly Member[];
  readonly timekeeper: { readonly name: string };
  readonly join_by: number;
  readonly deal_by: number;
  readonly certify_by: number;
  readonly co_open: boolean;
  readonly status: "open" | "made" | "dead";
  readonly at: number;
  readonly ended?: number;
  readonly joins?: Moments;
  readonly deals?: Moments;
  readonly certifies?: Moments;
  readonly offenders?: readonly number[];
  readonly missing?: readonly number[];
  readonly cause?: string;
  readonly step?: Step;
  readonly erased?: number;
}

interface SessionView {
  readonly stage?: string;
  readonly closed?: object;
  readonly order?: { readonly scheduled_at: number; readonly at: number };
  readonly partials?: Moments;
  readonly released?: number;
  readonly paused?: object;
}

/** What of the views of `hall` and `custodians` is read here. */
export interface Views {
  readonly project?: { readonly number: string; readonly title: string; readonly tenderer: string };
  readonly sections?: Readonly<
    Record<
      string,
      {
        readonly title: string;
        readonly envelopes: number;
        readonly deadline: number;
        readonly terminated?: object;
      }
    >
  >;
  readonly attempts?: Readonly<Record<string, AttemptView>>;
  readonly keys?: Readonly<Record<string, { readonly sid: string; readonly key_id: string }>>;
  readonly sessions?: Readonly<Record<string, SessionView>>;
  readonly rehearsed?: Readonly<Record<string, Moments>>;
}

interface Place {
  readonly project: string;
  readonly number: string;
  readonly title: string;
  readonly tenderer: string;
  readonly section: string;
  readonly sectionTitle: string;
  readonly envelope: number;
  readonly isOfTwo: boolean;
  readonly deadline: number;
  readonly sid: string;
  readonly attempt: AttemptView;
  /** The custodian's own place on the roster, from 1. */
  readonly i: number;
}

export interface CeremonyTask extends Place {
  readonly kind: "ceremony";
  readonly step: Step;
  readonly until: number;
  /** Whether it waits for this custodian. */
  readonly isOwn: boolean;
  /** The parties that have not yet done the step; 0 is the timekeeper. */
  readonly missing: readonly number[];
}

export interface DeadTask extends Place {
  readonly kind: "dead";
}

export interface KeyTask extends Place {
  readonly kind: "key";
  readonly keyId: string;
  readonly rehearsed: number | undefined;
  readonly isClosed: boolean;
}

export interface ReleaseTask extends Place {
  readonly kind: "release";
  readonly keyId: string;
  readonly scheduledAt: number;
  readonly isDone: boolean;
  readonly count: number;
}

export type Task = CeremonyTask | DeadTask | KeyTask | ReleaseTask;

/** Return which step of an open attempt is due. */
export function stepOf(attempt: AttemptView): Step {
  const count = (done: Moments | undefined): number => Object.keys(done ?? {}).length;
  if (count(attempt.joins) <= attempt.n) return "join";
  return count(attempt.deals) <= attempt.n ? "deal" : "certify";
}

/** Return when a party did a step; undefined where it has not. */
export function doneAt(attempt: AttemptView, step: Step, i: number): number | undefined {
  const done = { join: attempt.joins, deal: attempt.deals, certify: attempt.certifies }[step];
  return done?.[String(i)];
}

/**
 * Return a custodian's tasks in a project.
 *
 * @param keys the custodian's signing keys, SubjectPublicKeyInfo in hex.
 */
export function tasksOf(
  project: string,
  hall: JsonObject,
  own: JsonObject,
  keys: ReadonlySet<string>,
): Task[] {
  const view = hall as Views;
  const attempts = Object.entries(view.attempts ?? {});
  return attempts.flatMap(([sid, attempt]) => {
    const at = attempt.roster.findIndex(({ key }) => keys.has(key));
    const place = placed(project, view, sid, attempt, at + 1);
    if (at === -1 || place === undefined) return [];
    const task = taskOf(place, view, own as Views);
    const isPast = task?.kind === "dead" && attempts.some(([, other]) => follows(other, attempt));
    return task === undefined || isPast ? [] : [task];
  });
}

/** Order tasks: what waits for this custodian first, then by how soon. */
export function inOrder(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((a, b) => Number(isDue(b)) - Number(isDue(a)) || soon(a) - soon(b));
}

/** Tell whether a task waits for this custodian. */
export function isDue(task: Task): boolean {
  switch (task.kind) {
    case "ceremony":
      return task.isOwn;
    case "key":
      return task.rehearsed === undefined && !task.isClosed;
    case "release":
      return !task.isDone;
    case "dead":
      return false;
  }
}

function soon(task: Task): number {
  if (task.kind === "ceremony") return task.until;
  return task.kind === "release" ? task.scheduledAt : task.deadline;
}

function taskOf(place: Place, view: Views, own: Views): Task | undefined {
  const { attempt, i } = place;
  const name = `${place.section}-${place.envelope}`;
  if (view.sections?.[place.section]?.terminated !== undefined) return undefined;
  if (attempt.status === "dead") return { kind: "dead", ...place };
  if (attempt.status === "open") return ceremony(place);
  const key = view.keys?.[name];
  if (key?.sid !== place.sid || attempt.erased !== undefined) return undefined;
  const session = view.sessions?.[name] ?? {};
  if (session.order !== undefined) {
    return {
      kind: "release",
      ...place,
      keyId: key.key_id,
      scheduledAt: session.order.scheduled_at,
      isDone: session.partials?.[String(i)] !== undefined || session.released !== undefined,
      count: Object.keys(session.partials ?? {}).length,
    };
  }
  const rehearsed = (own.rehearsed ?? view.rehearsed)?.[name]?.[String(i)];
  const isClosed = session.closed !== undefined;
  return { kind: "key", ...place, keyId: key.key_id, rehearsed, isClosed };
}

function ceremony(place: Place): CeremonyTask {
  const { attempt, i } = place;
  const step = stepOf(attempt);
  const parties = Array.from({ length: attempt.n + 1 }, (_, party) => party);
  const missing = parties.filter((party) => doneAt(attempt, step, party) === undefined);
  const until = { join: attempt.join_by, deal: attempt.deal_by, certify: attempt.certify_by }[step];
  return { kind: "ceremony", ...place, step, until, isOwn: missing.includes(i), missing };
}

function placed(
  project: string,
  view: Views,
  sid: string,
  attempt: AttemptView,
  i: number,
): Place | undefined {
  const [about, section] = [view.project, view.sections?.[attempt.section]];
  if (about === undefined || section === undefined) return undefined;
  return {
    project,
    number: about.number,
    title: about.title,
    tenderer: about.tenderer,
    section: attempt.section,
    sectionTitle: section.title,
    envelope: attempt.envelope,
    isOfTwo: section.envelopes === 2,
    deadline: section.deadline,
    sid,
    attempt,
    i,
  };
}

/** Tell whether an attempt came after another at the same place. */
function follows(later: AttemptView, earlier: AttemptView): boolean {
  const isSamePlace = later.section === earlier.section && later.envelope === earlier.envelope;
  return isSamePlace && later.attempt > earlier.attempt;
}
