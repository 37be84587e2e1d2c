/**
 * The signing key of this browser: made here, never leaves here, registered once for the account.
 *
 * It must not sign what the person has not seen; pages show a message before they ask for it.
 */

import { hex } from "../crypto/bytes.ts";
import { dumps, type JsonObject } from "../crypto/canonical.ts";
import { freshSigner, keyId, signEnvelope, type Signer } from "../crypto/dsse.ts";
import { command, get, registry } from "./api.ts";
import { store } from "./store.ts";

/** none: no key here; unregistered: made, its registration did not get through; revoked: struck out. */
export type KeyState = "none" | "unregistered" | "ready" | "revoked";

export type Role = "bidder" | "clerk" | "custodian" | "supervisor" | "expert";

export interface Me {
  readonly account: string;
  readonly name: string;
  readonly organisation: { readonly organisation: string; readonly name: string };
  readonly roles: readonly string[];
  readonly keys: readonly { readonly keyid: string; readonly key: string; readonly since: number }[];
}

interface Kept {
  readonly key: CryptoKey;
  readonly spki: Uint8Array<ArrayBuffer>;
  readonly isRegistered: boolean;
}

/** Return who is signed in. */
export async function me(): Promise<Me> {
  return get<Me>("/api/me");
}

/** Return the account that the page was made for; empty where nobody is signed in. */
export function account(): string {
  return document.body.dataset["account"] ?? "";
}

/** Return this browser's key of an account, if it has one, whatever the service thinks of it. */
export async function ownKey(of: string = account()): Promise<Signer | undefined> {
  const kept = await store("keys").get<Kept>(of);
  return kept === undefined ? undefined : { key: kept.key, spki: kept.spki };
}

/** Tell how this browser's key stands with the service. */
export async function keyState(of: string = account()): Promise<KeyState> {
  const kept = await store("keys").get<Kept>(of);
  if (kept === undefined) return "none";
  const known = (await me()).keys.some((one) => one.keyid === keyId(kept.spki));
  if (known) return "ready";
  return kept.isRegistered ? "revoked" : "unregistered";
}

/**
 * Make this browser's key and register it; after a cut it registers the key made before.
 *
 * The key is kept before it is registered: none is ever known to the service and lost here.
 */
export async function makeKey(of: string = account()): Promise<Signer> {
  const keys = store("keys");
  const state = await keyState(of);
  let kept = await keys.get<Kept>(of);
  if (kept === undefined || state === "revoked") {
    const made = await freshSigner();
    kept = { ...made, isRegistered: false };
    await keys.put(of, kept);
  }
  const signer: Signer = { key: kept.key, spki: kept.spki };
  if (state === "ready") return signer;
  const payload = dumps({ v: 1, account: of, key: hex(kept.spki) });
  const message = await signEnvelope("key-registration", payload, signer);
  await registry({ type: "registry.register_key", message });
  await keys.put(of, { ...kept, isRegistered: true });
  return signer;
}

/**
 * Sign a message with this browser's key.
 *
 * @param message its kind, such as `withdraw`.
 * @throws Error there is no key here; ask for `keyState` first.
 */
export async function sign(message: string, payload: JsonObject): Promise<JsonObject> {
  const signer = await ownKey();
  if (signer === undefined) throw new Error("this browser has no signing key");
  return signEnvelope(message, dumps(payload), signer);
}

/**
 * Let this browser's key count in a project, where the account was bound with another of its keys.
 *
 * @param bound the ids of the keys that count there for the account in this role, the last one now.
 */
export async function useKeyIn(
  project: string,
  role: Role,
  bound: string,
  reason: string,
): Promise<void> {
  const signer = await ownKey();
  if (signer === undefined) throw new Error("this browser has no signing key");
  const keyid = keyId(signer.spki);
  if (keyid !== bound) await command(project, { type: "project.change_key", role, keyid, reason });
}
