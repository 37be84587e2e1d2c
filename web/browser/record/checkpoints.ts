/**
 * The checkpoints of a record: each signed by the log, cosigned by the timekeeper, and the
 * beginning of the next; entries are proved under them.
 */

import { unhex, utf8, type Bytes } from "../crypto/bytes.ts";
import { loads } from "../crypto/canonical.ts";
import { Fields } from "../crypto/fields.ts";
import { Invalid, must } from "../crypto/invalid.ts";
import { checkConsistency } from "../crypto/merkle.ts";
import {
  isRight,
  parseCheckpoint,
  parseNote,
  parseVkey,
  signatureOf,
  type Checkpoint,
  type Note,
  type Vkey,
} from "../crypto/notes.ts";
import { NotTrusted, trusted } from "./not_trusted.ts";
import { linesOf } from "./ustar.ts";

const ED25519 = 0x01;
const COSIGNATURE = 0x04;
const LONGEST = 1 << 20;
/** How many checkpoints are verified side by side. */
const TOGETHER = 32;

/** A tree head that the log signed and the timekeeper cosigned. */
export interface Head extends Checkpoint {
  /** The timekeeper's time, seconds. */
  readonly cosignedAt: number;
}

/** The keys a record must be signed with, as verifier keys in text. */
export interface Keys {
  readonly log: string;
  readonly timekeeper: string;
}

/** The heads of a record, in order, and the notes of the first and the last. */
export interface Heads {
  readonly heads: readonly Head[];
  readonly first: string;
  readonly newest: string;
}

interface Line {
  readonly head: Head;
  readonly note: string;
  readonly proof: readonly Bytes[];
}

/** Read and check all checkpoints of a record. */
export async function readCheckpoints(file: Blob, keys: Keys): Promise<Heads> {
  const open = await opener(keys);
  const heads: Head[] = [];
  let [first, last]: [string, Line | undefined] = ["", undefined];
  for await (const some of together(linesOf(file, LONGEST), TOGETHER)) {
    for (const line of await Promise.all(some.map(open))) {
      if (last === undefined) first = line.note;
      else checkGrowth(last, line.head);
      heads.push(line.head);
      last = line;
    }
  }
  return { heads, first, newest: last?.note ?? "" };
}

async function* together<T>(items: AsyncIterable<T>, count: number): AsyncGenerator<T[]> {
  let some: T[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length < count) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

function checkGrowth(old: Line, head: Head): void {
  trusted(old.head.size < head.size, "record.growth", head.size);
  try {
    checkConsistency(old.head.size, old.head.root, head.size, head.root, old.proof);
  } catch (error) {
    throw faulty(error, "record.growth", head.size);
  }
}

/** Return what reads one line and verifies its two signatures. */
async function opener(keys: Keys): Promise<(data: Bytes) => Promise<Line>> {
  const [log, witness] = [parseVkey(keys.log), parseVkey(keys.timekeeper)];
  must(log.kind === ED25519 && witness.kind === COSIGNATURE, "vkey.kind");
  const [byLog, byWitness] = await Promise.all([verifier(log), verifier(witness)]);
  return async (data) => {
    try {
      const { text, proof } = lineOf(data);
      const note = parseNote(text);
      const checkpoint = parseCheckpoint(note.text);
      must(checkpoint.origin === log.name, "checkpoint.origin");
      must(await byLog(signatureOf(note, log), utf8(note.text)), "note.signature");
      const cosignedAt = await cosigned(note, witness, byWitness);
      return { head: { ...checkpoint, cosignedAt }, note: text, proof };
    } catch (error) {
      throw faulty(error, "record.checkpoint");
    }
  };
}

async function cosigned(note: Note, witness: Vkey, verify: Verify): Promise<number> {
  const stamped = signatureOf(note, witness);
  must(stamped.length === 72, "cosignature.length");
  const time = Number(new DataView(stamped.buffer, stamped.byteOffset, 8).getBigUint64(0));
  must(time > 0 && Number.isSafeInteger(time), "cosignature.time");
  const message = utf8(`cosignature/v1\ntime ${time}\n${note.text}`);
  must(await verify(stamped.slice(8), message), "cosignature.signature");
  return time;
}

function lineOf(data: Bytes): { text: string; proof: Bytes[] } {
  const fields = new Fields(loads(data), "checkpoint");
  const text = fields.text("checkpoint");
  const proof = fields.has("proof") ? fields.list("proof") : [];
  fields.done();
  return { text, proof: proof.map((step) => unhex(String(step), 32)) };
}

type Verify = (signature: Bytes, message: Bytes) => Promise<boolean>;

/** Return what verifies a key's signatures: the browser's own way where it has one, it is faster. */
async function verifier(vkey: Vkey): Promise<Verify> {
  try {
    const key = await crypto.subtle.importKey("raw", vkey.key, "Ed25519", false, ["verify"]);
    return async (signature, message) =>
      signature.length === 64 && crypto.subtle.verify("Ed25519", key, signature, message);
  } catch {
    return async (signature, message) => isRight(signature, message, vkey);
  }
}

function faulty(error: unknown, fault: NotTrusted["fault"], about: number | "" = ""): unknown {
  return error instanceof Invalid ? new NotTrusted(fault, String(about), error.code) : error;
}
