/**
 * A party's part in a draw: commit to a secret, reveal it once the draw is sealed.
 *
 * The secret of each draw derives from one key of this browser that cannot be taken out, so that a
 * reload between commitment and revelation loses nothing. It must not reveal before the seal.
 */

import { command, Problem } from "../app/api.ts";
import { store } from "../app/store.ts";
import { hex, utf8, type Bytes } from "../crypto/bytes.ts";
import { drawCommit } from "./drawn.ts";

/** A draw as the hall's view has it, as far as its parties need it. */
export interface Drawing {
  readonly parties: readonly string[];
  readonly commits?: Readonly<Record<string, string>>;
  readonly reveals?: Readonly<Record<string, string>>;
  readonly root?: string;
  readonly result?: string;
  readonly defaulted?: readonly string[];
}

/** commit or reveal: that is due; elsewhere: it was committed to in another browser; else nothing. */
export type Due = "commit" | "reveal" | "elsewhere" | "nothing";

const NOT_YET = new Set(["draw.timekeeper_last", "draw.not_sealed", "draw.over"]);
const HMAC = { name: "HMAC", hash: "SHA-256" } as const;

/** Tell what a draw asks of an account in this browser now. */
export async function dueOf(name: string, draw: Drawing, account: string): Promise<Due> {
  const isOver = draw.result !== undefined || (draw.defaulted?.length ?? 0) > 0;
  if (isOver || !draw.parties.includes(account)) return "nothing";
  const commit = draw.commits?.[account];
  if (commit === undefined) return "commit";
  if (draw.reveals?.[account] !== undefined) return "nothing";
  if (commit !== (await commitment(name, account))) return "elsewhere";
  return draw.root === undefined ? "nothing" : "reveal";
}

/** Commit to this browser's secret of a draw. */
export async function commitDraw(project: string, draw: string, account: string): Promise<void> {
  const commit = await commitment(draw, account);
  await command(project, { type: "opening.commit_draw", draw, commit });
}

/**
 * Reveal what was committed to.
 *
 * @returns false while it is not this party's turn: the timekeeper's, or the seal, comes first.
 */
export async function revealDraw(project: string, draw: string, account: string): Promise<boolean> {
  const secret = hex(await secretOf(draw, account));
  try {
    await command(project, { type: "opening.reveal_draw", draw, secret });
    return true;
  } catch (error) {
    if (error instanceof Problem && NOT_YET.has(error.code)) return false;
    throw error;
  }
}

/** Do what the draws of a session ask of an account now; tell whether anything was done. */
export async function takePart(
  project: string,
  account: string,
  draws: Readonly<Record<string, Drawing>>,
): Promise<boolean> {
  for (const [name, draw] of Object.entries(draws)) {
    const due = await dueOf(name, draw, account);
    if (due === "commit") {
      await commitDraw(project, name, account);
      return true;
    }
    if (due === "reveal" && (await revealDraw(project, name, account))) return true;
  }
  return false;
}

async function commitment(draw: string, account: string): Promise<string> {
  return hex(drawCommit(draw, account, await secretOf(draw, account)));
}

/** Return this browser's secret of a draw, 32 bytes. */
async function secretOf(draw: string, account: string): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(HMAC, await drawKey(account), utf8(draw)));
}

/** Return the key the secrets derive from; two pages that ask at once get the same. */
async function drawKey(account: string): Promise<CryptoKey> {
  return navigator.locks.request(`kaibiao/draw/${account}`, async () => {
    const [keys, name] = [store("settings"), `draw/${account}`];
    const kept = await keys.get<CryptoKey>(name);
    if (kept !== undefined) return kept;
    const usages: KeyUsage[] = ["sign"];
    const made = (await crypto.subtle.generateKey(HMAC, false, usages)) as CryptoKey;
    await keys.put(name, made);
    return made;
  });
}
