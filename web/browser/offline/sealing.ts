/** The offline sealer's worker: files in, a sealed file as a blob out; it reaches no network. */

import type { Bytes } from "../crypto/bytes.ts";
import { Invalid } from "../crypto/invalid.ts";
import { crc32 } from "../crypto/meter.ts";
import type { Piece } from "../crypto/parts.ts";
import { Gate } from "../bidder/gate.ts";
import type { FromWorker, ToWorker } from "../bidder/protocol.ts";
import { Reader, readFor } from "../bidder/reading.ts";
import { seal, type Sink } from "../bidder/seal.ts";

interface Scope {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const PART = 32 << 20;
/** Bytes read back at a time. */
const PIECE = 8 << 20;
const scope = globalThis as unknown as Scope;
const gate = new Gate((message) => scope.postMessage(message));

/** Keeps what was sealed in blobs, which browsers put on disk when they grow. */
class BlobSink implements Sink {
  /** The checksum of the whole, known when it was read back. */
  crc = 0;
  blob = new Blob([]);
  readonly #parts: { readonly at: number; readonly blob: Blob }[] = [];
  #open: Bytes[] = [];
  #from = 0;
  #size = 0;

  write({ at, data }: Piece): void {
    if (this.#size >= PART || at !== this.#from + this.#size) this.#close();
    if (this.#size === 0) this.#from = at;
    // the bytes are ours only until the next piece
    this.#open.push(data.slice());
    this.#size += data.length;
  }

  finish(): void {
    this.#close();
    this.#parts.sort((left, right) => left.at - right.at);
    this.blob = new Blob(this.#parts.map(({ blob }) => blob));
  }

  async *read(): AsyncGenerator<Uint8Array> {
    this.crc = 0;
    for (let at = 0; at < this.blob.size; at += PIECE) {
      const piece = new Uint8Array(await this.blob.slice(at, at + PIECE).arrayBuffer());
      this.crc = crc32(piece, this.crc);
      yield piece;
    }
  }

  #close(): void {
    if (this.#size > 0) this.#parts.push({ at: this.#from, blob: new Blob(this.#open) });
    this.#open = [];
    this.#size = 0;
  }
}

scope.onmessage = ({ data }): void => {
  if (data.kind === "hold") gate.hold(data.isHeld);
  else if (data.kind === "seal") void run(data);
  else if (data.kind === "read") readFor(data.port);
};

async function run({ order, files, port }: Extract<ToWorker, { kind: "seal" }>): Promise<void> {
  const reader = new Reader(port);
  const sink = new BlobSink();
  try {
    const sealed = await seal(order, files.map((one) => reader.file(one)), sink, gate);
    scope.postMessage({ kind: "sealed", sealed, blob: sink.blob, crc: sink.crc });
  } catch (error) {
    const code = error instanceof Invalid ? error.code : error instanceof DOMException ? error.name : "failed";
    scope.postMessage({ kind: "failed", code, about: String(error) });
  }
}
