/** The parts of a PDF file, asked of the service as its reader wants them, until they come. */

import type * as Pdfjs from "pdfjs-dist";
import { patiently, request, Unreachable } from "../app/api.ts";

/** As many bytes as the service decrypts at a time. */
export const PART_BYTES = 1 << 18;
/** How often a part is asked for whose answer began and broke off. */
const MOST_BROKEN = 3;

/** An answer began and did not end, again and again: what is kept of the file is damaged. */
export class Broken extends Error {
  constructor() {
    super("the answer broke off");
    this.name = "Broken";
  }
}

export interface Parts {
  /** What the reader asks. */
  readonly range: Pdfjs.PDFDataRangeTransport;
  /** Fails once a part cannot be had, with why: the reader would wait for it for ever. */
  readonly lost: Promise<never>;
}

/**
 * Read the beginning of a file, and stand ready for the rest.
 *
 * @param signal ends all asking.
 * @throws Problem the service refused.
 * @throws Unreachable no answer came for a minute.
 * @throws Broken
 */
export async function partsOf(library: typeof Pdfjs, url: string, signal: AbortSignal): Promise<Parts> {
  const first = await part(url, 0, PART_BYTES, signal);
  let lose: (error: unknown) => void = () => undefined;
  const lost = new Promise<never>((_resolve, reject) => (lose = reject));
  // whoever waits for a part hears of it; nobody may be waiting
  lost.catch(() => undefined);
  class Asked extends library.PDFDataRangeTransport {
    override requestDataRange(begin: number, end: number): void {
      part(url, begin, end, signal).then(({ bytes }) => {
        if (!signal.aborted) this.onDataRange(begin, bytes);
      }, lose);
    }
  }
  const isWhole = first.bytes.length >= first.size;
  return { range: new Asked(first.size, first.bytes, isWhole), lost };
}

interface Part {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many bytes the whole file has. */
  readonly size: number;
}

async function part(url: string, begin: number, end: number, signal: AbortSignal): Promise<Part> {
  const headers = { range: `bytes=${begin}-${end - 1}` };
  for (let broken = 0; broken < MOST_BROKEN; broken += 1) {
    const answer = await patiently(() => request(url, { headers, signal }), signal);
    const size = Number(answer.headers.get("content-range")?.split("/")[1]);
    if (answer.status !== 206 || !Number.isSafeInteger(size)) throw new Unreachable();
    const bytes = await answer.arrayBuffer().catch(() => undefined);
    if (bytes !== undefined) return { bytes: new Uint8Array(bytes), size };
  }
  throw new Broken();
}
