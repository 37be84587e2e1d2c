/** The checksum ZIP files carry; it finds accidents, never attacks. */

const TABLES = tables(4);

/** Continue a CRC-32 over `data`; start from 0. Source: ISO-HDLC, polynomial EDB88320 reflected. */
export function crc32(data: Uint8Array, before = 0): number {
  let crc = ~before;
  let at = 0;
  for (; at + 4 <= data.length; at += 4) {
    crc ^=
      octet(data, at) |
      (octet(data, at + 1) << 8) |
      (octet(data, at + 2) << 16) |
      (octet(data, at + 3) << 24);
    crc = step(3, crc) ^ step(2, crc >>> 8) ^ step(1, crc >>> 16) ^ step(0, crc >>> 24);
  }
  for (; at < data.length; at += 1) crc = step(0, crc ^ octet(data, at)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function octet(data: Uint8Array, at: number): number {
  return data[at] ?? 0;
}

function step(table: number, index: number): number {
  return TABLES[256 * table + (index & 0xff)] ?? 0;
}

/** Eight tables in a row, for whoever takes eight bytes at a time. */
export function crcTables(): Int32Array {
  return tables(8);
}

/** Tables in a row, one for each byte that is taken at a time. */
function tables(count: number): Int32Array {
  const all = new Int32Array(256 * count);
  for (let n = 0; n < 256; n += 1) {
    let value = n;
    for (let bit = 0; bit < 8; bit += 1)
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    all[n] = value;
  }
  for (let n = 256; n < all.length; n += 1) {
    const before = all[n - 256] ?? 0;
    all[n] = (all[before & 0xff] ?? 0) ^ (before >>> 8);
  }
  return all;
}
