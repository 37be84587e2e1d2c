/**
 * Writes a ZIP of stored entries whose sizes are known beforehand, so that its length is too; what
 * stands before an entry is filled in when the entry was read.
 */

import { join, utf8, type Bytes } from "./bytes.ts";
import { must } from "./invalid.ts";
import type { Told } from "./meter.ts";
import { Room, type Part } from "./parts.ts";

/** What the frame of an entry tells of its content. */
export interface Sized {
  readonly name: string;
  readonly size: number;
  readonly crc: number;
}

/** One entry; it is read once, in order, and at its end tells what was read. */
export interface StoredEntry {
  readonly name: string;
  readonly size: number;
  open(): AsyncGenerator<Uint8Array, Told>;
}

/** From here on a 32-bit field says "see the ZIP64 field". */
const FULL32 = 0xffffffff;
const FULL16 = 0xffff;
/** Names are UTF-8. */
const UTF8_NAME = 0x0800;
/** 1 January 1980, the same for all: a package must not depend on when it was made. */
const DATE = 0x0021;

/** Return the exact length of the ZIP that `writeZip` writes. */
export function zipLength(entries: readonly Omit<Sized, "crc">[]): number {
  const { heads, tail } = zipFrame(entries.map(({ name, size }) => ({ name, size, crc: 0 })));
  const sizes = [...heads.map(({ length }) => length), ...entries.map(({ size }) => size)];
  return sizes.reduce((sum, size) => sum + size, tail.length);
}

/**
 * Yield a ZIP. A file that is longer or shorter than was told stops it.
 *
 * @param told called with what an entry was, before the next one is opened.
 */
export async function* writeZip(
  entries: readonly StoredEntry[],
  told?: (entry: StoredEntry, what: Told) => void,
): AsyncGenerator<Part> {
  const done: Sized[] = [];
  for (const entry of entries) {
    const room = new Room(localHeader({ ...entry, crc: 0 }).length);
    yield room;
    const what = yield* checked(entry);
    done.push({ name: entry.name, size: entry.size, crc: what.crc });
    yield { room, bytes: localHeader({ ...entry, crc: what.crc }) };
    told?.(entry, what);
  }
  yield zipFrame(done).tail;
}

async function* checked(entry: StoredEntry): AsyncGenerator<Uint8Array, Told> {
  const source = entry.open();
  let size = 0;
  for (;;) {
    const next = await source.next();
    if (next.done === true) {
      must(size === entry.size, "package.file_changed", entry.name);
      return next.value;
    }
    size += next.value.length;
    must(size <= entry.size, "package.file_changed", entry.name);
    yield next.value;
  }
}

/** Return what stands before each entry's content, and after the last one's. */
export function zipFrame(entries: readonly Sized[]): { readonly heads: Bytes[]; readonly tail: Bytes } {
  const { offsets, at } = layout(entries);
  const central = entries.map((entry, i) => centralRecord(entry, offsets[i] ?? 0));
  return { heads: entries.map(localHeader), tail: join(...central, ending(entries, offsets, at)) };
}

function layout(entries: readonly Sized[]): { offsets: number[]; at: number } {
  let at = 0;
  const offsets = entries.map((entry) => {
    const offset = at;
    at += localHeader(entry).length + entry.size;
    return offset;
  });
  return { offsets, at };
}

function localHeader(entry: Sized): Bytes {
  const name = utf8(entry.name);
  const isLarge = entry.size >= FULL32;
  const size = isLarge ? FULL32 : entry.size;
  const extra = isLarge ? zip64Field(entry.size, entry.size) : new Uint8Array(0);
  const fixed = record(30, [
    [4, 0x04034b50],
    [2, isLarge ? 45 : 20],
    [2, UTF8_NAME],
    [2, 0],
    [2, 0],
    [2, DATE],
    [4, entry.crc],
    [4, size],
    [4, size],
    [2, name.length],
    [2, extra.length],
  ]);
  return join(fixed, name, extra);
}

function centralRecord(entry: Sized, offset: number): Bytes {
  const name = utf8(entry.name);
  const isLarge = entry.size >= FULL32;
  const isFar = offset >= FULL32;
  const size = isLarge ? FULL32 : entry.size;
  const values = [...(isLarge ? [entry.size, entry.size] : []), ...(isFar ? [offset] : [])];
  const extra = values.length > 0 ? zip64Field(...values) : new Uint8Array(0);
  const version = values.length > 0 ? 45 : 20;
  const fixed = record(46, [
    [4, 0x02014b50],
    [2, version],
    [2, version],
    [2, UTF8_NAME],
    [2, 0],
    [2, 0],
    [2, DATE],
    [4, entry.crc],
    [4, size],
    [4, size],
    [2, name.length],
    [2, extra.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, isFar ? FULL32 : offset],
  ]);
  return join(fixed, name, extra);
}

function ending(entries: readonly Sized[], offsets: readonly number[], at: number): Bytes {
  const length = entries.reduce(
    (sum, entry, i) => sum + centralRecord(entry, offsets[i] ?? 0).length,
    0,
  );
  const count = entries.length;
  const isLarge = count >= FULL16 || length >= FULL32 || at >= FULL32;
  const end = record(22, [
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, isLarge ? FULL16 : count],
    [2, isLarge ? FULL16 : count],
    [4, isLarge ? FULL32 : length],
    [4, isLarge ? FULL32 : at],
    [2, 0],
  ]);
  if (!isLarge) return end;
  const end64 = record(56, [
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, length],
    [8, at],
  ]);
  const locator = record(20, [
    [4, 0x07064b50],
    [4, 0],
    [8, at + length],
    [4, 1],
  ]);
  return join(end64, locator, end);
}

function zip64Field(...values: readonly number[]): Bytes {
  return record(4 + 8 * values.length, [
    [2, 1],
    [2, 8 * values.length],
    ...values.map((value): [8, number] => [8, value]),
  ]);
}

/** Return little-endian fields, each a width in bytes and a value. */
function record(length: number, fields: readonly (readonly [2 | 4 | 8, number])[]): Bytes {
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  must(at === length, "zip.record");
  return out;
}
