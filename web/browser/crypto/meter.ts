/**
 * The hash and the checksum of a long content, taken piece by piece; fast where WebAssembly may run,
 * the same everywhere.
 */

import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { hex, type Bytes } from "./bytes.ts";
import { crc32 as plainCrc } from "./crc32.ts";
import { DATA, machine, PIECE, type Machine } from "./machine.ts";

const BLOCK = 64;
const START = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

let made: Machine | undefined | null = null;

function fast(): Machine | undefined {
  if (made === null) made = machine();
  return made;
}

/** Hash and checksum of one content; `isPlain` takes the way without WebAssembly, for tests. */
export class Meter {
  crc = 0;
  size = 0;
  readonly #machine: Machine | undefined;
  readonly #noble = nobleSha256.create();
  readonly #state = Uint32Array.from(START);
  readonly #rest = new Uint8Array(BLOCK);

  constructor(isPlain = false) {
    this.#machine = isPlain ? undefined : fast();
  }

  /** Take the next bytes. */
  update(data: Uint8Array): void {
    const { memory } = this.#machine ?? {};
    if (this.#machine === undefined || memory === undefined) {
      this.#noble.update(data);
      this.crc = plainCrc(data, this.crc);
      this.size += data.length;
      return;
    }
    for (let at = 0; at < data.length; at += PIECE - BLOCK) {
      this.#take(this.#machine, data.subarray(at, at + PIECE - BLOCK));
    }
  }

  /** Return the SHA-256; nothing may be added afterwards. */
  digest(): Bytes {
    if (this.#machine === undefined) return Uint8Array.from(this.#noble.digest());
    const filled = this.size % BLOCK;
    const tail = new Uint8Array(filled < 56 ? BLOCK : 2 * BLOCK);
    tail.set(this.#rest.subarray(0, filled));
    tail[filled] = 0x80;
    new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(this.size) * 8n);
    new Uint8Array(this.#machine.memory.buffer, DATA, tail.length).set(tail);
    this.#blocks(this.#machine, tail.length / BLOCK);
    const out = new Uint8Array(32);
    const view = new DataView(out.buffer);
    this.#state.forEach((word, i) => view.setUint32(4 * i, word));
    return out;
  }

  /** Return what was taken; nothing may be added afterwards. */
  told(): Told {
    return { crc: this.crc, sha256: hex(this.digest()) };
  }

  /** Put what was left over before the piece, take whole blocks, and keep what is left now. */
  #take(by: Machine, piece: Uint8Array): void {
    const filled = this.size % BLOCK;
    const room = new Uint8Array(by.memory.buffer, DATA, filled + piece.length);
    room.set(piece, filled);
    this.crc = checksum(by, this.crc, filled, piece.length);
    room.set(this.#rest.subarray(0, filled));
    const whole = Math.floor(room.length / BLOCK);
    this.#rest.set(room.subarray(whole * BLOCK));
    if (whole > 0) this.#blocks(by, whole);
    this.size += piece.length;
  }

  #blocks(by: Machine, count: number): void {
    const state = new Uint32Array(by.memory.buffer, 0, 8);
    state.set(this.#state);
    by.sha256(DATA, count);
    this.#state.set(state);
  }
}

/** What a content was: its checksum, and its SHA-256 as hex. */
export interface Told {
  readonly crc: number;
  readonly sha256: string;
}

/** Yield a content as it comes, and return what it was. */
export async function* metered(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, Told> {
  const meter = new Meter();
  for await (const part of source) {
    meter.update(part);
    yield part;
  }
  return meter.told();
}

/** Continue a CRC-32 over `data`; start from 0. */
export function crc32(data: Uint8Array, before = 0): number {
  const by = fast();
  if (by === undefined) return plainCrc(data, before);
  let crc = before;
  for (let at = 0; at < data.length; at += PIECE) {
    const piece = data.subarray(at, at + PIECE);
    new Uint8Array(by.memory.buffer, DATA, piece.length).set(piece);
    crc = checksum(by, crc, 0, piece.length);
  }
  return crc;
}

/** Continue a checksum over what stands `offset` behind DATA. */
function checksum(by: Machine, before: number, offset: number, length: number): number {
  const words = Math.floor(length / 8);
  const crc = words === 0 ? before : ~by.crc32(~before, DATA + offset, words) >>> 0;
  const rest = new Uint8Array(by.memory.buffer, DATA + offset + 8 * words, length - 8 * words);
  return plainCrc(rest, crc);
}
