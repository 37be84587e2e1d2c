/** The backup of a bidder's own secret, bidder-secret.json; it is read here and kept nowhere. */

import { Said } from "../app/ask.ts";
import { _ } from "../app/texts.ts";

const MOST = 10_000;
const SECRET = /^[0-9a-f]{64}$/u;

/**
 * Return the secret out of a backup.
 *
 * @throws Said the file is no backup, or one of another bid.
 */
export async function readSecret(file: File, bid: string): Promise<string> {
  const told = file.size > MOST ? undefined : read(await file.text());
  const { secret, bid: of } = told ?? {};
  if (typeof secret !== "string" || !SECRET.test(secret)) {
    throw new Said(_("This file is not a backup of a bid's secret."));
  }
  if (of !== bid) throw new Said(_("This is the secret of another bid."));
  return secret;
}

function read(text: string): { secret?: unknown; bid?: unknown } | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
