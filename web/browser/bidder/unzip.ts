/** Finds the stored entries of a ZIP that our own writer made; nothing is unpacked or read. */

import { must } from "../crypto/invalid.ts";
import { textOf } from "../crypto/bytes.ts";

const LOCAL = 0x04034b50;
const FULL32 = 0xffffffff;

/** Return the contents of a ZIP by name, as slices of its file. */
export async function storedEntries(file: Blob): Promise<ReadonlyMap<string, Blob>> {
  const found = new Map<string, Blob>();
  let at = 0;
  for (;;) {
    const fixed = await viewOf(file, at, 30);
    if (fixed.byteLength < 30 || fixed.getUint32(0, true) !== LOCAL) break;
    must(fixed.getUint16(8, true) === 0 && (fixed.getUint16(6, true) & 8) === 0, "zip.method");
    const [nameLength, extraLength] = [fixed.getUint16(26, true), fixed.getUint16(28, true)];
    const more = await viewOf(file, at + 30, nameLength + extraLength);
    must(more.byteLength === nameLength + extraLength, "zip.shape");
    const name = textOf(new Uint8Array(more.buffer, 0, nameLength));
    const told = fixed.getUint32(22, true);
    const size = told === FULL32 ? largeSize(more, nameLength) : told;
    const begin = at + 30 + nameLength + extraLength;
    must(begin + size <= file.size && !found.has(name), "zip.shape");
    found.set(name, file.slice(begin, begin + size));
    at = begin + size;
  }
  return found;
}

function largeSize(more: DataView, nameLength: number): number {
  must(more.byteLength >= nameLength + 12 && more.getUint16(nameLength, true) === 1, "zip.shape");
  const size = more.getBigUint64(nameLength + 4, true);
  must(size <= BigInt(Number.MAX_SAFE_INTEGER), "zip.shape");
  return Number(size);
}

async function viewOf(file: Blob, at: number, length: number): Promise<DataView> {
  return new DataView(await file.slice(at, at + length).arrayBuffer());
}
