/** The bid form as somebody types it, and the value that is sealed; it judges nothing but shapes. */

import type { JsonObject, JsonValue } from "../crypto/canonical.ts";
import { chineseCapitals } from "./capitals.ts";
import type { FormProblem, FormTerms } from "./form.ts";
import { minorOf } from "./money.ts";

/** What stands in the fields, as text; by the paths problems name, such as `price.amount`. */
export type Filled = Readonly<Record<string, string>>;

/** A form ready to be judged, and what could not even be read. */
export interface Written {
  readonly form: JsonObject;
  readonly problems: readonly FormProblem[];
}

/** Return the value of bid-form.json from what was typed. */
export function written(filled: Filled, terms: FormTerms): Written {
  const problems: FormProblem[] = [];
  const typed = new Typed(filled, problems);
  const form: Record<string, JsonValue> = { v: 1 };
  typed.text(form, "bidder", "bidder");
  if (terms.priced) form["price"] = price(typed, terms);
  const security = securityOf(typed);
  if (security !== undefined) form["security"] = security;
  typed.text(form, "quality", "quality");
  typed.integer(form, "duration_days", "duration_days");
  typed.text(form, "leader", "leader");
  typed.text(form, "remarks", "remarks");
  const extra = extraOf(typed, terms);
  if (Object.keys(extra).length > 0 || terms.fields.some((each) => each.required)) {
    form["extra"] = extra;
  }
  return { form, problems };
}

/** Return the capitals of a typed amount, empty while it is none. */
export function capitalsFor(typed: string): string {
  const minor = minorOf(typed);
  return minor === undefined ? "" : chineseCapitals(minor);
}

/** Puts what was typed into an object, and notes what is no number. */
class Typed {
  constructor(
    private readonly filled: Filled,
    private readonly problems: FormProblem[],
  ) {}

  at(path: string): string {
    return (this.filled[path] ?? "").trim();
  }

  text(into: Record<string, JsonValue>, name: string, path: string): void {
    const value = this.at(path);
    if (value !== "") into[name] = value;
  }

  amount(into: Record<string, JsonValue>, name: string, path: string): void {
    this.put(into, name, path, minorOf(this.at(path)));
  }

  integer(into: Record<string, JsonValue>, name: string, path: string): void {
    const text = this.at(path).normalize("NFKC");
    const value = /^-?\d{1,16}$/u.test(text) ? Number(text) : undefined;
    this.put(into, name, path, Number.isSafeInteger(value) ? value : undefined);
  }

  private put(
    into: Record<string, JsonValue>,
    name: string,
    path: string,
    value: number | undefined,
  ): void {
    if (this.at(path) === "") return;
    if (value === undefined) this.problems.push({ field: path, problem: "invalid" });
    else into[name] = Object.is(value, -0) ? 0 : value;
  }
}

function price(typed: Typed, terms: FormTerms): JsonObject {
  const value: Record<string, JsonValue> = {};
  if (typed.at("price.kind") === "rate") {
    typed.text(value, "rate", "price.rate");
  } else {
    typed.amount(value, "amount", "price.amount");
    if (terms.currency !== undefined) value["currency"] = terms.currency;
    typed.text(value, "capitals", "price.capitals");
  }
  typed.text(value, "unit", "price.unit");
  return value;
}

function securityOf(typed: Typed): JsonObject | undefined {
  const given = typed.at("security.given");
  if (given === "") return undefined;
  const value: Record<string, JsonValue> = { given: given === "yes" };
  if (given === "yes") {
    typed.amount(value, "amount", "security.amount");
    typed.text(value, "form", "security.form");
  }
  return value;
}

function extraOf(typed: Typed, terms: FormTerms): JsonObject {
  const value: Record<string, JsonValue> = {};
  for (const { field, kind } of terms.fields) {
    const path = `extra.${field}`;
    if (kind === "amount") typed.amount(value, field, path);
    else if (kind === "integer") typed.integer(value, field, path);
    else typed.text(value, field, path);
  }
  return value;
}
