/** The offline sealer's worker: files in, a sealed file as a blob out; it reaches no network. */

import type { Bytes } from "../crypto/bytes.ts";
import { crc32 } from "../crypto/meter.ts";
import { Invalid } from "../crypto/invalid.ts";
import { Gate } from "../bidder/gate.ts";
import type { FromWorker, ToWorker } from "../bidder/protocol.ts";
import { seal, type Sink } from "../bidder/seal.ts";

interface Scope {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const PART = 32 << 20;
const PIECE = 1 << 20;
const scope = globalThis as unknown as Scope;
const gate = new Gate((message) => scope.postMessage(message));

/** Keeps what was sealed in blobs, which browsers put on disk when they grow. */
class BlobSink implements Sink {
  crc = 0;
  blob = new Blob([]);
  readonly #parts: Blob[] = [];
  #open: Bytes[] = [];
  #size = 0;

  write(piece: Bytes): void {
    this.crc = crc32(piece, this.crc);
    this.#open.push(piece);
    this.#size += piece.length;
    if (this.#size >= PART) this.#close();
  }

  finish(): void {
    this.#close();
    this.blob = new Blob(this.#parts);
  }

  async *read(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.blob.size; at += PIECE) {
      yield new Uint8Array(await this.blob.slice(at, at + PIECE).arrayBuffer());
    }
  }

  #close(): void {
    this.#parts.push(new Blob(this.#open));
    this.#open = [];
    this.#size = 0;
  }
}

scope.onmessage = ({ data }): void => {
  if (data.kind === "hold") gate.hold(data.isHeld);
  else if (data.kind === "seal") void run(data);
};

async function run({ order, files }: Extract<ToWorker, { kind: "seal" }>): Promise<void> {
  const sink = new BlobSink();
  try {
    const sealed = await seal(order, files, sink, gate);
    scope.postMessage({ kind: "sealed", sealed, blob: sink.blob, crc: sink.crc });
  } catch (error) {
    const code = error instanceof Invalid ? error.code : error instanceof DOMException ? error.name : "failed";
    scope.postMessage({ kind: "failed", code, about: String(error) });
  }
}
