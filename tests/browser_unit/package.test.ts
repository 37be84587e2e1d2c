/** The package: its ZIP as another program reads it, its manifest, and the names it refuses. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { crc32 as known } from "node:zlib";
import { utf8 } from "../../web/browser/crypto/bytes.ts";
import { loads, type JsonObject } from "../../web/browser/crypto/canonical.ts";
import { crc32 } from "../../web/browser/crypto/crc32.ts";
import { checkNames, planPackage } from "../../web/browser/crypto/package.ts";
import { writeZip, zipLength, type StoredEntry } from "../../web/browser/crypto/zip.ts";
import { collected, patterned, rejectsWith, stream } from "./streams.ts";

const file = (name: string, length: number) => ({ name, open: () => patterned(length, 300) });

test("the checksum is the known one, in one go and in parts", async () => {
  assert.equal(crc32(utf8("123456789")), 0xcbf43926);
  const data = await collected(patterned(1003, 1003));
  assert.equal(crc32(data), known(data));
  assert.equal(crc32(data.subarray(10), crc32(data.subarray(0, 10))), known(data));
});

test("a package has exactly the length that was told, and lists every other entry by its bytes", async () => {
  const plan = await planPackage([file("乙/投标 文件.pdf", 5000), file("a.txt", 0)], { price: 1 });
  const zip = await collected(plan.open());
  assert.equal(zip.length, plan.length);
  assert.deepEqual(
    plan.files.map(({ name }) => name),
    ["a.txt", "bid-form.json", "乙/投标 文件.pdf"],
  );
  const data = await collected(patterned(5000, 5000));
  const digest = createHash("sha256").update(data).digest("hex");
  assert.equal(plan.files[2]?.sha256, digest);
  assert.deepEqual(zip, await collected(plan.open()));
});

test("a package without files still has its form", async () => {
  const plan = await planPackage([], {});
  assert.deepEqual(
    plan.files.map(({ name, size }) => [name, size]),
    [["bid-form.json", 2]],
  );
});

test("a file that changes between its two readings stops the package", async () => {
  let reading = 0;
  const changing = { name: "a", open: () => stream(utf8(`reading ${(reading += 1)}`), 100) };
  const plan = await planPackage([changing], {});
  await rejectsWith("package.file_changed", collected(plan.open()));
});

test("sizes and offsets past 4 GiB are told in ZIP64 fields", async () => {
  const size = 2 ** 32 + 5;
  const empty = { size: 0, crc: 0, open: () => stream(new Uint8Array(0), 1) };
  const large: StoredEntry = { ...empty, name: "large", size };
  const after: StoredEntry = { ...empty, name: "after" };
  const plain = zipLength([{ ...large, size: 0 }, after]);
  // 20 bytes in the local header, 20 and 12 in the two central records, 56 + 20 at the end.
  assert.equal(zipLength([large, after]), plain + size + 20 + 20 + 12 + 76);
  await rejectsWith("package.file_changed", collected(writeZip([large, after])));
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
  const plan = await planPackage([file("b", 3), file("a", 2)], { v: 1 });
  const zip = await collected(plan.open());
  const bytes = Buffer.from(zip);
  const [start, end] = [bytes.indexOf('{"files"'), bytes.indexOf("PK\u0001\u0002")];
  const manifest = loads(zip.slice(start, end)) as JsonObject;
  assert.deepEqual(manifest["files"], plan.files);
});
