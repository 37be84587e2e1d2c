/**
 * The terms of a section as a form holds them, and as a command names them; pure. It says what is
 * wrong before anything is sent; the rules judge again.
 */

import type { JsonObject } from "../crypto/canonical.ts";
import {
  days,
  fromLocal,
  fromMinorUnits,
  mebibytes,
  minorUnits,
  minutes,
  toLocal,
  whole,
} from "./units.ts";
import type { FormField, Terms } from "./view.ts";

/** A field that is being written. */
export interface DraftField {
  field: string;
  title: string;
  kind: FormField["kind"];
  required: boolean;
}

/** The form of a section, every value as it was typed. */
export interface Draft {
  title: string;
  envelopes: "1" | "2";
  limit: string;
  deadline: string;
  question_deadline: string;
  minimum_bidders: string;
  max_size: string;
  co_open: boolean;
  n: string;
  k: string;
  sign_in: string;
  secrets: string;
  draw_window: string;
  confirm: string;
  objections: string;
  tender: string;
  amendment: string;
  outage: string;
  decision: string;
  publication: string;
  form: DraftField[];
  draw: string;
}

/** What is wrong with a form: the field's name, and a sentence of `WRONG`. */
export interface Wrong {
  readonly field: string;
  readonly why: keyof typeof WRONG;
}

/** Why a field cannot stay as it is; the page has the words. */
export const WRONG = {
  missing: "missing",
  amount: "amount",
  time: "time",
  number: "number",
  past: "past",
  questions: "questions",
  threshold: "threshold",
  name: "name",
  twice: "twice",
  draw: "draw",
} as const;

const NUMBERS = {
  minimum_bidders: { unit: 1, least: 1, most: 100 },
  max_size: { unit: mebibytes.unit, least: 1, most: mebibytes.most },
  n: { unit: 1, least: 2, most: 64 },
  k: { unit: 1, least: 2, most: 64 },
  sign_in: { unit: minutes.unit, least: 1, most: minutes.most },
  secrets: { unit: minutes.unit, least: 1, most: minutes.most },
  draw_window: { unit: minutes.unit, least: 1, most: minutes.most },
  confirm: { unit: minutes.unit, least: 1, most: minutes.most },
  objections: { unit: minutes.unit, least: 1, most: minutes.most },
  tender: { unit: days.unit, least: 0, most: days.most },
  amendment: { unit: days.unit, least: 0, most: days.most },
  outage: { unit: minutes.unit, least: 0, most: 60 },
  decision: { unit: minutes.unit, least: 0, most: 24 * 60 },
  publication: { unit: days.unit, least: 0, most: 90 },
} as const;

type NumberName = keyof typeof NUMBERS;

/** Return the form of terms that stand. */
export function draftOf(terms: Terms): Draft {
  const { windows, periods } = terms;
  const inUnits = (value: number, name: NumberName): string =>
    String(Math.floor(value / NUMBERS[name].unit));
  return {
    title: terms.title,
    envelopes: terms.envelopes === 2 ? "2" : "1",
    limit: terms.limit === undefined ? "" : fromMinorUnits(terms.limit),
    deadline: toLocal(terms.deadline),
    question_deadline: toLocal(terms.question_deadline),
    minimum_bidders: String(terms.minimum_bidders),
    max_size: inUnits(terms.max_size, "max_size"),
    co_open: terms.co_open,
    n: String(terms.n),
    k: String(terms.k),
    sign_in: inUnits(windows.sign_in, "sign_in"),
    secrets: inUnits(windows.secrets, "secrets"),
    draw_window: inUnits(windows.draw, "draw_window"),
    confirm: inUnits(windows.confirm, "confirm"),
    objections: inUnits(windows.objections, "objections"),
    tender: inUnits(periods.tender, "tender"),
    amendment: inUnits(periods.amendment, "amendment"),
    outage: inUnits(periods.outage, "outage"),
    decision: inUnits(periods.decision, "decision"),
    publication: inUnits(periods.publication, "publication"),
    form: terms.form.map((one) => ({ ...one })),
    draw: terms.draw.join("\n"),
  };
}

/** Return what is wrong with a form, in the order of its fields. */
export function check(draft: Draft, now: number): Wrong[] {
  const wrong: Wrong[] = [];
  const note = (isWrong: boolean, field: string, why: Wrong["why"]): void => {
    if (isWrong && !wrong.some((one) => one.field === field)) wrong.push({ field, why });
  };
  const deadline = fromLocal(draft.deadline);
  const questions = fromLocal(draft.question_deadline);
  note(draft.title.trim() === "", "title", "missing");
  note(draft.limit.trim() !== "" && minorUnits(draft.limit) === undefined, "limit", "amount");
  note(deadline === undefined, "deadline", "time");
  note(deadline !== undefined && deadline <= now, "deadline", "past");
  note(questions === undefined, "question_deadline", "time");
  note(
    questions !== undefined && questions > (deadline ?? questions),
    "question_deadline",
    "questions",
  );
  for (const name of Object.keys(NUMBERS) as NumberName[]) {
    note(numberOf(draft, name) === undefined, name, "number");
  }
  const [n, k] = [numberOf(draft, "n"), numberOf(draft, "k")];
  note(n !== undefined && k !== undefined && k > n, "k", "threshold");
  checkFields(draft.form, note);
  const values = drawOf(draft);
  note(values.length === 1 || new Set(values).size !== values.length, "draw", "draw");
  return wrong;
}

function checkFields(
  fields: readonly DraftField[],
  note: (isWrong: boolean, field: string, why: Wrong["why"]) => void,
): void {
  fields.forEach((one, at) => {
    note(!/^[a-z][a-z0-9_]{0,31}$/u.test(one.field), `form-${at}-field`, "name");
    note(fields.findIndex((other) => other.field === one.field) < at, `form-${at}-field`, "twice");
    note(one.title.trim() === "", `form-${at}-title`, "missing");
  });
}

/** Return the command that sets these terms; the form must have been found right. */
export function commandOf(section: string, draft: Draft): JsonObject {
  const number = (name: NumberName): number => (numberOf(draft, name) ?? 0) * NUMBERS[name].unit;
  const limit = minorUnits(draft.limit);
  return {
    type: "project.define_section",
    section,
    title: draft.title.trim(),
    envelopes: draft.envelopes === "2" ? 2 : 1,
    ...(limit === undefined ? {} : { limit }),
    minimum_bidders: number("minimum_bidders"),
    max_size: number("max_size"),
    co_open: draft.co_open,
    question_deadline: fromLocal(draft.question_deadline) ?? 0,
    deadline: fromLocal(draft.deadline) ?? 0,
    windows: {
      sign_in: number("sign_in"),
      secrets: number("secrets"),
      draw: number("draw_window"),
      confirm: number("confirm"),
      objections: number("objections"),
    },
    periods: {
      tender: number("tender"),
      amendment: number("amendment"),
      outage: number("outage"),
      decision: number("decision"),
      publication: number("publication"),
    },
    form: draft.form.map((one) => ({ ...one, title: one.title.trim() })),
    draw: drawOf(draft),
    n: number("n"),
    k: number("k"),
  };
}

/** Return the next free name of a section. */
export function nextSection(taken: readonly string[]): string {
  let number = taken.length + 1;
  while (taken.includes(`s${number}`)) number += 1;
  return `s${number}`;
}

function numberOf(draft: Draft, name: NumberName): number | undefined {
  const { least, most } = NUMBERS[name];
  return whole(draft[name], least, most);
}

function drawOf(draft: Draft): string[] {
  return draft.draw
    .split(/[\n,，、;；]/u)
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
