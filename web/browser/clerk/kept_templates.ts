/** The templates that administrators keep: read here, and turned into the form a section begins with. */

import { get } from "../app/api.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { check, commandOf, draftOf, type Draft, type Wrong } from "./terms.ts";
import type { Terms } from "./view.ts";

/** What a template says of a section: its terms without what is each project's own. */
export type TemplateTerms = Omit<
  Terms,
  "section" | "currency" | "limit" | "question_deadline" | "deadline"
>;

export interface Template {
  readonly template: string;
  readonly name: string;
  readonly at: number;
  readonly by: string;
  readonly terms: TemplateTerms;
}

const OWN = new Set(["type", "section", "limit", "deadline", "question_deadline"]);
/** What is each project's own, and so no part of a template. */

/** Return every template, by name. */
export async function keptTemplates(): Promise<readonly Template[]> {
  return (await get<{ items: Template[] }>("/api/templates")).items;
}

/** Return the form a section begins with; its deadlines are still to be said. */
export function draftOfTemplate(terms: TemplateTerms): Draft {
  const moments = { section: "", currency: "CNY", deadline: 0, question_deadline: 0 };
  return { ...draftOf({ ...terms, ...moments }), deadline: "", question_deadline: "" };
}

/** Return the terms a template is kept with; the form must have been found right. */
export function templateOf(draft: Draft): JsonObject {
  const whole = commandOf("", draft);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !OWN.has(name)));
}

/** Return what is wrong with a template's form. */
export function checkTemplate(draft: Draft): Wrong[] {
  return check({ ...draft, limit: "" }, 0).filter((one) => !OWN.has(one.field));
}
