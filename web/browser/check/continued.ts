/**
 * Asks the log whether it still continues the checkpoint of a receipt. The log is told two sizes and
 * nothing of the receipt.
 */

import { bytes, get } from "../app/api.ts";
import type { Trust } from "../app/trust.ts";
import { textOf, unhex } from "../crypto/bytes.ts";
import { Invalid } from "../crypto/invalid.ts";
import { checkConsistency } from "../crypto/merkle.ts";
import {
  checkCosignature,
  checkNote,
  parseCheckpoint,
  parseNote,
  parseVkey,
  type Checkpoint,
} from "../crypto/notes.ts";

/** A newer tree head that begins with the older one. */
export interface Continued {
  readonly size: number;
  /** The timekeeper's time of the newer one, ms. */
  readonly at: number;
}

/**
 * Return the newest tree head once it is proved to continue an older one; undefined where it is not.
 *
 * @throws Problem, Unreachable the log did not answer.
 */
export async function continues(older: Checkpoint, trust: Trust): Promise<Continued | undefined> {
  const text = textOf(await bytes("/api/log/checkpoint"));
  try {
    const note = parseNote(text);
    checkNote(note, parseVkey(trust.log));
    const at = checkCosignature(note, parseVkey(trust.timekeeper)) * 1000;
    const newer = parseCheckpoint(note.text);
    const proof = await proofBetween(older.size, newer.size);
    checkConsistency(older.size, older.root, newer.size, newer.root, proof);
    return { size: newer.size, at };
  } catch (error) {
    if (error instanceof Invalid) return undefined;
    throw error;
  }
}

async function proofBetween(old: number, now: number): Promise<Uint8Array[]> {
  if (now <= old) return [];
  const told = await get<{ proof: string[] }>(`/api/log/consistency?old=${old}&new=${now}`);
  return told.proof.map((step) => unhex(step, 32));
}
