/** Canonical JSON, the subset that is signed and hashed; it must never repair what it reads. */

import { textOf, utf8, type Bytes } from "./bytes.ts";
import { Invalid, must } from "./invalid.ts";

export type JsonValue = boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const KEY = /^[a-z][a-z0-9_]*$/u;
/** The keys of a signature envelope: its own standard's names, the one exception to the rule. */
const ENVELOPE_KEYS = "payload,payloadType,signatures";
const DEEPEST = 32;

/**
 * Return the canonical bytes of `value`.
 *
 * Keys are ASCII, so sorting by UTF-16 unit is sorting by byte.
 *
 * Source: RFC 8785 on the subset of docs/sealing.md section 2.
 */
export function dumps(value: JsonValue): Bytes {
  return utf8(written(value, 0));
}

/**
 * Read canonical JSON: what is returned, written again, gives the same bytes.
 *
 * That one comparison refuses duplicate keys, other orders, spaces, floats, exponents, needless
 * escapes and a byte order mark.
 */
export function loads(data: Uint8Array, limit = 1 << 20): JsonValue {
  must(data.length <= limit, "json.too_large");
  const text = textOf(data);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw new Invalid("json.malformed");
  }
  must(written(value, 0) === text, "json.not_canonical");
  return value;
}

function written(value: JsonValue, depth: number): string {
  must(depth < DEEPEST, "json.too_deep");
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "number":
      must(Number.isSafeInteger(value) && !Object.is(value, -0), "json.not_an_integer");
      return String(value);
    case "string":
      must(value.isWellFormed(), "json.lone_surrogate");
      return JSON.stringify(value);
    case "object":
      must(value !== null, "json.null");
      if (isList(value)) return `[${value.map((item) => written(item, depth + 1)).join(",")}]`;
      return writtenObject(value, depth);
    default:
      throw new Invalid("json.kind");
  }
}

function writtenObject(value: JsonObject, depth: number): string {
  const keys = Object.keys(value).sort();
  const isEnvelope = keys.join(",") === ENVELOPE_KEYS;
  const members = keys.map((key) => {
    const item = value[key];
    must(isEnvelope || KEY.test(key), "json.key", key);
    must(item !== undefined, "json.kind");
    return `"${key}":${written(item, depth + 1)}`;
  });
  return `{${members.join(",")}}`;
}

function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}
