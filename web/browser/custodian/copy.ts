/** The encrypted copy of a kit that a device keeps: the age file itself, and where it is from. */

import { store } from "../app/store.ts";
import type { Bytes } from "../crypto/bytes.ts";

/** A copy; it opens with the passphrase alone. */
export interface Copy {
  readonly file: Bytes;
  readonly keyid: string;
  /** How the person named this device. */
  readonly device: string;
  /** When the copy was put here, ms. */
  readonly at: number;
}

/** Return the copy that this device keeps for an account. */
export async function kept(account: string): Promise<Copy | undefined> {
  return store("custodian").get<Copy>(account);
}

/** Keep a copy on this device. */
export async function keep(account: string, copy: Copy): Promise<void> {
  await store("custodian").put(account, copy);
}

/** Forget the copy of this device; the file elsewhere is not touched. */
export async function forget(account: string): Promise<void> {
  await store("custodian").delete(account);
}

/** Name this kind of browser and machine, as a first word for a device. */
export function thisDevice(): string {
  const agent = navigator.userAgent;
  const browser = /Firefox/u.test(agent)
    ? "Firefox"
    : /Edg\//u.test(agent)
      ? "Edge"
      : /Chrom/u.test(agent)
        ? "Chrome"
        : "Safari";
  const system = /Windows|Mac OS X|Android|iPhone|iPad|Linux/u.exec(agent)?.[0] ?? "";
  return system === "" ? browser : `${browser}, ${system.replace("Mac OS X", "macOS")}`;
}

/** Hand a file to the person to be saved. */
export function save(file: Bytes, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([file], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
