/** Files that are no PDF: plain text as text, pictures as pictures; anything else is only named. */

import { request } from "../app/api.ts";

export type Kind = "pdf" | "png" | "jpeg" | "text" | "other";

export interface OpenedFile {
  readonly n: number;
  readonly path: string;
  readonly size: number;
  readonly kind: Kind;
}

export const MOST_TEXT = 1 << 20;
const MOST_PICTURE = 1 << 26;
const MOST_PIXELS = 1 << 24;

/** Read the beginning of a text, in the encodings that texts of the country have. */
export async function textOf(url: string, file: OpenedFile): Promise<string> {
  if (file.size === 0) return "";
  const answer = await request(url, { headers: { range: `bytes=0-${MOST_TEXT - 1}` } });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  for (const encoding of encodings(bytes)) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    } catch {
      // the next one
    }
  }
  return new TextDecoder().decode(bytes);
}

function encodings(bytes: Uint8Array): string[] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return ["utf-16le"];
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return ["utf-16be"];
  return ["utf-8", "gb18030"];
}

/** Read a picture onto a canvas; undefined where it is too large or none. */
export async function pictureOf(url: string, file: OpenedFile): Promise<HTMLCanvasElement | undefined> {
  if (file.size > MOST_PICTURE) return undefined;
  const answer = await request(url, {});
  const blob = new Blob([await answer.arrayBuffer()], { type: `image/${file.kind}` });
  const picture = await createImageBitmap(blob).catch(() => undefined);
  if (picture === undefined) return undefined;
  const { width, height } = picture;
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}
