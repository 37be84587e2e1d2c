/** The unified social credit code as it is typed: what is wrong with it is told at once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDigit, judge } from "../../web/browser/people/codes.ts";

const GOOD = ["91350100M000100Y43", "91110000802100433B", "91440300708461136T", "9144030071526726XG"];
const SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

test("codes of real registers are good", () => {
  for (const code of GOOD) assert.equal(judge(code), "good");
});

test("every other last character is refused", () => {
  for (const code of GOOD) {
    const right = code.at(-1);
    const others = [...SIGNS].filter((sign) => sign !== right && /[0-9A-HJ-NP-RTUW-Y]/u.test(sign));
    for (const sign of others) assert.equal(judge(code.slice(0, -1) + sign), "digit", code + sign);
  }
});

test("one mistyped digit in the middle is found", () => {
  for (const code of GOOD) {
    for (let place = 2; place < 8; place += 1) {
      const other = (Number(code[place]) + 1) % 10;
      assert.equal(judge(code.slice(0, place) + String(other) + code.slice(place + 1)), "digit");
    }
  }
});

test("what is too short, too long or no sign of a code is told as that", () => {
  const [code = ""] = GOOD;
  assert.equal(judge(""), "short");
  assert.equal(judge(code.slice(0, 17)), "short");
  assert.equal(judge(code + "1"), "long");
  assert.equal(judge(code.replace("M", "I")), "sign");
  assert.equal(judge(code.toLowerCase()), "sign");
  assert.equal(judge("9A" + code.slice(2, 4) + "X" + code.slice(5)), "sign");
});

test("the check digit is the one of GB 32100-2015", () => {
  for (const code of GOOD) assert.equal(checkDigit(code.slice(0, 17)), code.at(-1));
});
