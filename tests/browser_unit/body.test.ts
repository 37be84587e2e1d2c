/** A sealed body that was tampered with does not open, and every defect has its name. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { join, type Bytes } from "../../web/browser/crypto/bytes.ts";
import { CHUNK, HEAD, TAG, openBody, sealBody } from "../../web/browser/crypto/cobblestone.ts";
import { BLOCK, framed, unframed } from "../../web/browser/crypto/frame.ts";
import { u64 } from "../../web/browser/crypto/hashing.ts";
import { Room, type Part } from "../../web/browser/crypto/parts.ts";
import { SLICE, SliceTree } from "../../web/browser/crypto/slicetree.ts";
import { collected, patterned, placed, rejectsWith, stream, whole } from "./streams.ts";

const cek = new Uint8Array(32).fill(7);
const salt = new Uint8Array(24).fill(9);
const context = new Uint8Array(32).fill(3);
const STEP = CHUNK + TAG;
const length = 3 * CHUNK + 5;
const sealed = await placed(sealBody(patterned(length, 1000), length, cek, salt, context));

function opened(data: Bytes, key = cek, bound = context): Promise<Bytes> {
  return collected(openBody(stream(data, 12_345), key, bound));
}

test("a body opens to what was sealed, however the stream is cut", async () => {
  assert.deepEqual(await opened(sealed), await collected(patterned(length, length)));
});

test("an empty body is one empty chunk", async () => {
  const nothing = stream(new Uint8Array(0), 1);
  const empty = await placed(sealBody(nothing, 0, cek, salt, context));
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
  const good = await whole(framed(patterned(70_000, 999), 70_000), 2 * BLOCK);
  assert.equal(good.length, 2 * BLOCK);
  const unframing = (data: Bytes): Promise<Bytes> => collected(unframed(stream(data, 3)));
  assert.deepEqual(await unframing(good), await collected(patterned(70_000, 70_000)));
  await rejectsWith("package.length", unframing(good.slice(0, BLOCK)));
  await rejectsWith("package.length", unframing(join(good, new Uint8Array(BLOCK))));
  await rejectsWith("package.length", unframing(join(u64(0), new Uint8Array(3))));
  const dirty = good.slice();
  dirty[dirty.length - 1] = 1;
  await rejectsWith("package.padding", unframing(dirty));
  await rejectsWith("package.length", whole(framed(patterned(10, 3), 11), BLOCK));
  await rejectsWith("package.length", whole(framed(patterned(10, 3), 9), BLOCK));
});

const LONG = 5 * SLICE + 4321;
const GAPS = [40, SLICE - 5, 3 * SLICE + 7];

/** A content with gaps of 30 bytes that are filled when it is over, the last one first. */
async function* gapped(content: Bytes): AsyncGenerator<Part> {
  const rooms: { room: Room; bytes: Bytes }[] = [];
  let at = 0;
  for (const gap of GAPS) {
    yield* stream(content.subarray(at, gap), 300_000);
    const room = new Room(30);
    rooms.unshift({ room, bytes: content.slice(gap, gap + 30) });
    yield room;
    at = gap + 30;
  }
  yield* stream(content.subarray(at), 300_000);
  yield* rooms;
}

test("a body whose gaps are filled late is the body that had none", async () => {
  const content = await collected(patterned(LONG, 65_536));
  const plain = await placed(sealBody(stream(content, 9999), LONG, cek, salt, context));
  const pieces = [];
  const places = [];
  for await (const piece of sealBody(gapped(content), LONG, cek, salt, context)) {
    pieces.push({ at: piece.at, data: piece.data.slice() });
    places.push(piece.at);
  }
  assert.notDeepEqual(places, places.toSorted((left, right) => left - right));
  assert.deepEqual(await placed(gone(pieces)), plain);
  assert.deepEqual(await opened(plain), content);
  const [late, inOrder] = [new SliceTree(), new SliceTree()];
  for (const { at, data } of pieces) await late.update(data, at);
  for await (const part of stream(plain, 77_777)) await inOrder.update(part);
  assert.deepEqual(await late.root(), await inOrder.root());
  assert.equal(late.size, plain.length);
});

test("room is filled once, with what it was left for, or nothing comes of it", async () => {
  const room = new Room(3);
  const filling = { room, bytes: new Uint8Array(3) };
  const made = (...parts: Part[]): Promise<Bytes> => whole(gone(parts), 3);
  assert.equal((await made(room, filling)).length, 3);
  await rejectsWith("package.length", made(room));
  await rejectsWith("package.room", made(room, { room, bytes: new Uint8Array(2) }));
  await rejectsWith("package.room", made(room, filling, filling));
  await rejectsWith("package.room", made(filling));
});

async function* gone<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
