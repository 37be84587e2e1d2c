/**
 * The file that is taken to a machine without a line: proofs of notice and key, and the keys they are
 * checked against. The command line reads it as its own.
 */

import { must } from "../crypto/invalid.ts";
import { readBundle, type Bundle, type LogKeys } from "./notices.ts";

/** What is in the file. */
export interface KeyFile {
  readonly bundle: Bundle;
  readonly keys: LogKeys;
  /** The bidder: its id in the registry, and its name. */
  readonly organisation: string;
  readonly name: string;
}

/** Write the file. */
export function keyFile({ bundle, keys, organisation, name }: KeyFile): string {
  return JSON.stringify({ ...bundle, keys, organisation, name });
}

/** Read the file; throws Invalid when it is none. */
export function readKeyFile(text: string): KeyFile {
  const { project, section, envelope, notice, key, clerks, own } = readBundle(text);
  const bundle: Bundle = { project, section, envelope, notice, key, clerks, own };
  const more = JSON.parse(text) as Partial<KeyFile>;
  const { keys, organisation, name } = more;
  must(typeof keys?.log === "string" && typeof keys.timekeeper === "string", "bundle.keys");
  must(typeof organisation === "string" && /^[0-9a-f]{32}$/u.test(organisation), "bundle.bidder");
  must(typeof name === "string", "bundle.bidder");
  return { bundle, keys, organisation, name };
}
