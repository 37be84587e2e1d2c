/** A sealed body that was tampered with does not open, and every defect has its name. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { join, type Bytes } from "../../web/browser/crypto/bytes.ts";
import { CHUNK, HEAD, TAG, openBody, sealBody } from "../../web/browser/crypto/cobblestone.ts";
import { BLOCK, framed, unframed } from "../../web/browser/crypto/frame.ts";
import { u64 } from "../../web/browser/crypto/hashing.ts";
import { collected, patterned, rejectsWith, stream } from "./streams.ts";

const cek = new Uint8Array(32).fill(7);
const salt = new Uint8Array(24).fill(9);
const context = new Uint8Array(32).fill(3);
const STEP = CHUNK + TAG;
const length = 3 * CHUNK + 5;
const sealed = await collected(sealBody(patterned(length, 1000), cek, salt, context));

function opened(data: Bytes, key = cek, bound = context): Promise<Bytes> {
  return collected(openBody(stream(data, 12_345), key, bound));
}

test("a body opens to what was sealed, however the stream is cut", async () => {
  assert.deepEqual(await opened(sealed), await collected(patterned(length, length)));
});

test("an empty body is one empty chunk", async () => {
  const empty = await collected(sealBody(stream(new Uint8Array(0), 1), cek, salt, context));
  assert.equal(empty.length, HEAD + TAG);
  assert.equal((await opened(empty)).length, 0);
});

test("another key or another context fails at the commitment", async () => {
  await rejectsWith("body.commitment", opened(sealed, new Uint8Array(32)));
  await rejectsWith("body.commitment", opened(sealed, cek, new Uint8Array(32)));
});

for (const at of [0, 30, HEAD, HEAD + STEP, sealed.length - 1]) {
  test(`a bit flipped at ${at} is found`, async () => {
    const broken = sealed.slice();
    broken[at] = (broken[at] ?? 0) ^ 1;
    await rejectsWith(at < HEAD ? "body.commitment" : "body.tag", opened(broken));
  });
}

test("a body cut at any kind of place is found", async () => {
  await rejectsWith("body.shape", opened(sealed.slice(0, 20)));
  await rejectsWith("body.shape", opened(sealed.slice(0, HEAD)));
  await rejectsWith("body.shape", opened(sealed.slice(0, HEAD + 2 * STEP)));
  await rejectsWith("body.shape", opened(sealed.slice(0, HEAD + 2 * STEP + 3)));
  await rejectsWith("body.tag", opened(sealed.slice(0, HEAD + 2 * STEP + 100)));
});

test("chunks in another order are found", async () => {
  const chunk = (i: number): Bytes => sealed.slice(HEAD + i * STEP, HEAD + (i + 1) * STEP);
  await rejectsWith(
    "body.tag",
    opened(join(sealed.slice(0, HEAD), chunk(1), chunk(0), chunk(2), chunk(3))),
  );
});

test("a plaintext that is not framed exactly is refused", async () => {
  const good = await collected(framed(patterned(70_000, 999), 70_000));
  assert.equal(good.length, 2 * BLOCK);
  const unframing = (data: Bytes): Promise<Bytes> => collected(unframed(stream(data, 3)));
  assert.deepEqual(await unframing(good), await collected(patterned(70_000, 70_000)));
  await rejectsWith("package.length", unframing(good.slice(0, BLOCK)));
  await rejectsWith("package.length", unframing(join(good, new Uint8Array(BLOCK))));
  await rejectsWith("package.length", unframing(join(u64(0), new Uint8Array(3))));
  const dirty = good.slice();
  dirty[dirty.length - 1] = 1;
  await rejectsWith("package.padding", unframing(dirty));
  await rejectsWith("package.length", collected(framed(patterned(10, 3), 11)));
  await rejectsWith("package.length", collected(framed(patterned(10, 3), 9)));
});
