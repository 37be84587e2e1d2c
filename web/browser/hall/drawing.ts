/**
 * This person's part in a draw: a secret for each draw from one key of this browser that cannot be
 * taken out, so that a reload between commitment and revelation loses nothing.
 *
 * It must not tell a secret before the draw is sealed.
 */

import { store } from "../app/store.ts";
import { hex, unhex, utf8 } from "../crypto/bytes.ts";
import { Invalid } from "../crypto/invalid.ts";
import { drawCommit, drawResult } from "../release/drawn.ts";
import type { Draw } from "./view.ts";

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;

/** What a draw asks of an account now. */
export type Due = "commit" | "reveal" | undefined;

/** Tell what a running draw asks of an account; the timekeeper is never one of ours. */
export function dueOf(draw: Draw, account: string): Due {
  if (draw.result !== undefined || draw.defaulted !== undefined) return undefined;
  if (!draw.parties.includes(account)) return undefined;
  if (draw.root === undefined) return account in (draw.commits ?? {}) ? undefined : "commit";
  return account in (draw.reveals ?? {}) ? undefined : "reveal";
}

/** Return what is committed to. */
export function commitment(draw: string, account: string, secret: Uint8Array): string {
  return hex(drawCommit(draw, account, secret));
}

/** Return what comes out of an ended draw; undefined where somebody did not reveal as committed. */
export function outcomeOf(
  name: string,
  draw: Pick<Draw, "root" | "parties" | "values" | "commits" | "reveals">,
): { seed: string; result: string } | undefined {
  const { root, parties, values, commits, reveals } = draw;
  const secrets = parties.map((party) => reveals?.[party] ?? "");
  try {
    const isKept = parties.every(
      (party, at) => commitment(name, party, unhex(secrets[at] ?? "", 32)) === commits?.[party],
    );
    return isKept && root !== undefined ? drawResult({ draw: name, root, secrets, values }) : undefined;
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return undefined;
  }
}

/** Return this browser's secret of a draw, 32 bytes. */
export async function secretOf(draw: string, account: string): Promise<Uint8Array> {
  const key = await drawKey(account);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(draw)));
}

/** Of two tabs that need the key at once one makes it, and the other finds it. */
async function drawKey(account: string): Promise<CryptoKey> {
  const kept = store("settings");
  const name = `draw/${account}`;
  return navigator.locks.request(name, async () => {
    const found = await kept.get<CryptoKey>(name);
    if (found !== undefined) return found;
    const made = await crypto.subtle.generateKey({ ...HMAC, length: 256 }, false, ["sign"]);
    await kept.put(name, made);
    return made;
  });
}
