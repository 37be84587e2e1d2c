/** A log of three leaves with its witness, and receipts of the second leaf, good and broken. */

import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { base64, hex, join, textOf, utf8, type Bytes } from "../../web/browser/crypto/bytes.ts";
import { dumps } from "../../web/browser/crypto/canonical.ts";
import { H, sha256, u64 } from "../../web/browser/crypto/hashing.ts";
import { leafHash, nodeHash } from "../../web/browser/crypto/merkle.ts";

export interface Key {
  readonly name: string;
  readonly kind: number;
  readonly secret: KeyObject;
  readonly raw: Bytes;
}

export const log = keyOf("log.example/1", 1);
export const witness = keyOf("time.example/w", 4);
export const salt = new Uint8Array(32).fill(5);
export const entry = dumps({ v: 1, type: "opening.bid_admitted", body: { bid: "甲" } });
export const SECONDS = 1_760_000_000;

export function keyOf(name: string, kind: number): Key {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const der = publicKey.export({ type: "spki", format: "der" });
  return { name, kind, secret: privateKey, raw: new Uint8Array(der.subarray(12)) };
}

function idOf(key: Key): Bytes {
  return sha256(join(utf8(`${key.name}\n`), Uint8Array.of(key.kind), key.raw)).slice(0, 4);
}

export function vkeyOf(key: Key): string {
  return `${key.name}+${hex(idOf(key))}+${base64(join(Uint8Array.of(key.kind), key.raw))}`;
}

export function lineOf(key: Key, message: string, prefix: Bytes = new Uint8Array(0)): string {
  const signature = sign(null, utf8(message), key.secret);
  return `\u2014 ${key.name} ${base64(join(idOf(key), prefix, signature))}\n`;
}

/** A receipt of the second of three leaves; the options change one thing each. */
export function receipt(
  options: {
    origin?: string;
    index?: number;
    extra?: string;
    time?: string;
    more?: string;
    entry?: Bytes;
    isUnseen?: boolean;
  } = {},
): Bytes {
  const others = [leafHash(utf8("first")), leafHash(utf8("third"))] as const;
  const own = options.entry ?? entry;
  const leaf = leafHash(H("leaf", salt, own));
  const root = nodeHash(nodeHash(others[0], leaf), others[1]);
  const head = `${options.origin ?? log.name}\n3\n${base64(root)}\n`;
  const stamped = lineOf(
    witness,
    `cosignature/v1\ntime ${options.time ?? SECONDS}\n${head}`,
    u64(SECONDS),
  );
  const note = `${head}\n${lineOf(log, head)}${options.more ?? ""}${options.isUnseen === true ? "" : stamped}`;
  const path = others.map((hash) => base64(hash)).join("\n");
  const proof = `c2sp.org/tlog-proof@v1\nextra ${options.extra ?? base64(salt)}\nindex ${options.index ?? 1}\n${path}\n\n${note}`;
  return dumps({ v: 1, entry: textOf(own), proof });
}
