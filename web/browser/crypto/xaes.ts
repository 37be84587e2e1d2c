/**
 * XAES-256-GCM, which shares of a key ceremony are encrypted with; it must not choose a nonce.
 *
 * Source: c2sp.org/XAES-256-GCM.
 */

import { join, utf8, type Bytes } from "./bytes.ts";
import { Invalid, must } from "./invalid.ts";

const BLOCK = 16;

/** Encrypt under a key of 32 bytes and a nonce of 24, used once. */
export async function xaesSeal(key: Bytes, nonce: Bytes, plaintext: Bytes): Promise<Bytes> {
  const { subkey, iv } = await derived(key, nonce);
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, subkey, plaintext));
}

/** Decrypt; what was not sealed with this key and nonce is refused. */
export async function xaesOpen(key: Bytes, nonce: Bytes, ciphertext: Bytes): Promise<Bytes> {
  const { subkey, iv } = await derived(key, nonce);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, subkey, ciphertext));
  } catch {
    throw new Invalid("xaes.tag");
  }
}

/** Derive the key of one message: CMAC in counter mode over the first half of the nonce. */
async function derived(key: Bytes, nonce: Bytes): Promise<{ subkey: CryptoKey; iv: Bytes }> {
  must(key.length === 32 && nonce.length === 24, "xaes.length");
  const cipher = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["encrypt"]);
  const mask = doubled(await block(cipher, new Uint8Array(BLOCK)));
  const half = async (counter: number): Promise<Bytes> => {
    const input = join(Uint8Array.of(0, counter), utf8("X"), Uint8Array.of(0), nonce.slice(0, 12));
    return block(cipher, input.map((byte, i) => byte ^ (mask[i] ?? 0)));
  };
  const raw = join(await half(1), await half(2));
  const subkey = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { subkey, iv: nonce.slice(12) };
}

/** Encrypt one block: the first of a chain that begins with zeros. */
async function block(cipher: CryptoKey, input: Bytes): Promise<Bytes> {
  const chain = { name: "AES-CBC", iv: new Uint8Array(BLOCK) };
  return new Uint8Array(await crypto.subtle.encrypt(chain, cipher, input)).slice(0, BLOCK);
}

/** Double a block in GF(2^128) as CMAC does for its subkey. */
function doubled(input: Bytes): Bytes {
  const out = input.map((byte, i) => ((byte << 1) | ((input[i + 1] ?? 0) >> 7)) & 0xff);
  out[BLOCK - 1] = (out[BLOCK - 1] ?? 0) ^ (0x87 & -((input[0] ?? 0) >> 7));
  return out;
}
