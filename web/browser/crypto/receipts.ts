/** Checking a receipt with nothing but two verifier keys; "submitted" is said only after this. */

import { utf8, type Bytes } from "./bytes.ts";
import { loads, type JsonObject } from "./canonical.ts";
import { Fields } from "./fields.ts";
import { H } from "./hashing.ts";
import { must } from "./invalid.ts";
import { checkInclusion, leafHash } from "./merkle.ts";
import {
  checkCosignature,
  checkNote,
  parseCheckpoint,
  parseVkey,
  type Checkpoint,
} from "./notes.ts";
import { parseTlogProof } from "./tlogproof.ts";

/** A receipt that holds. */
export interface CheckedReceipt {
  readonly entry: JsonObject;
  readonly leaf: Bytes;
  readonly index: number;
  /** The timekeeper's time of the checkpoint, in seconds: the trusted time. */
  readonly cosignedAt: number;
  readonly checkpoint: Checkpoint;
}

/**
 * Check a receipt against the keys of the log and of the timekeeper's witness, or throw why not.
 */
export function checkReceipt(
  data: Uint8Array,
  logVkey: string,
  witnessVkey: string,
): CheckedReceipt {
  const [log, witness] = [parseVkey(logVkey), parseVkey(witnessVkey)];
  const fields = new Fields(loads(data, 16 << 20), "receipt").version();
  const [entryText, proofText] = [fields.text("entry"), fields.text("proof")];
  fields.done();
  const entryBytes = utf8(entryText);
  const entry = loads(entryBytes, 16 << 20);
  must(typeof entry === "object" && !Array.isArray(entry), "receipt.entry");
  const proof = parseTlogProof(proofText);
  must(proof.extra?.length === 32, "receipt.salt");
  checkNote(proof.note, log);
  const checkpoint = parseCheckpoint(proof.note.text);
  must(checkpoint.origin === log.name, "receipt.origin");
  const cosignedAt = checkCosignature(proof.note, witness);
  const leaf = H("leaf", proof.extra, entryBytes);
  checkInclusion(leafHash(leaf), proof.index, checkpoint.size, proof.path, checkpoint.root);
  return { entry: entry as JsonObject, leaf, index: proof.index, cosignedAt, checkpoint };
}
