/** A receipt is found in the PDF it is attached to, however its stream is kept; nothing else is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { attachedJson, isPdf } from "../../web/browser/check/pdf.ts";

const RECEIPT = JSON.stringify({ v: 1, entry: "回执".repeat(50), proof: "p" });

function pdf(head: string, stream: Uint8Array): Uint8Array<ArrayBuffer> {
  const font = "7 0 obj\n<</Length 3/Filter/FlateDecode>>\nstream\nabc\nendstream\nendobj\n";
  return new Uint8Array(
    Buffer.concat([
      Buffer.from(`%PDF-1.7\n${font}9 0 obj\n<<${head}>>\nstream\n`),
      stream,
      Buffer.from("\nendstream\nendobj\n"),
    ]),
  );
}

const plain = new TextEncoder().encode(RECEIPT);
const packed = deflateSync(plain);

test("an attached file is found as it is and deflated", async () => {
  const params = `/Params<</Size ${plain.length}>>`;
  const kept = pdf(`/Length ${plain.length}/Type/EmbeddedFile${params}`, plain);
  assert.equal(await attachedJson(kept), RECEIPT);
  const head = `/Type /EmbeddedFile /Length ${packed.length} /Filter /FlateDecode ${params}`;
  assert.equal(await attachedJson(pdf(head, packed)), RECEIPT);
});

test("what is no attached JSON is not taken for a receipt", async () => {
  const text = new TextEncoder().encode("{no json");
  for (const file of [
    pdf(`/Length ${plain.length}/Type/XObject`, plain),
    pdf(`/Length ${text.length}/Type/EmbeddedFile`, text),
    pdf(`/Length ${packed.length}/Type/EmbeddedFile/Filter/FlateDecode`, packed.map((byte) => byte ^ 1)),
    pdf("/Length 99999999/Type/EmbeddedFile", plain),
    pdf("/Length 12 0 R/Type/EmbeddedFile", plain),
  ]) {
    assert.equal(await attachedJson(file), undefined);
  }
});

test("a PDF is known by its beginning", () => {
  assert.equal(isPdf(new TextEncoder().encode("%PDF-1.7")), true);
  assert.equal(isPdf(plain), false);
  assert.equal(isPdf(new Uint8Array(0)), false);
});
