/** What a clerk's seat is shown of a project, as types; it asks for nothing. */

import type { Role } from "../app/signing.ts";
import type { Rule } from "../committee/rule.ts";
import type { Step } from "../committee/view.ts";

export interface FormField {
  readonly field: string;
  readonly title: string;
  readonly kind: "text" | "amount" | "integer" | "decimal" | "date";
  readonly required: boolean;
}

/** How long each part of a session lasts, ms. */
export interface Windows {
  readonly sign_in: number;
  readonly secrets: number;
  readonly draw: number;
  readonly confirm: number;
  readonly objections: number;
}

/** What must be left before a deadline, and what an outage before one sets off, ms. */
export interface Periods {
  readonly tender: number;
  readonly amendment: number;
  readonly outage: number;
  readonly decision: number;
  readonly publication: number;
}

export interface Terms {
  readonly section: string;
  readonly title: string;
  readonly envelopes: 1 | 2;
  readonly currency: string;
  readonly limit?: number;
  readonly minimum_bidders: number;
  readonly max_size: number;
  readonly co_open: boolean;
  readonly question_deadline: number;
  readonly deadline: number;
  readonly windows: Windows;
  readonly periods: Periods;
  readonly form: readonly FormField[];
  readonly draw: readonly string[];
  readonly n: number;
  readonly k: number;
}

export interface Section extends Terms {
  readonly phase: string;
  /** SHA-256 of the scoring rule, hex; undefined where none is set. */
  readonly scoring?: string;
  /** The rule itself, whole. */
  readonly rule?: Rule;
  /** How far its committee has come; undefined where none is convened. */
  readonly evaluation?: Step;
  readonly outage?: { readonly since: number; readonly until: number; readonly decide_by: number };
}

/** The phases in which a result may still change: the sessions are over, nothing is awarded. */
export const GOES_ON: ReadonlySet<string> = new Set(["opened1", "opened2"]);

export interface TenderDocument {
  readonly document: string;
  readonly title: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

export interface Participant {
  readonly account: string;
  readonly name: string;
  readonly organisation: string;
  readonly organisation_name: string;
  readonly role: Role | "timekeeper" | "expert";
  readonly key: string;
  readonly keyid: string;
}

export interface Member {
  readonly name: string;
  readonly organisation: string;
  readonly key: string;
}

export interface Timekeeper {
  readonly name: string;
  readonly key: string;
  readonly witness: string;
}

export interface Attempt {
  readonly sid: string;
  readonly section: string;
  readonly envelope: 1 | 2;
  readonly attempt: number;
  readonly status: "open" | "made" | "dead";
  readonly offenders: readonly number[];
  readonly joins: readonly number[];
  readonly deals: readonly number[];
  readonly certifies: readonly number[];
  readonly n: number;
  readonly k: number;
  readonly roster: readonly Member[];
  readonly timekeeper: Timekeeper;
  readonly join_by: number;
  readonly deal_by: number;
  readonly certify_by: number;
}

export interface Key {
  readonly section: string;
  readonly envelope: 1 | 2;
  readonly sid: string;
  readonly key_id: string;
  readonly pk: string;
  readonly rehearsed: Readonly<Record<string, number>>;
  readonly erased: boolean;
}

export interface Question {
  readonly question: string;
  readonly section: string;
  readonly asked?: string;
  readonly at?: number;
  readonly text?: string;
  readonly answer?: string;
}

export interface Project {
  readonly project: string;
  readonly number: string;
  readonly title: string;
  readonly tenderer: string;
  readonly agency: string | null;
  readonly currency: string;
  readonly published: boolean;
  readonly now: number;
  readonly sections: readonly Section[];
  readonly documents: readonly TenderDocument[];
  readonly participants: readonly Participant[];
  readonly attempts: readonly Attempt[];
  readonly keys: readonly Key[];
  readonly questions: readonly Question[];
  readonly sessions: readonly SessionView[];
}

export interface SessionView {
  readonly section: string;
  readonly envelope: 1 | 2;
  readonly stage: string;
  readonly announced?: readonly { readonly bid: string; readonly organisation: string }[];
  readonly lines?: readonly { readonly bid: string; readonly opened: boolean }[];
}

/** An account that may be bound, as the registry lists it. */
export interface Account {
  readonly account: string;
  readonly name: string;
  readonly organisation: string;
  readonly organisation_name: string;
  readonly roles: readonly string[];
  readonly signs: boolean;
}

/** Return those bound to a role. */
export function bound(project: Project, role: Participant["role"]): readonly Participant[] {
  return project.participants.filter((one) => one.role === role);
}

/** Return the sections that a notice would name. */
export function drafted(project: Project): readonly Section[] {
  return project.sections.filter((one) => one.phase !== "terminated");
}

/** Return the numbers of a section's envelopes. */
export function envelopes(section: Terms): readonly (1 | 2)[] {
  return section.envelopes === 2 ? [1, 2] : [1];
}

/** Return a section's title by its id. */
export function titleOf(project: Project, section: string): string {
  return project.sections.find((one) => one.section === section)?.title ?? section;
}
