/** Marks what was found on a page; it must not touch anything but the pieces of its text. */

/** Mark the pieces that hold the words, and bring the first into sight. */
export function find(pieces: readonly HTMLElement[], folded: string): void {
  const text = pieces.map((piece) => piece.textContent.toLowerCase());
  const whole = text.join("");
  const hits = new Set<HTMLElement>();
  for (let at = whole.indexOf(folded); at >= 0; at = whole.indexOf(folded, at + 1)) {
    let begin = 0;
    for (const [index, piece] of pieces.entries()) {
      const end = begin + (text[index]?.length ?? 0);
      if (begin < at + folded.length && at < end) hits.add(piece);
      begin = end;
    }
  }
  for (const piece of hits) piece.classList.add("is-found");
  [...hits][0]?.scrollIntoView({ block: "center" });
}
