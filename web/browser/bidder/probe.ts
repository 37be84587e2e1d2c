/** Tries out what sealing needs: secure random keys, encryption, and a file of this browser's own. */

import { FileSink, removeFile } from "./disk.ts";

/** What a browser can do; `missing` names what it lacks. */
export interface Probed {
  readonly missing: readonly string[];
  /** Bytes a second that are encrypted, hashed and written; 0 where that does not work. */
  readonly speed: number;
}

const PIECES = 24;
const PIECE = 1 << 20;

/** Try everything once; only in workers. */
export async function probe(name: string): Promise<Probed> {
  const missing: string[] = [];
  if (!(await works(() => curve()))) missing.push("curve");
  const begun = performance.now();
  if (!(await works(() => disk(name)))) missing.push("disk");
  const spent = performance.now() - begun;
  await removeFile(name).catch(() => undefined);
  return { missing, speed: missing.length > 0 ? 0 : (PIECES * PIECE * 1000) / Math.max(1, spent) };
}

async function works(trial: () => Promise<void>): Promise<boolean> {
  try {
    await trial();
    return true;
  } catch {
    return false;
  }
}

async function curve(): Promise<void> {
  const algorithm = { name: "ECDH", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["deriveBits"]);
  await crypto.subtle.deriveBits({ name: "ECDH", public: pair.publicKey }, pair.privateKey, 256);
}

async function disk(name: string): Promise<void> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const piece = new Uint8Array(PIECE);
  const sink = await FileSink.create(name);
  try {
    for (let index = 0; index < PIECES; index += 1) {
      const iv = new Uint8Array(12);
      new DataView(iv.buffer).setUint32(8, index);
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, piece);
      await crypto.subtle.digest("SHA-256", sealed);
      sink.write({ at: index * sealed.byteLength, data: new Uint8Array(sealed) });
    }
    sink.finish();
  } finally {
    sink.close();
  }
}
