/** The text of a log proof: where a leaf stands, its path, and the checkpoint that holds it. */

import { unbase64, type Bytes } from "./bytes.ts";
import { must } from "./invalid.ts";
import { parseDecimal, parseNote, type Note } from "./notes.ts";

const FIRST_LINE = "c2sp.org/tlog-proof@v1";

/** A proof as read; nothing in it is believed before it is checked. */
export interface TlogProof {
  /** Opaque bytes of the application, covered by no signature. */
  readonly extra: Bytes | undefined;
  readonly index: number;
  readonly path: readonly Bytes[];
  readonly note: Note;
}

/** Read a proof strictly. */
export function parseTlogProof(text: string): TlogProof {
  const cut = text.indexOf("\n\n");
  must(cut > 0, "proof.malformed");
  const [first, ...lines] = text.slice(0, cut).split("\n");
  must(first === FIRST_LINE, "proof.first_line");
  const extra = lines[0]?.startsWith("extra ") === true ? lines.shift()?.slice(6) : undefined;
  const index = lines.shift();
  must(index?.startsWith("index ") === true && lines.length <= 63, "proof.malformed");
  const path = lines.map(unbase64);
  must(
    path.every((hash) => hash.length === 32),
    "proof.hash_length",
  );
  return {
    extra: extra === undefined ? undefined : unbase64(extra),
    index: parseDecimal(index.slice(6)),
    path,
    note: parseNote(text.slice(cut + 2)),
  };
}
