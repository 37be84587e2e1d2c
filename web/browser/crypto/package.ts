/** The package a bidder seals: its files, its bid form and the list of their hashes, as one ZIP. */

import { compareBytes, utf8, type Bytes } from "./bytes.ts";
import { dumps, type JsonValue } from "./canonical.ts";
import { must } from "./invalid.ts";
import { metered } from "./meter.ts";
import type { Part } from "./parts.ts";
import { writeZip, zipLength, type StoredEntry } from "./zip.ts";

const BID_FORM = "bid-form.json";
const MANIFEST = "manifest.json";

/** A file to seal: its name is relative, parts joined by `/`; it is read once, while it is sealed. */
export type PackageFile = StoredEntry;

/** A file as the manifest lists it. */
interface ManifestFile {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
}

/** A package that can be written: its length is known before its first byte. */
export interface Package {
  readonly length: number;
  /** Once only: files are read while it is written. */
  open(): AsyncIterable<Part>;
}

/**
 * Lay out the package of some files; none is read yet.
 *
 * @param bidForm the value of `bid-form.json`, written canonically.
 */
export function planPackage(files: readonly PackageFile[], bidForm: JsonValue): Package {
  checkNames(files.map((file) => file.name));
  const listed: ManifestFile[] = [];
  const form = memoryFile(BID_FORM, dumps(bidForm));
  const entries = [form, ...files].sort((left, right) =>
    compareBytes(utf8(left.name), utf8(right.name)),
  );
  // hashes are all of one length, so that of the manifest is known before they are
  const empty = entries.map(({ name, size }) => ({ name, sha256: "0".repeat(64), size }));
  const list: StoredEntry = {
    name: MANIFEST,
    size: manifest(empty).length,
    open: () => metered(once(() => manifest(listed))),
  };
  const all = [...entries, list];
  return {
    length: zipLength(all),
    open: () =>
      writeZip(all, ({ name, size }, { sha256 }) => void listed.push({ name, sha256, size })),
  };
}

/** Refuse names that leave the package, that a reader could take for another, or that are ours. */
export function checkNames(names: readonly string[]): void {
  for (const name of names) {
    must(name.isWellFormed() && utf8(name).length <= 1024, "package.name", name);
    must(!/[\u0000-\u001f\u007f\\]|^[A-Za-z]:/u.test(name), "package.name", name);
    const isProper = name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
    must(isProper && name !== BID_FORM && name !== MANIFEST, "package.name", name);
  }
  must(new Set(names).size === names.length, "package.name_twice");
}

function manifest(files: readonly ManifestFile[]): Bytes {
  return dumps({ v: 1, files: files.map(({ name, sha256, size }) => ({ name, sha256, size })) });
}

function memoryFile(name: string, content: Bytes): PackageFile {
  return { name, size: content.length, open: () => metered(once(() => content)) };
}

async function* once(content: () => Bytes): AsyncGenerator<Bytes> {
  yield content();
}
