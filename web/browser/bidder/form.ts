/**
 * The bid form: what is read out of a bid, judged by the same rules as at its opening.
 *
 * It must not reject a bid: it tells what is wrong with a form before it is sealed.
 */

import type { JsonObject, JsonValue } from "../crypto/canonical.ts";
import { dumps } from "../crypto/canonical.ts";
import { capitalsAgree } from "./capitals.ts";

/** A field that a project adds. */
export interface FormField {
  readonly field: string;
  readonly title: string;
  readonly kind: "text" | "amount" | "integer" | "decimal" | "date";
  readonly required: boolean;
}

/** What a section asks of the form; `priced` is false in a technical envelope. */
export interface FormTerms {
  readonly fields: readonly FormField[];
  readonly priced: boolean;
  readonly currency?: string;
  readonly limit?: number;
}

export type ProblemKind =
  | "missing"
  | "invalid"
  | "unknown"
  | "capitals"
  | "over_limit"
  | "unreadable";

export interface FormProblem {
  readonly field: string;
  readonly problem: ProblemKind;
}

const FORM_LIMIT = 64 << 10;
const PROBLEM_LIMIT = 50;
const LINE = 500;
const PROSE = 20_000;
const DAYS = 36_500;

type Check = (value: JsonValue) => boolean;

/** Return the terms of one envelope of a section; the price is in its last one. */
export function termsOf(
  section: { readonly envelopes: number; readonly form: readonly FormField[]; readonly limit?: number },
  envelope: number,
  currency: string,
): FormTerms {
  const isLast = envelope === section.envelopes;
  const fields = isLast
    ? section.form
    : section.form.map((field) => ({ ...field, required: false }));
  const limit = isLast && section.limit !== undefined ? { limit: section.limit } : {};
  return { fields, priced: isLast, currency, ...limit };
}

/** Return what is wrong with a form, as the read-out would show it, in the same order. */
export function formProblems(form: JsonValue, terms: FormTerms): readonly FormProblem[] {
  if (!isObject(form) || dumps(form).length > FORM_LIMIT) {
    return [{ field: "bid-form.json", problem: "unreadable" }];
  }
  const problems: FormProblem[] = [];
  const reader = new Reader(form, "", problems);
  reader.take("v", (value) => value === 1, true);
  reader.take("bidder", line, true);
  if (terms.priced) readPrice(reader, terms);
  readSecurity(reader);
  reader.take("quality", line);
  reader.take("duration_days", days);
  reader.take("leader", line);
  reader.take("remarks", prose);
  readExtra(reader, terms.fields);
  reader.end();
  return problems.slice(0, PROBLEM_LIMIT);
}

/** Takes the fields of one object by name and notes what is wrong with them. */
class Reader {
  readonly given: ReadonlySet<string>;
  private readonly left: Set<string>;

  constructor(
    private readonly value: JsonObject,
    private readonly path: string,
    private readonly problems: FormProblem[],
  ) {
    this.left = new Set(Object.keys(value));
    this.given = new Set(this.left);
  }

  /** Return a field that passes its check; note one that is missing or does not. */
  take(name: string, check: Check, isRequired = false): JsonValue | undefined {
    const value = this.value[name];
    if (!this.left.delete(name) || value === undefined) {
      if (isRequired) this.note(name, "missing");
      return undefined;
    }
    if (check(value)) return value;
    this.note(name, "invalid");
    return undefined;
  }

  part(name: string, isRequired = false): Reader | undefined {
    const value = this.take(name, isObject, isRequired);
    if (value === undefined) return undefined;
    return new Reader(value as JsonObject, `${this.path}${name}.`, this.problems);
  }

  end(): void {
    for (const name of this.left) {
      this.note(/^[a-z][a-z0-9_]{0,31}$/u.test(name) ? name : "?", "unknown");
    }
  }

  note(name: string, problem: ProblemKind): void {
    this.problems.push({ field: this.path + name, problem });
  }
}

function readPrice(reader: Reader, terms: FormTerms): void {
  const part = reader.part("price", true);
  if (part === undefined) return;
  const amount = part.take("amount", isAmount);
  const currency = part.take("currency", isCurrency);
  part.take("unit", line);
  part.take("rate", isDecimal);
  const capitals = part.take("capitals", line);
  part.end();
  judgePrice(part, currency, terms);
  if (typeof amount !== "number" || !part.given.has("amount")) return;
  if (typeof capitals === "string" && !capitalsAgree(capitals, amount)) {
    part.note("capitals", "capitals");
  }
  if (terms.limit !== undefined && amount > terms.limit) part.note("amount", "over_limit");
}

/** Note what each field passes but the price as a whole does not. */
function judgePrice(part: Reader, currency: JsonValue | undefined, terms: FormTerms): void {
  if (!part.given.has("amount")) {
    if (!part.given.has("rate")) {
      part.note("amount", "missing");
      return;
    }
    for (const name of ["currency", "capitals"]) {
      if (part.given.has(name)) part.note(name, "unknown");
    }
    return;
  }
  if (part.given.has("rate")) part.note("rate", "unknown");
  if (!part.given.has("currency")) part.note("currency", "missing");
  else if (currency !== undefined && terms.currency !== undefined && currency !== terms.currency) {
    part.note("currency", "invalid");
  }
}

function readSecurity(reader: Reader): void {
  const part = reader.part("security");
  if (part === undefined) return;
  part.take("given", (value) => typeof value === "boolean", true);
  part.take("amount", isAmount);
  part.take("form", line);
  part.end();
}

function readExtra(reader: Reader, fields: readonly FormField[]): void {
  const part = reader.part(
    "extra",
    fields.some((each) => each.required),
  );
  if (part === undefined) return;
  for (const each of fields) part.take(each.field, CHECKS[each.kind], each.required);
  part.end();
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && !Array.isArray(value);
}

function textOfAtMost(most: number): Check {
  return (value) => {
    if (typeof value !== "string" || value.trim() === "" || !value.isWellFormed()) return false;
    return [...value].length <= most;
  };
}

function integerIn(low: number, high: number): Check {
  return (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= low && value <= high;
}

function matching(pattern: RegExp): Check {
  return (value) => typeof value === "string" && pattern.test(value);
}

const line = textOfAtMost(LINE);
const prose = textOfAtMost(PROSE);
const days = integerIn(1, DAYS);
const isAmount = integerIn(0, Number.MAX_SAFE_INTEGER);
const isCurrency = matching(/^[A-Z]{3}$/u);
const isDecimal = matching(/^-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,10})?$/u);

function isDay(value: JsonValue): boolean {
  if (typeof value !== "string" || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u.test(value)) return false;
  const found = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(found.getTime()) && found.toISOString().startsWith(value) && value > "0001";
}

const CHECKS: Readonly<Record<FormField["kind"], Check>> = {
  text: prose,
  amount: isAmount,
  integer: integerIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  decimal: isDecimal,
  date: isDay,
};
