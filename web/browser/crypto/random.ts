/** The only source of randomness of the browser's code. */

import type { Bytes } from "./bytes.ts";

/** Return `length` fresh random bytes, at most 65,536. */
export function fresh(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
