/**
 * The custodian's kit: one master secret in a file under a passphrase, every other key derived.
 *
 * It must not hold anything of one ceremony. An opened kit keeps the master as a key that cannot be
 * taken out again; this belongs into a worker and is never posted to a page.
 */

import { hex, utf8, type Bytes } from "./bytes.ts";
import { dumps, loads } from "./canonical.ts";
import { signerFrom, type Signer } from "./dsse.ts";
import { Fields } from "./fields.ts";
import { lp } from "./hashing.ts";
import { Invalid, must } from "./invalid.ts";
import { fresh } from "./random.ts";
import { ORDER, numberOf } from "./scalars.ts";

/** The work a guess of the passphrase costs, as a power of two: about a second in a browser. */
const WORK = 18;
const SALT = utf8("kaibiao-v1/kit");
const MASTER = 32;
const LIMIT = 1 << 20;

/** One installation's log as the custodian knew it when the kit was made. */
export interface Origin {
  readonly log: string;
  readonly timekeeper: string;
  readonly checkpoint: string;
}

/** What the file holds: the master secret, the signing key as PKCS #8, and the logs it trusts. */
export interface Kit {
  readonly master: Bytes;
  readonly identity: Bytes;
  readonly origins: readonly Origin[];
}

/** A kit in use: keys that compute but do not show themselves. */
export interface OpenKit {
  readonly master: CryptoKey;
  readonly signer: Signer;
  readonly origins: readonly Origin[];
}

/** Make a kit for one installation. */
export async function freshKit(origin: Origin): Promise<Kit> {
  const curve = { name: "ECDSA", namedCurve: "P-256" } as const;
  const pair = await crypto.subtle.generateKey(curve, true, ["sign", "verify"]);
  const identity = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  return { master: fresh(MASTER), identity, origins: [origin] };
}

/** Return a kit as canonical JSON; it is secret in this form. */
export function encodeKit(kit: Kit): Bytes {
  const origins = kit.origins.map(({ log, timekeeper, checkpoint }) => ({ log, timekeeper, checkpoint }));
  return dumps({ v: 1, master: hex(kit.master), identity: hex(kit.identity), origins });
}

/** Read a kit from canonical JSON; a field that is missing, unknown or out of form is refused. */
export function decodeKit(data: Uint8Array): Kit {
  const fields = new Fields(loads(data, LIMIT), "kit").version();
  const master = fields.bytes("master", MASTER);
  const identity = fields.bytes("identity");
  const origins = fields.list("origins").map((value) => {
    const row = new Fields(value, "origin");
    const origin: Origin = {
      log: row.text("log"),
      timekeeper: row.text("timekeeper"),
      checkpoint: row.text("checkpoint"),
    };
    row.done();
    return origin;
  });
  fields.done();
  return { master, identity, origins };
}

/** Return a kit as an age file under a passphrase. */
export async function lockKit(kit: Kit, passphrase: string, work = WORK): Promise<Bytes> {
  const { Encrypter } = await import("age-encryption");
  const age = new Encrypter();
  age.setPassphrase(passphrase);
  age.setScryptWorkFactor(work);
  return Uint8Array.from(await age.encrypt(encodeKit(kit)));
}

/**
 * Open a kit's file.
 *
 * @throws Invalid `kit.locked`: the passphrase is wrong, or it is no age file under one;
 *   another code: what it holds is not a kit.
 */
export async function unlockKit(data: Uint8Array, passphrase: string): Promise<Kit> {
  const { Decrypter } = await import("age-encryption");
  const age = new Decrypter();
  age.addPassphrase(passphrase);
  let plain: Uint8Array;
  try {
    plain = await age.decrypt(data);
  } catch {
    throw new Invalid("kit.locked");
  }
  return decodeKit(plain);
}

/** Take a kit into use. */
export async function useKit(kit: Kit): Promise<OpenKit> {
  const master = await crypto.subtle.importKey("raw", kit.master, "HKDF", false, ["deriveBits"]);
  let signer: Signer;
  try {
    signer = await signerFrom(kit.identity);
  } catch {
    throw new Invalid("kit.identity");
  }
  return { master, signer, origins: kit.origins };
}

/** Refuse a service that is not the one the kit was made for; return what the kit knew of it. */
export function originOf(kit: OpenKit, log: string, timekeeper: string): Origin {
  const known = kit.origins.find((one) => one.log === log && one.timekeeper === timekeeper);
  must(known !== undefined, "kit.origin");
  return known;
}

/**
 * Return the secret scalar of one purpose in one ceremony, in [1, q-1].
 *
 * @param purpose `static`, `eph` or `coef/0` and on.
 * @param sid the ceremony's id, 32 bytes.
 */
export async function derive(master: CryptoKey, purpose: string, sid: Uint8Array): Promise<bigint> {
  must(sid.length === 32, "kit.sid");
  const info = lp(utf8(purpose), sid);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: SALT, info };
  const wide = new Uint8Array(await crypto.subtle.deriveBits(algorithm, master, 384));
  const scalar = numberOf(wide) % ORDER;
  must(scalar !== 0n, "scalar.zero");
  return scalar;
}
