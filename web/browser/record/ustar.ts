/**
 * The container of a record: which file of it lies where. Only headers are read; a header has one
 * form and is compared whole.
 */

import { compareBytes, join, utf8, type Bytes } from "../crypto/bytes.ts";
import { NotTrusted, trusted } from "./not_trusted.ts";

const BLOCK = 512;
const RECORD = ["record.json", "entries.jsonl", "checkpoints.jsonl"] as const;

/** The three files every record begins with. */
export interface Files {
  readonly about: Blob;
  readonly entries: Blob;
  readonly checkpoints: Blob;
}

/** Find the first three files; those after them are not looked at. */
export async function filesOf(source: Blob): Promise<Files> {
  const found: Blob[] = [];
  let at = 0;
  for (const name of RECORD) {
    const head = await bytesOf(source, at, BLOCK);
    const size = sizeIn(head);
    trusted(compareBytes(head, header(name, size)) === 0, "record.files", name);
    const [start, end] = [at + BLOCK, at + BLOCK + size];
    trusted(end <= source.size, "record.cut_short");
    const padding = await bytesOf(source, end, gap(size));
    trusted(
      padding.every((byte) => byte === 0),
      "record.files",
      name,
    );
    found.push(source.slice(start, end));
    at = end + gap(size);
  }
  const [about, entries, checkpoints] = found;
  if (about === undefined || entries === undefined || checkpoints === undefined) {
    throw new NotTrusted("record.files");
  }
  return { about, entries, checkpoints };
}

/**
 * Give the lines of a file one by one, without their newline.
 *
 * @param longest the longest line that is read, bytes.
 */
export async function* linesOf(file: Blob, longest: number): AsyncGenerator<Bytes> {
  let rest: Bytes[] = [];
  let held = 0;
  for await (const piece of piecesOf(file)) {
    let from = 0;
    for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10, from)) {
      yield join(...rest, piece.subarray(from, end));
      [rest, held, from] = [[], 0, end + 1];
    }
    rest.push(piece.slice(from));
    held += piece.length - from;
    trusted(held <= longest, "record.malformed");
  }
  trusted(held === 0, "record.cut_short");
}

/** Return some bytes of a file; all of them must be there. */
export async function bytesOf(source: Blob, at: number, length: number): Promise<Bytes> {
  trusted(at + length <= source.size, "record.cut_short");
  return new Uint8Array(await source.slice(at, at + length).arrayBuffer());
}

async function* piecesOf(file: Blob): AsyncGenerator<Bytes> {
  const piece = 1 << 18;
  for (let at = 0; at < file.size; at += piece) {
    yield bytesOf(file, at, Math.min(piece, file.size - at));
  }
}

/** Return the one header a file of this name and size has. */
function header(name: string, size: number): Bytes {
  const head = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => head.set(utf8(text), at);
  put(0, name);
  put(100, "0000644\0" + "0000000\0" + "0000000\0");
  put(124, `${octal(size, 11)}\0`);
  put(136, "00000000000\0");
  put(148, "        ");
  put(156, "0");
  put(257, "ustar\0" + "00");
  put(329, "0000000\0" + "0000000\0");
  const sum = head.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return head;
}

function sizeIn(head: Bytes): number {
  const digits = String.fromCharCode(...head.subarray(124, 135));
  trusted(/^[0-7]{11}$/u.test(digits), "record.files");
  return Number.parseInt(digits, 8);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function gap(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
