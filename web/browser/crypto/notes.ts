/**
 * Signed notes, checkpoints and cosignatures; whoever verifies names the keys, a note never brings
 * its own.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { hex, isSame, join, unbase64, utf8, type Bytes } from "./bytes.ts";
import { sha256 } from "./hashing.ts";
import { Invalid, must } from "./invalid.ts";

const ED25519 = 0x01;
const COSIGNATURE = 0x04;
const DASH = "\u2014";

/** A verifier key: the name it signs under, the kind of its signatures and the Ed25519 key. */
export interface Vkey {
  readonly name: string;
  readonly id: Bytes;
  readonly kind: number;
  readonly key: Bytes;
}

/**
 * A note: the text that is signed, its last newline too, and the signature lines, not yet
 * believed.
 */
export interface Note {
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly signature: Bytes }[];
}

/** The head of a log: so many leaves under this root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
}

/** Read a verifier key; its id must be the one its parts give. */
export function parseVkey(text: string): Vkey {
  // Base64 may hold plus signs of its own; name and id never do.
  const [, name, id, encoded] = /^([^+]+)\+([^+]+)\+(.+)$/su.exec(text) ?? [];
  must(name !== undefined && id !== undefined && encoded !== undefined, "vkey.malformed");
  must(isKeyName(name), "vkey.name");
  const material = unbase64(encoded);
  const kind = material[0];
  must(material.length === 33 && (kind === ED25519 || kind === COSIGNATURE), "vkey.kind");
  const expected = sha256(join(utf8(`${name}\n`), material)).slice(0, 4);
  must(id === hex(expected), "vkey.id");
  return { name, id: expected, kind, key: material.slice(1) };
}

/** Read a note; what is written otherwise than the format says is refused. */
export function parseNote(data: string): Note {
  must(!/[\u0000-\u0009\u000b-\u001f]/u.test(data), "note.control_character");
  const cut = data.lastIndexOf("\n\n");
  must(cut > 0 && data.endsWith("\n"), "note.malformed");
  const lines = data.slice(cut + 2, -1).split("\n");
  must(lines.length <= 64, "note.signatures");
  return { text: data.slice(0, cut + 1), signatures: lines.map(signatureLine) };
}

/** Check the signature of the key `vkey` on a note; Ed25519 over its text. */
export function checkNote(note: Note, vkey: Vkey): void {
  must(vkey.kind === ED25519, "vkey.kind");
  const signature = signatureOf(note, vkey);
  must(isRight(signature, utf8(note.text), vkey), "note.signature");
}

/** Check a witness's cosignature on a checkpoint and return its time, in seconds. */
export function checkCosignature(note: Note, vkey: Vkey): number {
  must(vkey.kind === COSIGNATURE, "vkey.kind");
  const stamped = signatureOf(note, vkey);
  must(stamped.length === 72, "cosignature.length");
  const time = Number(new DataView(stamped.buffer, stamped.byteOffset, 8).getBigUint64(0));
  must(time > 0 && Number.isSafeInteger(time), "cosignature.time");
  const message = utf8(`cosignature/v1\ntime ${time}\n${note.text}`);
  must(isRight(stamped.subarray(8), message, vkey), "cosignature.signature");
  return time;
}

/** Read the text of a note as a checkpoint without extension lines. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, end, ...more] = text.split("\n");
  must(origin !== undefined && size !== undefined && root !== undefined, "checkpoint.malformed");
  must(end === "" && more.length === 0 && origin !== "", "checkpoint.malformed");
  const hash = unbase64(root);
  must(hash.length === 32, "checkpoint.root");
  return { origin, size: parseDecimal(size), root: hash };
}

/** Read a decimal without leading zeros. */
export function parseDecimal(text: string): number {
  must(/^(?:0|[1-9][0-9]{0,15})$/u.test(text), "decimal.malformed");
  const value = Number(text);
  must(Number.isSafeInteger(value), "decimal.range");
  return value;
}

function signatureLine(line: string): { name: string; signature: Bytes } {
  const [dash, name, encoded, ...more] = line.split(" ");
  must(
    dash === DASH && name !== undefined && encoded !== undefined && more.length === 0,
    "note.malformed",
  );
  must(isKeyName(name), "note.name");
  const signature = unbase64(encoded);
  must(signature.length > 4, "note.malformed");
  return { name, signature };
}

/** Return the one signature of a key on a note, not yet verified. */
export function signatureOf(note: Note, vkey: Vkey): Bytes {
  const found = note.signatures.filter(
    (line) => line.name === vkey.name && isSame(line.signature.subarray(0, 4), vkey.id),
  );
  const [one, ...more] = found;
  if (one === undefined) throw new Invalid("note.not_signed", vkey.name);
  must(more.length === 0, "note.signed_twice", vkey.name);
  return one.signature.slice(4);
}

/** Tell whether a signature of 64 bytes is this key's over a message. */
export function isRight(signature: Bytes, message: Bytes, vkey: Vkey): boolean {
  return signature.length === 64 && ed25519.verify(signature, message, vkey.key, { zip215: false });
}

function isKeyName(name: string): boolean {
  return name !== "" && !/[\s+]/u.test(name);
}
