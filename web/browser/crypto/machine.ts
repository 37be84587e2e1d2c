/**
 * A small WebAssembly module with the two loops that a file of gigabytes waits for: SHA-256 over
 * whole blocks and CRC-32. It is written out here instruction by instruction, so that nobody has to
 * trust a binary; where WebAssembly is not allowed, or knows no vectors, there is none, and callers
 * go on without.
 *
 * Source: WebAssembly 1.0 binary format and its 128-bit vectors; CRC-32 as ISO-HDLC, reflected.
 */

import type { Bytes } from "./bytes.ts";
import { crcTables } from "./crc32.ts";
import {
  ADD,
  AND,
  BLOCK_END,
  BR_IF,
  I32,
  LOOP,
  SHL,
  SHR,
  SUB,
  V128,
  XOR,
  body,
  constant,
  exported,
  get,
  load,
  section,
  set,
  tee,
  unsigned,
  type Code,
} from "./machine_code.ts";
import { CONSTANTS, LOCALS, roundConstants, shaBlocks } from "./machine_sha.ts";

/** The module's exports. Memory: state 0..31, constants, tables at TABLES, data from DATA on. */
export interface Machine {
  readonly memory: WebAssembly.Memory;
  /** Take `count` blocks of 64 bytes at `at` into the state; count is at least 1. */
  readonly sha256: (at: number, count: number) => void;
  /** Continue a CRC over `count` times 8 bytes at `at`; count is at least 1. */
  readonly crc32: (crc: number, at: number, count: number) => number;
}

const TABLES = 1024;
export const DATA = 16_384;
/** Bytes that are taken at a time. */
export const PIECE = 1 << 20;

const PAGES = (DATA + PIECE) / 65_536 + 1;

/** Return the module, undefined where it cannot run. */
export function machine(): Machine | undefined {
  try {
    const made = new WebAssembly.Instance(new WebAssembly.Module(program()));
    const found = made.exports as unknown as Machine;
    new Uint32Array(found.memory.buffer, CONSTANTS, 64).set(roundConstants());
    new Int32Array(found.memory.buffer, TABLES, 2048).set(crcTables());
    return found;
  } catch {
    return undefined;
  }
}

function program(): Bytes {
  const types = section(1, [2, 0x60, 2, I32, I32, 0, 0x60, 3, I32, I32, I32, 1, I32]);
  const functions = section(3, [2, 0, 1]);
  const memory = section(5, [1, 0, ...unsigned(Math.ceil(PAGES))]);
  const exports = section(7, [
    3,
    ...exported("memory", 2, 0),
    ...exported("sha256", 0, 0),
    ...exported("crc32", 0, 1),
  ]);
  const [words, vectors] = LOCALS;
  const sha = body(
    [
      [words, I32],
      [vectors, V128],
    ],
    shaBlocks(),
  );
  const bodies = section(10, [2, ...sha, ...body([[2, I32]], crcWords())]);
  const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  return Uint8Array.from([...head, ...types, ...functions, ...memory, ...exports, ...bodies]);
}

/** Locals: 0 the sum, 1 where, 2 how many; 3 and 4 the two words at hand. */
function crcWords(): Code {
  const looked = (name: number, shift: number, table: number): Code => [
    ...[...get(name), ...constant(shift), SHR, ...constant(255), AND],
    ...[...constant(2), SHL, ...load(TABLES + 1024 * table)],
  ];
  const code: number[] = [...LOOP, ...get(1), ...load(0), ...get(0), XOR, ...set(3)];
  code.push(...get(1), ...load(4), ...set(4));
  for (const [i, name] of [3, 4].entries()) {
    for (let byte = 0; byte < 4; byte += 1) {
      code.push(...looked(name, 8 * byte, 7 - 4 * i - byte), ...(i + byte > 0 ? [XOR] : []));
    }
  }
  code.push(...set(0), ...get(1), ...constant(8), ADD, ...set(1));
  code.push(...get(2), ...constant(1), SUB, ...tee(2), BR_IF, 0, BLOCK_END, ...get(0));
  return code;
}
