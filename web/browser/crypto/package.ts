/** The package a bidder seals: its files, its bid form and the list of their hashes, as one ZIP. */

import { compareBytes, hex, utf8, type Bytes } from "./bytes.ts";
import { dumps, type JsonValue } from "./canonical.ts";
import { must } from "./invalid.ts";
import { Meter } from "./meter.ts";
import { writeZip, zipLength, type StoredEntry } from "./zip.ts";

const BID_FORM = "bid-form.json";
const MANIFEST = "manifest.json";

/** A file to seal; it is read twice, once for its hash and once into the seal. */
export interface PackageFile {
  /** Relative, parts joined by `/`. */
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}

/** A file as the manifest lists it. */
export interface ManifestFile {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
}

/** A package that can be written: its length is known before its first byte. */
export interface Package {
  readonly length: number;
  readonly files: readonly ManifestFile[];
  open(): AsyncIterable<Uint8Array>;
}

interface Measured extends StoredEntry {
  readonly sha256: string;
}

/**
 * Read every file once and lay out the package.
 *
 * @param bidForm the value of `bid-form.json`, written canonically.
 * @param progress called with the number of bytes read so far.
 */
export async function planPackage(
  files: readonly PackageFile[],
  bidForm: JsonValue,
  progress?: (read: number) => void,
): Promise<Package> {
  checkNames(files.map((file) => file.name));
  const form = memoryFile(BID_FORM, dumps(bidForm));
  let read = 0;
  const measured: Measured[] = [];
  for (const file of [form, ...files]) {
    measured.push(
      await measure(file, (count) => {
        read += count;
        progress?.(read);
      }),
    );
  }
  measured.sort((left, right) => compareBytes(utf8(left.name), utf8(right.name)));
  const listed = measured.map(({ name, sha256, size }) => ({ name, sha256, size }));
  const manifest = await measure(
    memoryFile(MANIFEST, dumps({ v: 1, files: listed })),
    () => undefined,
  );
  const entries = [...measured, manifest];
  return { length: zipLength(entries), files: listed, open: () => writeZip(entries) };
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

async function measure(file: PackageFile, seen: (count: number) => void): Promise<Measured> {
  const meter = new Meter();
  for await (const part of file.open()) {
    meter.update(part);
    seen(part.length);
  }
  const { size, crc } = meter;
  return { name: file.name, size, crc, sha256: hex(meter.digest()), open: () => file.open() };
}

function memoryFile(name: string, content: Bytes): PackageFile {
  return {
    name,
    async *open() {
      yield content;
    },
  };
}
