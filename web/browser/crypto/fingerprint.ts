/**
 * The fingerprint of a key as people compare it: eight numbers and their words; it proves nothing
 * by itself.
 */

import { wordlist as english } from "@scure/bip39/wordlists/english.js";
import { wordlist as chinese } from "@scure/bip39/wordlists/simplified-chinese.js";
import { H } from "./hashing.ts";
import { must } from "./invalid.ts";
import { numberOf } from "./scalars.ts";

/** One of the eight: its number, its English word, its Chinese character. */
export interface FingerprintWord {
  readonly number: number;
  readonly english: string;
  readonly chinese: string;
}

/** Return the eight words of a key, from the first 88 bits of the hash of its 32-byte key id. */
export function fingerprint(keyId: Uint8Array): FingerprintWord[] {
  must(keyId.length === 32, "key_id.length");
  const bits = numberOf(H("fingerprint", keyId).subarray(0, 11));
  return Array.from({ length: 8 }, (_, i) => {
    const number = Number((bits >> BigInt(77 - 11 * i)) & 0x7ffn);
    return { number, english: english[number] ?? "", chinese: chinese[number] ?? "" };
  });
}
