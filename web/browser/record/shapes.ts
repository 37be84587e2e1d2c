/**
 * The forms of values, put together to the forms of whole objects; a form answers whether a value
 * has it, strictly, and changes nothing.
 */

import type { JsonObject, JsonValue } from "../crypto/canonical.ts";

/** Tells whether a value has a form. */
export type Shape = (value: JsonValue) => boolean;

/** A text that matches a pattern, of at most `most` UTF-16 units. */
export function text(pattern: RegExp, most = 1 << 24): Shape {
  return (value) => typeof value === "string" && value.length <= most && pattern.test(value);
}

/** A text of so many characters, as people count them. */
export function words(least: number, most: number): Shape {
  return (value) => {
    if (typeof value !== "string") return false;
    if (value.length <= most) return value.length >= least;
    return value.length <= 2 * most && [...value].length <= most;
  };
}

/** A whole number of these bounds, both within. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Shape {
  return (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** A truth value. */
export const flag: Shape = (value) => typeof value === "boolean";

/** One of a few values. */
export function oneOf(...allowed: readonly (string | number)[]): Shape {
  return (value) => (typeof value === "string" || typeof value === "number") && allowed.includes(value);
}

/** A value of any of these forms. */
export function oneShape(...forms: readonly Shape[]): Shape {
  return (value) => forms.some((form) => form(value));
}

/** A list of values of one form. */
export function list(of: Shape): Shape {
  return (value) => Array.isArray(value) && value.every((item) => of(item as JsonValue));
}

/** The form of an object, with the names of its fields; one that ends in `?` may be absent. */
export type ObjectShape = Shape & { readonly fields: readonly string[] };

/** An object with these fields and no others; a name that ends in `?` may be absent. */
export function object(fields: Readonly<Record<string, Shape>>): ObjectShape {
  const wanted = Object.entries(fields).map(([name, shape]) => {
    const isOptional = name.endsWith("?");
    return { name: isOptional ? name.slice(0, -1) : name, shape, isOptional };
  });
  const known = new Set(wanted.map(({ name }) => name));
  const check = (value: JsonValue): boolean => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const given = value as JsonObject;
    if (!Object.keys(given).every((name) => known.has(name))) return false;
    return wanted.every(({ name, shape, isOptional }) => {
      const field = given[name];
      return field === undefined ? isOptional : shape(field);
    });
  };
  return Object.assign(check, { fields: Object.keys(fields) });
}

/** Bytes in lower-case hex. */
export function hexOf(length: number): Shape {
  return text(new RegExp(`^[0-9a-f]{${2 * length}}$`, "u"));
}

export const id = hexOf(16);
export const hash = hexOf(32);
export const bytes = text(/^(?:[0-9a-f]{2})*$/u, 1 << 20);
export const millis = whole(0);
export const size = whole(0);
export const line = words(1, 500);
export const prose = words(1, 20_000);
export const account = text(/^[a-z0-9][a-z0-9_.-]{0,63}$/u);
export const section = text(/^[a-z0-9][a-z0-9-]{0,31}$/u);
export const envelope = oneOf(1, 2);
export const currency = text(/^[A-Z]{3}$/u);
export const compressedPoint = text(/^0[23][0-9a-f]{64}$/u);
export const wholePoint = text(/^04[0-9a-f]{128}$/u);
export const spki = text(/^(?:[0-9a-f]{2}){40,600}$/u);
export const vkey = text(/^[!-~]{1,300}$/u);
/** An exact decimal of zero or more, as rules, marks and scores have it. */
export const numberText = text(/^(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?$/u);
export const party = whole(0, 64);
export const role = oneOf(
  "bidder",
  "clerk",
  "custodian",
  "timekeeper",
  "supervisor",
  "expert",
);
export const window = oneOf("secrets", "draw", "confirm", "objections");

/** An envelope as it was received, not yet looked into. */
export const signed = object({
  payload: words(0, 16 << 20),
  payloadType: words(0, 100),
  signatures: list(object({ keyid: hash, sig: words(0, 200) })),
});
