/**
 * Whom this browser believes: the keys of log, timekeeper and service, pinned when first seen, and
 * a log that never goes back.
 *
 * It must not believe an answer of the service that no receipt bears out.
 */

import { textOf, unhex, utf8, type Bytes } from "../crypto/bytes.ts";
import { checkConsistency } from "../crypto/merkle.ts";
import { checkCosignature, checkNote, parseCheckpoint, parseNote, parseVkey } from "../crypto/notes.ts";
import { checkReceipt, type CheckedReceipt } from "../crypto/receipts.ts";
import { parseTlogProof } from "../crypto/tlogproof.ts";
import { bytes, get, request } from "./api.ts";
import { breath } from "./breath.ts";
import { store } from "./store.ts";
import { _ } from "./texts.ts";

/** The keys of one installation, as verifier keys in text; `timekeeper` is empty where there is none. */
export interface Trust {
  readonly log: string;
  readonly timekeeper: string;
  readonly service: string;
}

/** What contradicts what was seen before, or is not signed as it must be: stop, and tell somebody. */
export class NotTrusted extends Error {
  constructor(readonly said: string) {
    super(said);
    this.name = "NotTrusted";
  }
}

/** A receipt that holds, with the bytes of its file. */
export interface Proven extends CheckedReceipt {
  readonly receipt: Bytes;
}

const PATIENCE = 60_000;
const PAUSE = 300;
const TRUST = "trust";
const SEEN = "checkpoint";

/**
 * Return the pinned keys, pinning them where none are yet.
 *
 * @throws NotTrusted the service shows other keys than before.
 */
export async function pinned(): Promise<Trust> {
  const told = await get<{ log: string; witness?: string; service: string }>("/api/log/keys");
  const shown: Trust = { log: told.log, timekeeper: told.witness ?? "", service: told.service };
  const settings = store("settings");
  const known = await settings.get<Trust>(TRUST);
  if (known === undefined) {
    await settings.put(TRUST, shown);
    return shown;
  }
  const isSame =
    known.log === shown.log && known.timekeeper === shown.timekeeper && known.service === shown.service;
  if (!isSame) {
    throw new NotTrusted(
      _("The service shows other keys than this browser saw before. Do not go on; ask the trading centre by telephone."),
    );
  }
  return known;
}

/**
 * Wait for the receipt of a command of one's own, check it, and check that the log continues.
 *
 * @returns undefined when the timekeeper has not seen it in time: it is received, the receipt
 *   follows.
 * @throws NotTrusted it does not hold, or is another command's.
 */
export async function receipt(
  project: string,
  commandId: string,
  patience: number = PATIENCE,
): Promise<Proven | undefined> {
  const until = performance.now() + patience;
  for (;;) {
    const answer = await request(`/api/projects/${project}/receipts/${commandId}`, {});
    if (answer.status === 200) {
      const proven = await prove(new Uint8Array(await answer.arrayBuffer()), project);
      if (proven.entry["command"] === commandId) return proven;
      throw new NotTrusted(_("The receipt is of something else."));
    }
    if (performance.now() > until) return undefined;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** Fetch and check the receipts of a kind: `ceremony` (sid), `key` (section, envelope) or `notice`. */
export async function proven(
  project: string,
  query: Readonly<Record<string, string | number>>,
): Promise<readonly Proven[]> {
  const words = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const told = await get<{ receipts: string[] }>(`/api/projects/${project}/proven?${words.toString()}`);
  const trust = await pinned();
  const found: Proven[] = [];
  for (const text of told.receipts) {
    found.push(checked(utf8(text), trust, project));
    await breath();
  }
  const isInOrder = found.every((one, at) => at === 0 || one.index > (found[at - 1]?.index ?? 0));
  if (!isInOrder) throw new NotTrusted(_("A receipt does not hold."));
  const newest = found.reduce<Proven | undefined>(
    (best, one) => (best === undefined || one.checkpoint.size > best.checkpoint.size ? one : best),
    undefined,
  );
  if (newest !== undefined) await see(noteOf(newest.receipt), trust);
  return found;
}

/** Check a receipt and that the log continues. */
export async function prove(data: Bytes, project: string): Promise<Proven> {
  const trust = await pinned();
  const found = checked(data, trust, project);
  await see(noteOf(data), trust);
  return found;
}

/** Fetch the newest cosigned checkpoint, check it, and return its note. */
export async function newestCheckpoint(): Promise<string> {
  const note = textOf(await bytes("/api/log/checkpoint"));
  await see(note, await pinned());
  return note;
}

/**
 * Check that a cosigned checkpoint continues the newest one this browser has seen.
 *
 * @throws NotTrusted the log showed two histories, or a signature does not hold.
 */
export async function see(note: string, trust: Trust): Promise<void> {
  const shown = opened(note, trust);
  const settings = store("settings");
  const kept = await settings.get<string>(SEEN);
  if (kept === undefined) {
    await settings.put(SEEN, note);
    return;
  }
  const seen = opened(kept, trust);
  const [older, newer] = shown.size < seen.size ? [shown, seen] : [seen, shown];
  const isSame = hexOf(older.root) === hexOf(newer.root);
  if (older.size === newer.size ? !isSame : !(await continues(older, newer))) {
    throw new NotTrusted(
      _("The log does not continue what this browser saw before. Do not go on; tell the supervisor."),
    );
  }
  if (newer === shown && shown.size > seen.size) await settings.put(SEEN, note);
}

async function continues(
  older: { size: number; root: Bytes },
  newer: { size: number; root: Bytes },
): Promise<boolean> {
  const told = await get<{ proof: string[] }>(
    `/api/log/consistency?old=${older.size}&new=${newer.size}`,
  );
  try {
    const proof = told.proof.map((step) => unhex(step, 32));
    checkConsistency(older.size, older.root, newer.size, newer.root, proof);
    return true;
  } catch {
    return false;
  }
}

function checked(data: Bytes, trust: Trust, project: string): Proven {
  let found: CheckedReceipt;
  try {
    found = checkReceipt(data, trust.log, trust.timekeeper);
  } catch (error) {
    console.error(error);
    throw new NotTrusted(_("A receipt does not hold."));
  }
  if (found.entry["project"] !== project) throw new NotTrusted(_("The receipt is of another project."));
  return { ...found, receipt: data };
}

function noteOf(data: Bytes): string {
  const { proof } = JSON.parse(textOf(data)) as { proof: string };
  const cut = proof.indexOf("\n\n");
  parseTlogProof(proof);
  return proof.slice(cut + 2);
}

function opened(text: string, trust: Trust): { size: number; root: Bytes } {
  try {
    const note = parseNote(text);
    checkNote(note, parseVkey(trust.log));
    checkCosignature(note, parseVkey(trust.timekeeper));
    return parseCheckpoint(note.text);
  } catch {
    throw new NotTrusted(_("A checkpoint is not signed by the log and the timekeeper."));
  }
}

function hexOf(data: Uint8Array): string {
  return [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
