/** The few instructions of WebAssembly that `machine.ts` is written in; it knows no algorithm. */

/** A piece of program: opcodes and their operands, byte by byte. */
export type Code = readonly number[];

export const I32 = 0x7f;
export const V128 = 0x7b;
export const [ADD, SUB, AND, XOR, SHL, SHR, ROTR] = [
  0x6a, 0x6b, 0x71, 0x73, 0x74, 0x76, 0x78,
];
export const [BLOCK_END, LOOP, BR_IF] = [0x0b, [0x03, 0x40], 0x0d];

/** Four words at a time. */
export const V_XOR: Code = vector(0x51);
export const V_ADD: Code = vector(0xae);
/** Choose bytes of one vector by another; what lies outside is zero. */
export const SWIZZLE: Code = vector(0x0e);

export function get(name: number): Code {
  return [0x20, name];
}

export function set(name: number): Code {
  return [0x21, name];
}

export function tee(name: number): Code {
  return [0x22, name];
}

export function constant(value: number): Code {
  return [0x41, ...signed(value | 0)];
}

export function load(offset: number): Code {
  return [0x28, 2, ...unsigned(offset)];
}

export function store(offset: number): Code {
  return [0x36, 2, ...unsigned(offset)];
}

export function vectorLoad(offset: number): Code {
  return vector(0x00, 4, ...unsigned(offset));
}

export function vectorStore(offset: number): Code {
  return vector(0x0b, 4, ...unsigned(offset));
}

/** Shift each word of 32 bits to the left. */
export function wordsLeft(by: number): Code {
  return [...constant(by), ...vector(0xab)];
}

/** Shift each word of 32 bits to the right. */
export function wordsRight(by: number): Code {
  return [...constant(by), ...vector(0xad)];
}

/** Shift each word of 64 bits to the right. */
export function pairsRight(by: number): Code {
  return [...constant(by), ...vector(0xcd)];
}

/** Choose 16 bytes out of two vectors, numbered 0 to 31. */
export function shuffle(bytes: Code): Code {
  return vector(0x0d, ...bytes);
}

export function vectorOf(bytes: Code): Code {
  return vector(0x0c, ...bytes);
}

export function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

export function exported(name: string, kind: number, index: number): Code {
  return [name.length, ...new TextEncoder().encode(name), kind, index];
}

/** A function: how many locals of each type there are beside its parameters, and what it does. */
export function body(locals: readonly (readonly [count: number, type: number])[], code: Code): Code {
  const whole = [locals.length, ...locals.flat(), ...code, BLOCK_END];
  return [...unsigned(whole.length), ...whole];
}

export function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const rest = value >> 7;
  const isLast = (rest === 0 && (value & 64) === 0) || (rest === -1 && (value & 64) !== 0);
  return isLast ? [value & 127] : [(value & 127) | 128, ...signed(rest)];
}

function vector(opcode: number, ...operands: number[]): Code {
  return [0xfd, ...unsigned(opcode), ...operands];
}
