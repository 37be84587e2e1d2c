/**
 * Files are read and hashed in a worker of their own, beside the one that encrypts: the hash of a
 * large file cannot be taken by more than one, and is half of the work. Here are both sides of the
 * line between the two; what crosses it is handed over, not copied.
 */

import { Meter, type Told } from "../crypto/meter.ts";
import type { PackageFile } from "../crypto/package.ts";
import type { NamedFile } from "./protocol.ts";

/** Bytes read at a time; the next piece is read while one is hashed. */
const PIECE = 8 << 20;
/** Pieces that may wait to be encrypted. */
const AHEAD = 2;

type ToReader = { readonly file: Blob } | { readonly taken: true };

type FromReader =
  | { readonly piece: ArrayBuffer }
  | { readonly told: Told }
  | { readonly failed: unknown };

/** The line as the worker has it that encrypts. */
export class Reader {
  readonly #port: MessagePort;
  #answers: FromReader[] = [];
  #wake: (() => void) | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<FromReader>): void => {
      this.#answers.push(data);
      this.#wake?.();
    };
  }

  /** Return a file as it goes into a package; one is read after the other. */
  file({ name, file }: NamedFile): PackageFile {
    return { name, size: file.size, open: () => this.#read(file) };
  }

  async *#read(file: Blob): AsyncGenerator<Uint8Array, Told> {
    this.#say({ file });
    for (;;) {
      const answer = await this.#next();
      if ("told" in answer) return answer.told;
      if ("failed" in answer) throw answer.failed;
      yield new Uint8Array(answer.piece);
      this.#say({ taken: true });
    }
  }

  async #next(): Promise<FromReader> {
    for (;;) {
      const answer = this.#answers.shift();
      if (answer !== undefined) return answer;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #say(message: ToReader): void {
    this.#port.postMessage(message);
  }
}

/** Read what is asked for over a line, until the worker ends. */
export function readFor(port: MessagePort): void {
  let waiting = 0;
  let wake: (() => void) | undefined;
  const room = async (): Promise<void> => {
    waiting += 1;
    while (waiting > AHEAD) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  port.onmessage = ({ data }: MessageEvent<ToReader>): void => {
    if ("file" in data) {
      read(data.file, port, room).catch((failed: unknown) => port.postMessage({ failed }));
    } else {
      waiting -= 1;
      wake?.();
    }
  };
}

async function read(file: Blob, port: MessagePort, room: () => Promise<void>): Promise<void> {
  const meter = new Meter();
  let next = pieceAt(file, 0);
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = await next;
    next = pieceAt(file, at + PIECE);
    // it may be the last one, or fail when nobody waits for it any longer
    next.catch(() => undefined);
    meter.update(new Uint8Array(piece));
    await room();
    port.postMessage({ piece } satisfies FromReader, [piece]);
  }
  port.postMessage({ told: meter.told() } satisfies FromReader);
}

function pieceAt(file: Blob, at: number): Promise<ArrayBuffer> {
  return file.slice(at, at + PIECE).arrayBuffer();
}
