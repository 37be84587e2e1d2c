/** Files and folders as a person gives them: their names in the package and their sizes. */

import { checkNames } from "../crypto/package.ts";
import { zipLength } from "../crypto/zip.ts";
import { mostFiller } from "./blind.ts";
import type { NamedFile } from "./protocol.ts";
import { sealedSize } from "./size.ts";

/** Return what was chosen in a field, folders with the paths inside them. */
export function chosenFiles(list: FileList): NamedFile[] {
  return atTop(
    [...list].map((file) => ({
      name: nameOf(file.webkitRelativePath === "" ? file.name : file.webkitRelativePath),
      file,
    })),
  );
}

/** Take away the name of a folder given whole that has a blind part in it: that lies at the top of a bid. */
export function atTop(files: readonly NamedFile[]): NamedFile[] {
  const around = new Set(
    files.flatMap(({ name }) => {
      const [folder = "", inner, ...rest] = name.split("/");
      return folder !== "blind" && inner === "blind" && rest.length > 0 ? [folder] : [];
    }),
  );
  return files.map((one) => {
    const [folder = "", ...rest] = one.name.split("/");
    // of two such folders nobody can tell which is the bid
    return around.size === 1 && around.has(folder) && rest.length > 0 ? { ...one, name: rest.join("/") } : one;
  });
}

/** Return what was dropped, folders walked through. */
export async function droppedFiles(transfer: DataTransfer): Promise<NamedFile[]> {
  // entries are gone once the event is over, so all are taken before anything is waited for
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found = await Promise.all(entries.map((entry) => walk(entry)));
  return atTop(found.flat());
}

/** Return files with others added; one of the same name takes the earlier one's place. */
export function merged(
  before: readonly NamedFile[],
  added: readonly NamedFile[],
): readonly NamedFile[] {
  const all = new Map([...before, ...added].map((one) => [one.name, one]));
  return [...all.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Return the names that cannot go into a package. */
export function badNames(files: readonly NamedFile[]): string[] {
  return files.map(({ name }) => name).filter((name) => !isGoodName(name));
}

/** Return how large the sealed file will be, a little more rather than less. */
export function sealedSizeOf(files: readonly NamedFile[], formSize: number): number {
  const filler = mostFiller(files);
  const measured = files.map(({ name, file }) => ({ name, size: file.size, crc: 0 }));
  if (filler > 0) measured.push({ name: "blind/filler", size: filler + 200, crc: 0 });
  const manifest = files.reduce((sum, { name }) => sum + 4 * name.length + 120, 200);
  const own = [
    { name: "bid-form.json", size: formSize, crc: 0 },
    { name: "manifest.json", size: manifest, crc: 0 },
  ];
  return sealedSize(zipLength([...measured, ...own]));
}

/** Return the sum of the files' sizes. */
export function totalOf(files: readonly NamedFile[]): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}

function isGoodName(name: string): boolean {
  try {
    checkNames([name]);
    return true;
  } catch {
    return false;
  }
}

/** One spelling of a name, whichever system it comes from. */
function nameOf(path: string): string {
  return path.normalize("NFC").replace(/^\/+/u, "");
}

async function walk(entry: FileSystemEntry): Promise<NamedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [{ name: nameOf(entry.fullPath), file }];
  }
  const found: NamedFile[] = [];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return found;
    for (const inner of some) found.push(...(await walk(inner)));
  }
}
