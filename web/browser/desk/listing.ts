/** Which files may be read of a bid, or of a blind part by its alias; no bid stands behind an alias. */

import { get } from "../app/api.ts";
import type { Kind, OpenedFile } from "./shown_file.ts";

export interface Listed {
  /** The bid, or the alias. */
  readonly bid: string;
  readonly envelopes: readonly { readonly envelope: number; readonly bid: string }[];
  readonly items: readonly OpenedFile[];
}

interface BlindFile {
  readonly n: number;
  readonly name: string;
  readonly size: number;
  readonly kind: Kind;
}

interface BlindPart {
  readonly alias: string;
  readonly files: readonly BlindFile[];
}

const ALIAS = /^[A-Z]{1,3}$/u;

/** Whether what is read is a blind part by its alias, and no bid. */
export function isAlias(name: string): boolean {
  return ALIAS.test(name);
}

/** Where the files of a bid or of a blind part lie, under the section's address. */
export function filesOf(section: string, name: string): string {
  return `${section}/${isAlias(name) ? "blind" : "bids"}/${name}/files`;
}

/** List the files of a bid, or of a blind part under neutral names. */
export async function list(section: string, name: string): Promise<Listed> {
  if (!isAlias(name)) return get<Listed>(filesOf(section, name));
  const told = await get<{ readonly items: readonly BlindPart[] }>(`${section}/blind`);
  const part = told.items.find(({ alias }) => alias === name);
  const items = (part?.files ?? []).map(({ name: path, ...one }) => ({ ...one, path }));
  return { bid: name, envelopes: [], items };
}
