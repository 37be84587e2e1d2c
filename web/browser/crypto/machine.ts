/**
 * A small WebAssembly module with the two loops that a file of gigabytes waits for: SHA-256 over
 * whole blocks and CRC-32. It is written out here instruction by instruction, so that nobody has to
 * trust a binary; where WebAssembly is not allowed there is none, and callers go on without.
 *
 * Source: FIPS 180-4 section 6.2; WebAssembly 1.0 binary format; CRC-32 as ISO-HDLC, reflected.
 */

import type { Bytes } from "./bytes.ts";

/** The module's exports. Memory: state 0..31, CRC tables at TABLES, data from DATA on. */
export interface Machine {
  readonly memory: WebAssembly.Memory;
  /** Take `count` blocks of 64 bytes at `at` into the state; count is at least 1. */
  readonly sha256: (at: number, count: number) => void;
  /** Continue a CRC over `count` times 8 bytes at `at`; count is at least 1. */
  readonly crc32: (crc: number, at: number, count: number) => number;
}

export const TABLES = 1024;
export const DATA = 16_384;
/** Bytes that are taken at a time. */
export const PIECE = 1 << 20;

const PAGES = (DATA + PIECE) / 65_536 + 1;
const I32 = 0x7f;
const [BLOCK_END, LOOP, BR_IF] = [0x0b, [0x03, 0x40], 0x0d];
const [ADD, SUB, AND, OR, XOR, SHR, ROTR] = [0x6a, 0x6b, 0x71, 0x72, 0x73, 0x76, 0x78];

type Code = readonly number[];

/** Return the module, undefined where WebAssembly may not run. */
export function machine(): Machine | undefined {
  try {
    const made = new WebAssembly.Instance(new WebAssembly.Module(program()));
    return made.exports as unknown as Machine;
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
  const bodies = section(10, [2, ...body(24, shaBlocks()), ...body(2, crcWords())]);
  const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  return Uint8Array.from([...head, ...types, ...functions, ...memory, ...exports, ...bodies]);
}

/** Locals: 0 where, 1 how many; 2..9 the working variables; 10..25 the message schedule. */
function shaBlocks(): Code {
  const names = Array.from({ length: 8 }, (_, i) => 2 + i);
  const word = (i: number): number => 10 + (i % 16);
  const code: number[] = [...LOOP];
  for (const [i, name] of names.entries()) code.push(...constant(0), ...load(4 * i), ...set(name));
  for (let i = 0; i < 16; i += 1) code.push(...get(0), ...load(4 * i), ...swapped(word(i)));
  for (let round = 0; round < 64; round += 1) {
    if (round >= 16) code.push(...scheduled(word, round));
    code.push(...shaRound(names, word(round), K[round] ?? 0));
    names.unshift(names.pop() ?? 0);
  }
  for (const [i, name] of names.entries()) {
    code.push(...constant(0), ...constant(0), ...load(4 * i), ...get(name), ADD, ...store(4 * i));
  }
  code.push(...get(0), ...constant(64), ADD, ...set(0));
  code.push(...get(1), ...constant(1), SUB, ...tee(1), BR_IF, 0, BLOCK_END);
  return code;
}

function scheduled(word: (i: number) => number, round: number): Code {
  const [own, next, ninth, last] = [word(round), word(round + 1), word(round + 9), word(round + 14)];
  return [
    ...get(own),
    ...[...rotated(next, 7), ...rotated(next, 18), XOR, ...get(next), ...constant(3), SHR, XOR, ADD],
    ...[...get(ninth), ADD],
    ...[...rotated(last, 17), ...rotated(last, 19), XOR, ...get(last), ...constant(10), SHR, XOR, ADD],
    ...set(own),
  ];
}

/** One round; afterwards the names move on by one, and no value has to. */
function shaRound(names: readonly number[], word: number, constantOf: number): Code {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = names;
  return [
    ...[...get(h), ...rotated(e, 6), ...rotated(e, 11), XOR, ...rotated(e, 25), XOR, ADD],
    ...[...get(g), ...get(e), ...get(f), ...get(g), XOR, AND, XOR, ADD],
    ...[...constant(constantOf), ADD, ...get(word), ADD, ...tee(h)],
    ...[...get(d), ADD, ...set(d)],
    ...[...get(h), ...rotated(a, 2), ...rotated(a, 13), XOR, ...rotated(a, 22), XOR, ADD],
    ...[...get(a), ...get(b), AND, ...get(c), ...get(a), ...get(b), OR, AND, OR, ADD],
    ...set(h),
  ];
}

/** Locals: 0 the sum, 1 where, 2 how many; 3 and 4 the two words at hand. */
function crcWords(): Code {
  const looked = (name: number, shift: number, table: number): Code => [
    ...[...get(name), ...constant(shift), SHR, ...constant(255), AND],
    ...[...constant(2), 0x74, ...load(TABLES + 1024 * table)],
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

/** Turn the word on the stack around, and keep it. */
function swapped(name: number): Code {
  return [
    ...[...tee(name), ...constant(8), 0x77, ...constant(0x00ff00ff), AND],
    ...[...get(name), ...constant(8), ROTR, ...constant(0xff00ff00), AND, OR, ...set(name)],
  ];
}

function rotated(name: number, by: number): Code {
  return [...get(name), ...constant(by), ROTR];
}

function get(name: number): Code {
  return [0x20, name];
}

function set(name: number): Code {
  return [0x21, name];
}

function tee(name: number): Code {
  return [0x22, name];
}

function constant(value: number): Code {
  return [0x41, ...signed(value | 0)];
}

function load(offset: number): Code {
  return [0x28, 2, ...unsigned(offset)];
}

function store(offset: number): Code {
  return [0x36, 2, ...unsigned(offset)];
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

function exported(name: string, kind: number, index: number): Code {
  return [name.length, ...new TextEncoder().encode(name), kind, index];
}

function body(locals: number, code: Code): Code {
  const whole = [1, locals, I32, ...code, BLOCK_END];
  return [...unsigned(whole.length), ...whole];
}

function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const rest = value >> 7;
  const isLast = (rest === 0 && (value & 64) === 0) || (rest === -1 && (value & 64) !== 0);
  return isLast ? [value & 127] : [(value & 127) | 128, ...signed(rest)];
}

/** The first 32 bits of the fractions of the cube roots of the first 64 primes. */
const K = roundConstants();

function roundConstants(): number[] {
  const found: number[] = [];
  for (let number = 2n; found.length < 64; number += 1n) {
    let isPrime = true;
    for (let by = 2n; by * by <= number; by += 1n) isPrime &&= number % by !== 0n;
    if (isPrime) found.push(Number(cubeRoot(number << 96n) & 0xffffffffn));
  }
  return found;
}

function cubeRoot(of: bigint): bigint {
  let [low, high] = [0n, 1n << 40n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** 3n <= of) low = middle;
    else high = middle;
  }
  return low;
}
