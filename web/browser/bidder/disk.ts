/** Sealed files in this browser's own disk space (OPFS), which no other site and no page can open. */

import type { Piece } from "../crypto/parts.ts";
import type { Sink } from "./seal.ts";

/** The file of practice, while it runs; no bid has such an id. */
export const PRACTICE_FILE = "practice";

const FOLDER = "bids";
/** Bytes read back at a time. */
const PIECE = 8 << 20;

interface SyncHandle {
  write(data: Uint8Array, options: { at: number }): number;
  read(into: Uint8Array, options: { at: number }): number;
  getSize(): number;
  flush(): void;
  close(): void;
}

type WorkerFileHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle> };

/** A file that is written once and read back. Only in workers. */
export class FileSink implements Sink {
  #isOpen = true;

  private constructor(private readonly handle: SyncHandle) {}

  /** Begin an empty file for a bid. */
  static async create(bid: string): Promise<FileSink> {
    const file = (await (await folder()).getFileHandle(bid, { create: true })) as WorkerFileHandle;
    const handle = await file.createSyncAccessHandle();
    const sink = new FileSink(handle);
    if (handle.getSize() > 0) {
      sink.close();
      throw new DOMException("there is such a file already", "InvalidStateError");
    }
    return sink;
  }

  write({ at, data }: Piece): void {
    for (let done = 0; done < data.length;) {
      const written = this.handle.write(data.subarray(done), { at: at + done });
      if (written <= 0) throw new DOMException("the disk takes no more", "QuotaExceededError");
      done += written;
    }
  }

  finish(): void {
    this.handle.flush();
  }

  async *read(): AsyncGenerator<Uint8Array> {
    const size = this.handle.getSize();
    for (let at = 0; at < size;) {
      const piece = new Uint8Array(Math.min(PIECE, size - at));
      const read = this.handle.read(piece, { at });
      if (read <= 0) throw new DOMException("the file cannot be read", "NotReadableError");
      at += read;
      yield piece.subarray(0, read);
    }
  }

  close(): void {
    if (this.#isOpen) this.handle.close();
    this.#isOpen = false;
  }
}

/** Return a sealed file, undefined when it is not there. */
export async function sealedFile(bid: string): Promise<File | undefined> {
  try {
    return await (await (await folder()).getFileHandle(bid)).getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return undefined;
    throw error;
  }
}

/** Take a sealed file that was made elsewhere into this browser's disk space. */
export async function keepFile(bid: string, content: Blob): Promise<void> {
  const file = await (await folder()).getFileHandle(bid, { create: true });
  await content.stream().pipeTo(await file.createWritable());
}

/** Remove a file; nothing happens where there is none. */
export async function removeFile(bid: string): Promise<void> {
  try {
    await (await folder()).removeEntry(bid);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "NotFoundError")) throw error;
  }
}

/** Return the bids that have a file here; none in a window that has no disk space for pages. */
export async function keptFiles(): Promise<string[]> {
  const names: string[] = [];
  try {
    const here = (await folder()) as unknown as { keys(): AsyncIterable<string> };
    for await (const name of here.keys()) names.push(name);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
  }
  return names;
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}
