/** Practice: what was sealed opens with the key that was made for it, and anything else is told. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { practise } from "../../web/browser/bidder/practice.ts";
import type { Sink, Watching } from "../../web/browser/bidder/seal.ts";
import type { Phase } from "../../web/browser/bidder/protocol.ts";
import { join, type Bytes } from "../../web/browser/crypto/bytes.ts";
import { metered } from "../../web/browser/crypto/meter.ts";
import type { PackageFile } from "../../web/browser/crypto/package.ts";
import type { Piece } from "../../web/browser/crypto/parts.ts";
import { patterned, rejectsWith, stream } from "./streams.ts";

const SIZE = 3_000_000;

/** Keeps what was sealed in memory; `readings` counts how often it was read. */
class Memory implements Sink {
  readings = 0;
  #pieces: Piece[] = [];

  write({ at, data }: Piece): void {
    this.#pieces.push({ at, data: data.slice() });
  }

  finish(): void {
    this.#pieces.sort((left, right) => left.at - right.at);
  }

  get content(): Bytes {
    return join(...this.#pieces.map(({ data }) => data));
  }

  read(): AsyncIterable<Uint8Array> {
    this.readings += 1;
    return stream(this.content, 700_000);
  }
}

/** Loses its last bytes when it is read for the second time. */
class Worn extends Memory {
  override read(): AsyncIterable<Uint8Array> {
    void super.read();
    const { content, readings } = this;
    return stream(readings === 1 ? content : content.subarray(0, content.length - 1), 700_000);
  }
}

class Watched implements Watching {
  readonly told: [Phase, number, number][] = [];

  progress(phase: Phase, done: number, total: number): void {
    this.told.push([phase, done, total]);
  }

  async free(): Promise<void> {
    // never held
  }
}

/** A file whose content is what `content` gives each time it is read. */
function file(name: string, content: () => AsyncIterable<Uint8Array>): PackageFile {
  return { name, size: SIZE, open: () => metered(content()) };
}

const same = file("投标函.pdf", () => patterned(SIZE, 300_000));

test("files are sealed, opened with the practice key and compared to their end", async () => {
  const [sink, watched] = [new Memory(), new Watched()];
  const { length, spent } = await practise([same], sink, watched);
  assert.ok(length > SIZE && spent > 0);
  assert.equal(sink.readings, 2);
  assert.deepEqual(
    [...new Set(watched.told.map(([phase]) => phase))],
    ["seal", "check", "compare"],
  );
  assert.deepEqual(watched.told.at(-1), ["compare", length, length]);
});

test("no two times are sealed alike, for each has a key of its own", async () => {
  const [one, other] = [new Memory(), new Memory()];
  await practise([same], one, new Watched());
  await practise([same], other, new Watched());
  assert.equal(one.content.length, other.content.length);
  assert.notDeepEqual(one.content.slice(0, 56), other.content.slice(0, 56));
});

test("a file that is another one when it is compared is told", async () => {
  let readings = 0;
  const changing = file("a.bin", async function* () {
    readings += 1;
    for await (const part of patterned(SIZE, 300_000)) {
      if (readings === 2) part.reverse();
      yield part;
    }
  });
  await rejectsWith("practice.differs", practise([changing], new Memory(), new Watched()));
  assert.equal(readings, 2);
});

test("a sealed file that lost its end since is not taken for whole", async () => {
  await assert.rejects(practise([same], new Worn(), new Watched()), { name: "Invalid" });
});
