/** What Python hands over to these tests: exports with its verdicts; nothing where it did not run. */

import { openAsBlob, readFileSync } from "node:fs";
import type { Fault } from "../../web/browser/record/not_trusted.ts";
import { checkOpening, type CheckedOpening } from "../../web/browser/release/opening.ts";

export interface Expected {
  readonly file: string;
  readonly name: string;
  readonly section: string;
  readonly envelope: 1 | 2;
  readonly holds: boolean;
  readonly why?: string;
  readonly opening_id?: string;
  readonly key_id?: string;
  readonly bids?: readonly object[];
  readonly left?: Readonly<Record<string, string>>;
  readonly warnings?: readonly string[];
  readonly posted?: readonly number[];
}

export interface Draw {
  readonly draw: string;
  readonly root: string;
  readonly values: readonly string[];
  readonly secrets: readonly string[];
  readonly commit: string;
  readonly seed: string;
  readonly result: string;
}

export interface Index {
  readonly project: string;
  /** What must be found in some of the exports, by their names. */
  readonly faults: Readonly<Record<string, Fault>>;
  readonly log: string;
  readonly timekeeper: string;
  readonly exports: readonly Expected[];
  readonly forms: Readonly<Record<"events" | "messages", Readonly<Record<string, readonly string[]>>>>;
  readonly share?: string;
  readonly i?: number;
  readonly draws?: readonly Draw[];
}

/** Where everything lies; undefined where nothing was handed over. */
export const folder = process.env["KAIBIAO_EXPORTS"];

export const index: Index | undefined =
  folder === undefined ? undefined : (JSON.parse(readFileSync(`${folder}/index.json`, "utf8")) as Index);

/** Whether to skip what needs it. */
export const skip = index === undefined ? "nothing was handed over" : false;

/** Check the opening of an export. */
export async function opened(told: Index, one: Expected): Promise<CheckedOpening> {
  const record = await openAsBlob(`${folder}/${one.file}`);
  return checkOpening(record, told, told.project, { section: one.section, envelope: one.envelope });
}
