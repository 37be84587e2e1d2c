/**
 * The blind part 暗标 of a bid, the folder `blind/`: what is added to it, and what in it gives the
 * bidder away. It warns and never refuses: what a tender wants stands in its documents.
 */

import { utf8, type Bytes } from "../crypto/bytes.ts";
import { must } from "../crypto/invalid.ts";
import { metered } from "../crypto/meter.ts";
import type { PackageFile } from "../crypto/package.ts";
import { fresh } from "../crypto/random.ts";
import type { NamedFile } from "./protocol.ts";

const FOLDER = "blind/";
const FILLER = `${FOLDER}filler`;
const PLAIN = /^blind\/[0-9]{1,3}\.(?:pdf|png|jpg|txt)$/u;
const MOST = 64 << 20;
export const LEAST_FILLER = 1 << 16;
const TOLD = ["Author", "Title", "Subject", "Keywords"];

/** Something that gives a bidder away, or that nobody will see. */
export interface BlindFault {
  readonly kind: "missing" | "misplaced" | "name" | "carries_name" | "metadata";
  readonly name: string;
  /** What stands there. */
  readonly what: string;
}

/** Whether a file belongs to the blind part. */
export function isBlind(name: string): boolean {
  return name.startsWith(FOLDER);
}

/** How many bytes the filler has at the most. */
export function mostFiller(files: readonly NamedFile[]): number {
  const blind = files.filter(({ name }) => isBlind(name));
  if (blind.length === 0) return 0;
  return LEAST_FILLER + Math.max(LEAST_FILLER, blind.reduce((sum, { file }) => sum + file.size, 0));
}

/**
 * Return files with random bytes beside a blind part: without them the package's length and the hash
 * of its manifest, which are published, would tell whose a blind file is.
 */
export function withFiller(files: readonly PackageFile[]): readonly PackageFile[] {
  const blind = files.filter(({ name }) => isBlind(name));
  if (blind.length === 0) return files;
  must(!blind.some(({ name }) => name === FILLER), "package.name", FILLER);
  const span = Math.max(LEAST_FILLER, blind.reduce((sum, { size }) => sum + size, 0));
  const drawn = new DataView(fresh(4).buffer).getUint32(0) / 2 ** 32;
  const size = LEAST_FILLER + Math.floor(drawn * span);
  return [...files, { name: FILLER, size, open: () => metered(randomBytes(size)) }];
}

async function* randomBytes(size: number): AsyncGenerator<Bytes> {
  for (let left = size; left > 0; left -= LEAST_FILLER) yield fresh(Math.min(left, LEAST_FILLER));
}

/** Look for what is wrong with the blind part of a bid; `isWanted` where the section has blind items. */
export async function lookAtBlind(
  files: readonly NamedFile[],
  names: readonly string[],
  isWanted: boolean,
): Promise<BlindFault[]> {
  const found: BlindFault[] = [];
  for (const { name } of files) {
    if (isMisplaced(name)) found.push({ kind: "misplaced", name, what: "" });
    if (isBlind(name) && !PLAIN.test(name)) found.push({ kind: "name", name, what: "" });
  }
  if (isWanted && !files.some(({ name }) => PLAIN.test(name))) found.push({ kind: "missing", name: "", what: "" });
  for (const { name, file } of files.filter((one) => isBlind(one.name))) {
    const content = new Uint8Array(await file.slice(0, MOST).arrayBuffer());
    found.push(...(await inside(name, content, names.filter((one) => one !== ""))));
  }
  return found;
}

function isMisplaced(name: string): boolean {
  const folders = name.split("/").slice(0, -1);
  return !isBlind(name) && folders.some((one) => ["blind", "暗标"].includes(one.trim().toLowerCase()));
}

async function inside(name: string, content: Uint8Array, names: readonly string[]): Promise<BlindFault[]> {
  const isPdf = latin(content.subarray(0, 5)) === "%PDF-";
  const parts = [latin(content)];
  if (isPdf) parts.push(...(await inflated(content)));
  const carried = names.filter((one) => forms(one).some((form) => parts.some((part) => part.includes(form))));
  const found: BlindFault[] = carried.map((what) => ({ kind: "carries_name", name, what }));
  const told = TOLD.filter((key) => parts.some((part) => new RegExp(`/${key}\\s*[(<]`, "u").test(part)));
  if (isPdf && told.length > 0) found.push({ kind: "metadata", name, what: told.join(", ") });
  return found;
}

/** Bytes as a text of one character each. */
function latin(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** A name in the encodings that texts and PDF files have it in. */
function forms(name: string): string[] {
  const wide = [...name].flatMap((one) => [...Array(one.length).keys()].map((at) => one.charCodeAt(at)));
  const big = wide.map((code) => String.fromCharCode(code >> 8, code & 255)).join("");
  const little = wide.map((code) => String.fromCharCode(code & 255, code >> 8)).join("");
  const hexed = wide.map((code) => code.toString(16).padStart(4, "0")).join("");
  return [latin(utf8(name)), big, little, hexed, hexed.toUpperCase()];
}

/** What the compressed streams of a PDF hold, as far as they inflate. */
async function inflated(content: Uint8Array): Promise<string[]> {
  const text = latin(content);
  const found: string[] = [];
  for (const { index, 0: head } of text.matchAll(/stream\r?\n/gu)) {
    const begin = index + head.length;
    const end = text.indexOf("endstream", begin);
    if (text.slice(index - 3, index) === "end" || end < 0) continue;
    const cut = content.slice(begin, end);
    const whole = new Blob([cut]).stream().pipeThrough(new DecompressionStream("deflate"));
    const read = await new Response(whole).arrayBuffer().catch(() => undefined);
    if (read !== undefined) found.push(latin(new Uint8Array(read)));
  }
  return found;
}
