/**
 * The messages a clerk signs, made from what the record says; pure. The service makes each of them
 * again from the record and compares.
 */

import { unhex } from "../crypto/bytes.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { fingerprint } from "../crypto/fingerprint.ts";
import {
  bound,
  drafted,
  envelopes,
  type Key,
  type Member,
  type Participant,
  type Project,
  type Section,
  type TenderDocument,
} from "./view.ts";

/** Until when the three steps of a ceremony are to be done, ms UTC. */
export interface Deadlines {
  readonly join_by: number;
  readonly deal_by: number;
  readonly certify_by: number;
}

/**
 * Return the message that starts an attempt at a key.
 *
 * @param roster the custodians who take part, as many as the terms say.
 * @param witness the timekeeper's verifier key as this browser pinned it.
 */
export function ceremonyStart(
  project: Project,
  section: Section,
  envelope: 1 | 2,
  roster: readonly Participant[],
  witness: string,
  by: Deadlines,
): JsonObject {
  const [timekeeper] = bound(project, "timekeeper");
  const attempts = project.attempts.filter(
    (one) => one.section === section.section && one.envelope === envelope,
  );
  return {
    v: 1,
    project: project.project,
    section: section.section,
    envelope,
    attempt: attempts.length + 1,
    suite: "P256-SHA256-A256GCM",
    n: section.n,
    k: section.k,
    roster: roster.map((one) => ({
      name: one.name,
      organisation: one.organisation_name,
      key: one.key,
    })),
    timekeeper: { name: timekeeper?.name ?? "", key: timekeeper?.key ?? "", witness },
    join_by: by.join_by,
    deal_by: by.deal_by,
    certify_by: by.certify_by,
    co_open: section.co_open,
  };
}

/** Return the notice that says what the record says; all keys must stand. */
export function notice(project: Project, remedy: string): JsonObject {
  const { number, title, tenderer, agency, currency } = project;
  return {
    v: 1,
    project: project.project,
    number,
    title,
    tenderer,
    ...(agency === null ? {} : { agency }),
    currency,
    documents: project.documents.map(documentOf),
    sections: drafted(project).map((one) => noticeSection(project, one)),
    remedy,
  };
}

function noticeSection(project: Project, section: Section): JsonObject {
  const { windows, periods } = section;
  return {
    section: section.section,
    title: section.title,
    envelopes: section.envelopes,
    ...(section.limit === undefined ? {} : { limit: section.limit }),
    minimum_bidders: section.minimum_bidders,
    max_size: section.max_size,
    co_open: section.co_open,
    question_deadline: section.question_deadline,
    deadline: section.deadline,
    windows: { ...windows },
    periods: { ...periods },
    form: section.form.map((one) => ({ ...one })),
    draw: [...section.draw],
    ...(section.scoring === undefined ? {} : { scoring: section.scoring }),
    keys: envelopes(section).flatMap((envelope) => {
      const key = keyOf(project, section.section, envelope);
      return key === undefined ? [] : [noticeKey(project, key)];
    }),
  };
}

function noticeKey(project: Project, key: Key): JsonObject {
  const attempt = project.attempts.find((one) => one.sid === key.sid);
  if (attempt === undefined) throw new Error("a key without its ceremony");
  const { name, key: signs, witness } = attempt.timekeeper;
  return {
    envelope: key.envelope,
    sid: key.sid,
    key_id: key.key_id,
    key: key.pk,
    fingerprint: fingerprint(unhex(key.key_id, 32)).map((one) => one.number),
    k: attempt.k,
    roster: attempt.roster.map(memberOf),
    timekeeper: { name, key: signs, witness },
  };
}

/** Return the key of a place that counts. */
export function keyOf(project: Project, section: string, envelope: 1 | 2): Key | undefined {
  return project.keys.find(
    (one) => one.section === section && one.envelope === envelope && !one.erased,
  );
}

/** What an amendment says. */
export interface Amendment {
  readonly section: string;
  readonly text: string;
  readonly documents: readonly TenderDocument[];
  readonly affects: boolean;
  readonly bids: "stay" | "replace";
  readonly deadline: number;
}

/** Return the message that clarifies or changes the tender documents. */
export function amendment(project: string, said: Amendment): JsonObject {
  return {
    v: 1,
    project,
    section: said.section,
    text: said.text,
    documents: said.documents.map(documentOf),
    affects_bids: said.affects,
    bids: said.bids,
    deadline: said.deadline,
  };
}

/** Return the message that records the result of the first envelopes. */
export function stageDecision(
  project: string,
  section: string,
  passed: readonly string[],
  failed: readonly { readonly organisation: string; readonly reason: string }[],
): JsonObject {
  return { v: 1, project, section, passed: [...passed], failed: failed.map((one) => ({ ...one })) };
}

/** A section's result as the service shows it to the clerk, published or to be published. */
export interface ResultView {
  readonly section: string;
  readonly step: "reported" | "published" | "awarded";
  readonly facts: string;
  readonly by_rate: boolean;
  readonly candidates: readonly Candidate[];
  readonly reason?: string;
  readonly period?: number;
  readonly longest?: number;
  readonly publish_by?: number;
  readonly at?: number;
  readonly until?: number;
  readonly award?: { readonly bid: string; readonly name: string; readonly at: number; readonly reason?: string };
  readonly objections?: readonly Objection[];
  /** The re-evaluation it is of, and the facts of the published result it replaces. */
  readonly reevaluation?: string;
  readonly replaces?: string;
  readonly former?: readonly FormerResult[];
}

/** What was published and then withdrawn, as the committee marked again. */
export interface FormerResult extends Pick<ResultView, "section" | "facts" | "by_rate" | "candidates" | "reason" | "objections"> {
  readonly at: number;
  readonly until: number;
  /** Ms UTC. */
  readonly withdrawn: number;
}

/** Nothing is published now: the committee marks again. */
export interface Withdrawn {
  readonly section: string;
  readonly step: "withdrawn";
  /** Ms UTC. */
  readonly since: number;
  readonly former?: readonly FormerResult[];
  readonly objections?: readonly Objection[];
}

/** A section's result, whether or not it is published now. */
export type Shown = ResultView | Withdrawn;

export interface Candidate {
  readonly place: number;
  readonly bid: string;
  readonly organisation: string;
  readonly name: string;
  readonly price: string;
  readonly total: string;
}

export interface Objection {
  readonly objection: string;
  readonly name: string;
  readonly text: string;
  readonly at: number;
  readonly due: number;
  readonly answer?: string;
  readonly answered?: number;
}

/** Return the message that publishes what the report found. */
export function candidates(project: string, result: ResultView, until: number): JsonObject {
  return {
    v: 1,
    project,
    section: result.section,
    facts: result.facts,
    until,
    candidates: result.candidates.map((one) => ({
      place: one.place,
      bid: one.bid,
      organisation: one.organisation,
      name: one.name,
      price: one.price,
      total: one.total,
    })),
    ...(result.reason === undefined ? {} : { reason: result.reason }),
    ...(result.reevaluation === undefined ? {} : { reevaluation: result.reevaluation }),
    ...(result.replaces === undefined ? {} : { replaces: result.replaces }),
  };
}

function documentOf(one: TenderDocument): JsonObject {
  const { document, title, name, size, sha256 } = one;
  return { document, title, name, size, sha256 };
}

function memberOf(one: Member): JsonObject {
  return { name: one.name, organisation: one.organisation, key: one.key };
}
