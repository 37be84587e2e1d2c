/** What this page itself declines to do, said to the person the way the service says its refusals. */

import { Problem } from "../app/api.ts";

/** Return what to throw, with a sentence for the person. */
export function declined(sentence: string): Problem {
  return new Problem(0, "here", sentence, {});
}
