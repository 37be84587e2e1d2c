/** Reads the fields of a JSON object one by one, and refuses what was not asked for. */

import { unhex, type Bytes } from "./bytes.ts";
import type { JsonObject, JsonValue } from "./canonical.ts";
import { must } from "./invalid.ts";

/** An object being read: every field is taken by name and kind, `done` refuses the rest. */
export class Fields {
  private readonly value: JsonObject;
  private readonly left: Set<string>;

  constructor(
    value: JsonValue | undefined,
    private readonly what: string,
  ) {
    must(
      typeof value === "object" && value !== null && !Array.isArray(value),
      "json.not_an_object",
      what,
    );
    this.value = value as JsonObject;
    this.left = new Set(Object.keys(this.value));
  }

  /** Tell whether an optional field is there. */
  has(name: string): boolean {
    return this.left.has(name);
  }

  /** Return a text field. */
  text(name: string): string {
    const value = this.take(name);
    must(typeof value === "string", "json.not_a_text", `${this.what}.${name}`);
    return value;
  }

  /** Return an integer field of at least `least`. */
  integer(name: string, least = 0): number {
    const value = this.take(name);
    must(
      typeof value === "number" && Number.isSafeInteger(value),
      "json.not_an_integer",
      `${this.what}.${name}`,
    );
    must(value >= least, "json.out_of_range", `${this.what}.${name}`);
    return value;
  }

  /** Return a truth value. */
  flag(name: string): boolean {
    const value = this.take(name);
    must(typeof value === "boolean", "json.not_a_flag", `${this.what}.${name}`);
    return value;
  }

  /** Return the bytes of a hex field, of `length` bytes where given. */
  bytes(name: string, length?: number): Bytes {
    return unhex(this.text(name), length);
  }

  /** Return a list field. */
  list(name: string): readonly JsonValue[] {
    const value = this.take(name);
    must(Array.isArray(value), "json.not_a_list", `${this.what}.${name}`);
    return value as readonly JsonValue[];
  }

  /** Return a list of exactly `count` byte strings of `length` bytes each. */
  hexList(name: string, length: number, count: number): Bytes[] {
    const items = this.list(name);
    must(items.length === count, "json.list_length", `${this.what}.${name}`);
    return items.map((item) => {
      must(typeof item === "string", "json.not_a_text", `${this.what}.${name}`);
      return unhex(item, length);
    });
  }

  /** Return a field whatever its kind. */
  take(name: string): JsonValue {
    const value = this.left.delete(name) ? this.value[name] : undefined;
    must(value !== undefined, "json.field_missing", `${this.what}.${name}`);
    return value;
  }

  /** Take the version field, which must be 1. */
  version(): this {
    must(this.take("v") === 1, "json.version", this.what);
    return this;
  }

  /** Refuse every field that nobody took. */
  done(): void {
    must(this.left.size === 0, "json.field_unknown", `${this.what}: ${[...this.left].join(", ")}`);
  }
}
