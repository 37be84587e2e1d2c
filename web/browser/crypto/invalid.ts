/**
 * The one error of this folder: something from outside is not what it must be. It must not carry
 * secrets.
 */

/**
 * Thrown when bytes from outside break a rule; `code` names the rule and never changes its
 * meaning.
 */
export class Invalid extends Error {
  constructor(
    readonly code: string,
    detail = "",
  ) {
    super(detail === "" ? code : `${code}: ${detail}`);
    this.name = "Invalid";
  }
}

/** Throw `Invalid(code)` unless `condition` holds. */
export function must(condition: boolean, code: string, detail = ""): asserts condition {
  if (!condition) throw new Invalid(code, detail);
}
