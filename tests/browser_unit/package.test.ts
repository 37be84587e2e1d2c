/** The package: its ZIP as another program reads it, its manifest, and the names it refuses. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { crc32 as known } from "node:zlib";
import { utf8, type Bytes } from "../../web/browser/crypto/bytes.ts";
import { loads, type JsonObject, type JsonValue } from "../../web/browser/crypto/canonical.ts";
import { crc32 } from "../../web/browser/crypto/crc32.ts";
import { metered } from "../../web/browser/crypto/meter.ts";
import { checkNames, planPackage } from "../../web/browser/crypto/package.ts";
import { writeZip, zipLength, type StoredEntry } from "../../web/browser/crypto/zip.ts";
import { collected, patterned, rejectsWith, stream, whole } from "./streams.ts";

const file = (name: string, size: number): StoredEntry => ({
  name,
  size,
  open: () => metered(patterned(size, 300)),
});

async function packed(files: readonly StoredEntry[], form: JsonValue): Promise<Bytes> {
  const plan = planPackage(files, form);
  return whole(plan.open(), plan.length);
}

/** The manifest of a package, which is its last entry. */
function manifestIn(zip: Bytes): JsonObject {
  const bytes = Buffer.from(zip);
  const [start, end] = [bytes.indexOf('{"files"'), bytes.indexOf("PK\u0001\u0002")];
  return loads(zip.slice(start, end)) as JsonObject;
}

test("the checksum is the known one, in one go and in parts", async () => {
  assert.equal(crc32(utf8("123456789")), 0xcbf43926);
  const data = await collected(patterned(1003, 1003));
  assert.equal(crc32(data), known(data));
  assert.equal(crc32(data.subarray(10), crc32(data.subarray(0, 10))), known(data));
});

test("a package has exactly the length that was told, and lists every other entry by its bytes", async () => {
  const files = [file("乙/投标 文件.pdf", 5000), file("a.txt", 0)];
  const zip = await packed(files, { price: 1 });
  const listed = manifestIn(zip)["files"] as JsonObject[];
  assert.deepEqual(
    listed.map(({ name }) => name),
    ["a.txt", "bid-form.json", "乙/投标 文件.pdf"],
  );
  const data = await collected(patterned(5000, 5000));
  const digest = createHash("sha256").update(data).digest("hex");
  assert.equal(listed[2]?.["sha256"], digest);
  assert.ok(Buffer.from(zip).includes(Buffer.from(data)));
  assert.deepEqual(zip, await packed(files, { price: 1 }));
});

test("a package without files still has its form", async () => {
  const listed = manifestIn(await packed([], {}))["files"] as JsonObject[];
  assert.deepEqual(
    listed.map(({ name, size }) => [name, size]),
    [["bid-form.json", 2]],
  );
});

test("a checksum stands before its entry and in the list at the end, though told last", async () => {
  const zip = Buffer.from(await packed([file("a", 700)], {}));
  const expected = Buffer.alloc(4);
  expected.writeUInt32LE(known(await collected(patterned(700, 700))));
  assert.deepEqual(zip.subarray(14, 18), expected);
  const central = zip.indexOf("PK\u0001\u0002");
  assert.deepEqual(zip.subarray(central + 16, central + 20), expected);
});

test("a file that is not as long as was told stops the package", async () => {
  for (const told of [99, 101]) {
    const changed = { ...file("a", 100), size: told };
    await rejectsWith("package.file_changed", packed([changed], {}));
  }
});

test("sizes and offsets past 4 GiB are told in ZIP64 fields", async () => {
  const size = 2 ** 32 + 5;
  const open = (): ReturnType<typeof metered> => metered(stream(new Uint8Array(0), 1));
  const large: StoredEntry = { name: "large", size, open };
  const after: StoredEntry = { name: "after", size: 0, open };
  const plain = zipLength([{ ...large, size: 0 }, after]);
  // 20 bytes in the local header, 20 and 12 in the two central records, 56 + 20 at the end.
  assert.equal(zipLength([large, after]), plain + size + 20 + 20 + 12 + 76);
  await rejectsWith("package.file_changed", whole(writeZip([large, after]), 1000));
});

for (const name of [
  "",
  "/a",
  "a/",
  "a//b",
  "../a",
  "a/../b",
  "./a",
  "a\\b",
  "C:a",
  "a\0b",
  "a\nb",
  "\ud800",
  "manifest.json",
  "bid-form.json",
]) {
  test(`the name ${JSON.stringify(name)} is refused`, () => {
    assert.throws(() => checkNames([name]), { name: "Invalid" });
  });
}

test("a name given twice is refused, an ordinary one is not", () => {
  checkNames(["投标 文件.pdf", "a/b.c", "..a", "附件: 1.pdf"]);
  assert.throws(() => checkNames(["a", "a"]), { code: "package.name_twice" });
});

test("the manifest is canonical", async () => {
  const zip = await packed([file("b", 3), file("a", 2)], { v: 1 });
  const listed = manifestIn(zip)["files"] as JsonObject[];
  assert.deepEqual(
    listed.map(({ name, size }) => [name, size]),
    [
      ["a", 2],
      ["b", 3],
      ["bid-form.json", 7],
    ],
  );
});
