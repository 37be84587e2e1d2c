/**
 * A receipt that the Python code made, handed over by the test that runs this file; skipped
 * without one.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkReceipt } from "../../web/browser/crypto/receipts.ts";

interface Handed {
  readonly receipt: string;
  readonly log: string;
  readonly witness: string;
  readonly index: number;
  readonly cosigned_at: number;
}

const file = process.env["KAIBIAO_RECEIPT"];

test(
  "a receipt made in Python verifies here",
  { skip: file === undefined ? "none was handed over" : false },
  () => {
    const handed = JSON.parse(readFileSync(file ?? "", "utf8")) as Handed;
    const receipt = new TextEncoder().encode(handed.receipt);
    const checked = checkReceipt(receipt, handed.log, handed.witness);
    assert.deepEqual([checked.index, checked.cosignedAt], [handed.index, handed.cosigned_at]);
    assert.throws(() => checkReceipt(receipt, handed.log, handed.log), { code: "vkey.kind" });
  },
);
