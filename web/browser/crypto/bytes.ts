/** Bytes and their text forms, all decoded strictly; nothing here knows what the bytes mean. */

import { Invalid, must } from "./invalid.ts";

/** Bytes over an ordinary buffer, which WebCrypto takes as they are. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Return the UTF-8 bytes of `text`; a lone surrogate is refused, not replaced. */
export function utf8(text: string): Bytes {
  must(text.isWellFormed(), "text.lone_surrogate");
  return encoder.encode(text);
}

/** Return the text of UTF-8 bytes; anything malformed is refused and a BOM is kept. */
export function textOf(data: Uint8Array): string {
  try {
    return decoder.decode(data);
  } catch {
    throw new Invalid("text.not_utf8");
  }
}

/** Join parts whose lengths are fixed; where they are not, use `lp`. */
export function join(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Tell whether two byte strings are the same, in time that depends on their length alone. */
export function isSame(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i += 1) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}

/** Order byte strings as memcmp does, a prefix first. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Return lower-case hex. */
export function hex(data: Uint8Array): string {
  let out = "";
  for (const byte of data) out += byte.toString(16).padStart(2, "0");
  return out;
}

/**
 * Return the bytes of lower-case hex.
 *
 * @param length the number of bytes there must be; left out where any will do.
 */
export function unhex(text: string, length?: number): Bytes {
  must(/^(?:[0-9a-f]{2})*$/u.test(text), "hex.malformed");
  must(length === undefined || text.length === 2 * length, "hex.length");
  const data = new Uint8Array(text.length / 2);
  for (let i = 0; i < data.length; i += 1)
    data[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return data;
}

/** Return standard base64 with padding. */
export function base64(data: Uint8Array): string {
  let binary = "";
  for (const byte of data) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * Return the bytes of standard base64 with padding; spaces, other alphabets and stray bits are
 * refused.
 */
export function unbase64(text: string): Bytes {
  must(
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u.test(text),
    "base64.malformed",
  );
  const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  must(base64(data) === text, "base64.stray_bits");
  return data;
}
