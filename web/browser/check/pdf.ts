/**
 * Takes the receipt out of a printed one: the JSON file that is attached to the PDF. It reads the
 * few words of PDF that the service itself writes, and must not believe anything it finds.
 */

const LIMIT = 32 << 20;
const ATTACHED = /<<((?:(?!endobj)[\s\S])*?\/Type\s*\/EmbeddedFile(?:(?!endobj)[\s\S])*?)>>\s*stream\r?\n/gu;
const LENGTH = /\/Length\s+(\d{1,9})(?!\s+\d+\s+R)/u;

/** Tell whether a file is a PDF. */
export function isPdf(data: Uint8Array): boolean {
  return [..."%PDF-"].every((sign, at) => data[at] === sign.charCodeAt(0));
}

/** Return the first attached file that reads as JSON; undefined where there is none. */
export async function attachedJson(data: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  // one character a byte, so that places in the text are places in the file
  const text = new TextDecoder("windows-1252").decode(data);
  for (const found of text.matchAll(ATTACHED)) {
    const told = found[1] ?? "";
    const length = Number(LENGTH.exec(told)?.[1] ?? Number.NaN);
    const begin = found.index + found[0].length;
    if (!Number.isSafeInteger(length) || begin + length > data.length) continue;
    const stream = data.slice(begin, begin + length);
    const content = told.includes("/FlateDecode") ? await inflated(stream) : stream;
    const json = content === undefined ? undefined : jsonIn(content);
    if (json !== undefined) return json;
  }
  return undefined;
}

/** Inflate a stream; undefined where it is damaged, or grows beyond what a receipt can be. */
async function inflated(stream: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    const opened = new Blob([stream]).stream().pipeThrough(new DecompressionStream("deflate"));
    for await (const piece of opened) {
      size += piece.length;
      if (size > LIMIT) return undefined;
      pieces.push(piece);
    }
  } catch {
    return undefined;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function jsonIn(content: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}
