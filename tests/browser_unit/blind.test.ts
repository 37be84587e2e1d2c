import assert from "node:assert/strict";
import { test } from "node:test";
import { LEAST_FILLER, lookAtBlind, mostFiller, withFiller } from "../../web/browser/bidder/blind.ts";
import { atTop } from "../../web/browser/bidder/files.ts";
import type { NamedFile } from "../../web/browser/bidder/protocol.ts";
import type { PackageFile } from "../../web/browser/crypto/package.ts";

const NAME = "甲建设有限公司";

function file(name: string, content: string | Uint8Array<ArrayBuffer>): NamedFile {
  return { name, file: new File([content], name) };
}

test("a blind part is packed with random bytes of a length nobody knows", () => {
  const none = (): never => assert.fail("not read");
  const one: PackageFile = { name: "blind/1.txt", size: 10, open: none };
  const sizes = new Set(Array.from({ length: 8 }, () => withFiller([one]).at(-1)?.size ?? 0));
  assert.ok(sizes.size > 1);
  for (const size of sizes) assert.ok(size >= LEAST_FILLER && size <= mostFiller([file("blind/1.txt", "0123456789")]));
  assert.equal(withFiller([one]).at(-1)?.name, "blind/filler");
  assert.equal(withFiller([{ ...one, name: "a.txt" }]).length, 1);
  assert.throws(() => withFiller([{ ...one, name: "blind/filler" }]));
});

test("what gives a bidder away in its blind part is found, and what nobody will see", async () => {
  const wide = [...NAME].map((one) => one.charCodeAt(0).toString(16).padStart(4, "0")).join("");
  const files = [
    file("blind/1.txt", NAME),
    file("blind/2.pdf", `%PDF-1.7 << /Author (x) /Y <${wide}> >>`),
    file("blind/方案.pdf", ""),
    file("Blind/1.pdf", ""),
    file("a/blind/1.pdf", ""),
    file("a.pdf", NAME),
  ];
  const found = await lookAtBlind(files, [NAME, ""], true);
  assert.deepEqual(
    found.map(({ kind, name }) => `${kind} ${name}`).sort(),
    ["carries_name blind/1.txt", "carries_name blind/2.pdf", "metadata blind/2.pdf", "misplaced Blind/1.pdf", "misplaced a/blind/1.pdf", "name blind/方案.pdf"],
  );
});

test("a folder given whole that has a blind part in it is the bid itself", () => {
  const names = (...given: string[]): string[] => atTop(given.map((one) => file(one, ""))).map(({ name }) => name);
  assert.deepEqual(names("投标/blind/1.pdf", "投标/a/b.pdf", "c.pdf"), ["blind/1.pdf", "a/b.pdf", "c.pdf"]);
  assert.deepEqual(names("blind/1.pdf", "投标/a.pdf"), ["blind/1.pdf", "投标/a.pdf"]);
  assert.deepEqual(names("甲/blind/1.pdf", "乙/blind/1.pdf"), ["甲/blind/1.pdf", "乙/blind/1.pdf"]);
  assert.deepEqual(names("甲/blind"), ["甲/blind"]);
});

test("a section with blind items misses a blind part, any other does not", async () => {
  assert.deepEqual((await lookAtBlind([file("a.pdf", "")], [], true)).map(({ kind }) => kind), ["missing"]);
  assert.deepEqual(await lookAtBlind([file("a.pdf", "")], [], false), []);
});
