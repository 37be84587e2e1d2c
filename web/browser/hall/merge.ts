/** JSON merge patches (RFC 7396); it knows no event and no field. */

export type Json = string | number | boolean | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}
export type Patch = { readonly [name: string]: Json | null | Patch };

/** Return the view with a patch applied; neither of the two is changed. */
export function merge(view: JsonObject, patch: Patch): JsonObject {
  const merged: Record<string, Json> = { ...view };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else if (isObject(value)) {
      const inner = merged[name];
      merged[name] = merge(isObject(inner) ? inner : {}, value as Patch);
    } else merged[name] = value as Json;
  }
  return merged;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
