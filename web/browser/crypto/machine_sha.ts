/**
 * SHA-256 over whole blocks as WebAssembly: the message schedule four words at a time, the rounds
 * one by one beside it. It keeps nothing between two calls but the state.
 *
 * Source: FIPS 180-4 section 6.2.
 */

import {
  ADD,
  AND,
  BLOCK_END,
  BR_IF,
  LOOP,
  ROTR,
  SUB,
  SWIZZLE,
  V_ADD,
  V_XOR,
  XOR,
  constant,
  get,
  load,
  pairsRight,
  set,
  shuffle,
  store,
  tee,
  vectorLoad,
  vectorOf,
  vectorStore,
  wordsLeft,
  wordsRight,
  type Code,
} from "./machine_code.ts";

/** Where the round constants stand, 256 bytes, and behind them what the rounds add, 256 more. */
export const CONSTANTS = 512;
const ADDED = CONSTANTS + 256;

/** Parameters: where the blocks begin, and how many there are. */
const [AT, COUNT] = [0, 1];
const WORKING = [2, 3, 4, 5, 6, 7, 8, 9];
const STATE = [10, 11, 12, 13, 14, 15, 16, 17];
/** b xor c of this round, which is a xor b of the one before; and a xor b. */
const [BEFORE, NOW] = [18, 19];
/** The last 16 words of the schedule, and two vectors at hand. */
const WORDS = [20, 21, 22, 23];
const [HAND, TURNED] = [24, 25];
/** How many locals there are beside the parameters: words, then vectors. */
export const LOCALS = [18, 6] as const;

const NONE = 0x80;
const TURN = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];
/** One word on: the last three of one vector and the first of the next. */
const ONWARD = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
/** Each of two words twice, so that shifting a pair turns a word around. */
const FIRST_TWICE = [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7];
const LAST_TWICE = [8, 9, 10, 11, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15];
const INTO_FIRST = [0, 1, 2, 3, 8, 9, 10, 11, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE];
const INTO_LAST = [NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 0, 1, 2, 3, 8, 9, 10, 11];

/** The function's code. */
export function shaBlocks(): Code {
  const names = [...WORKING];
  const code: number[] = STATE.flatMap((name, i) => [...constant(0), ...load(4 * i), ...set(name)]);
  code.push(...LOOP);
  for (const [i, name] of names.entries()) code.push(...get(STATE[i] ?? 0), ...set(name));
  code.push(...get(names[1] ?? 0), ...get(names[2] ?? 0), XOR, ...set(BEFORE));
  for (const [i, name] of WORDS.entries()) code.push(...firstWords(i, name));
  for (let group = 0; group < 16; group += 1) {
    if (group < 12) code.push(...nextWords(group));
    for (let i = 0; i < 4; i += 1) {
      code.push(...shaRound(names, ADDED + 16 * group + 4 * i));
      names.unshift(names.pop() ?? 0);
    }
  }
  for (const [i, name] of names.entries()) {
    code.push(...get(STATE[i] ?? 0), ...get(name), ADD, ...set(STATE[i] ?? 0));
  }
  code.push(...get(AT), ...constant(64), ADD, ...set(AT));
  code.push(...get(COUNT), ...constant(1), SUB, ...tee(COUNT), BR_IF, 0, BLOCK_END);
  code.push(...STATE.flatMap((name, i) => [...constant(0), ...get(name), ...store(4 * i)]));
  return code;
}

/** Four words of the block, turned around. */
function firstWords(i: number, name: number): Code {
  const turned = [...get(AT), ...vectorLoad(16 * i), ...vectorOf(TURN), ...SWIZZLE];
  return [...turned, ...set(name), ...added(i, name)];
}

/** Four more words of the schedule, in the place of the four oldest. */
function nextWords(group: number): Code {
  const [old = 0, second = 0, third = 0, last = 0] = [0, 1, 2, 3].map((i) => WORDS[(group + i) % 4]);
  return [
    ...[...get(old), ...get(second), ...shuffle(ONWARD), ...small0(), ...get(old), ...V_ADD],
    ...[...get(third), ...get(last), ...shuffle(ONWARD), ...V_ADD, ...set(HAND)],
    ...[...get(last), ...get(last), ...shuffle(LAST_TWICE), ...small1(INTO_FIRST)],
    ...[...get(HAND), ...V_ADD, ...tee(HAND)],
    ...[...get(HAND), ...shuffle(FIRST_TWICE), ...small1(INTO_LAST)],
    ...[...get(HAND), ...V_ADD, ...set(old), ...added(group + 4, old)],
  ];
}

/** The small sigma 0 of four words. */
function small0(): Code {
  const hand = (shift: Code): Code => [...get(HAND), ...shift, ...V_XOR];
  return [
    ...[...tee(HAND), ...wordsRight(7), ...hand(wordsLeft(25))],
    ...[...hand(wordsRight(18)), ...hand(wordsLeft(14)), ...hand(wordsRight(3))],
  ];
}

/** The small sigma 1 of two words that stand twice each, put where they belong. */
function small1(into: Code): Code {
  return [
    ...[...tee(TURNED), ...pairsRight(17), ...get(TURNED), ...pairsRight(19), ...V_XOR],
    ...[...get(TURNED), ...wordsRight(10), ...V_XOR, ...vectorOf(into), ...SWIZZLE],
  ];
}

/** Keep four words with their constants added, for four rounds. */
function added(group: number, name: number): Code {
  const sum = [...get(name), ...constant(0), ...vectorLoad(CONSTANTS + 16 * group), ...V_ADD];
  return [...constant(0), ...sum, ...vectorStore(ADDED + 16 * group)];
}

/** One round; afterwards the names move on by one, and no value has to. */
function shaRound(names: readonly number[], word: number): Code {
  const [a = 0, b = 0, , d = 0, e = 0, f = 0, g = 0, h = 0] = names;
  return [
    ...[...get(h), ...constant(0), ...load(word), ADD],
    ...[...get(f), ...get(g), XOR, ...get(e), AND, ...get(g), XOR, ADD],
    ...[...big(e, [6, 11, 25]), ADD, ...tee(h), ...get(d), ADD, ...set(d)],
    ...[...get(a), ...get(b), XOR, ...tee(NOW), ...get(BEFORE), AND, ...get(b), XOR],
    ...[...get(h), ADD, ...big(a, [2, 13, 22]), ADD, ...set(h), ...get(NOW), ...set(BEFORE)],
  ];
}

function big(name: number, [first, second, third]: readonly [number, number, number]): Code {
  const turned = (by: number): Code => [...get(name), ...constant(by), ROTR];
  return [...turned(first), ...turned(second), XOR, ...turned(third), XOR];
}

/** The first 32 bits of the fractions of the cube roots of the first 64 primes. */
export function roundConstants(): number[] {
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
