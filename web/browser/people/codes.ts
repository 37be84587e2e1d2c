/** The unified social credit code 统一社会信用代码, checked as it is typed; GB 32100-2015. */

import { _ } from "../app/texts.ts";
import { all } from "./doing.ts";

const SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const LENGTH = 18;

export type Verdict = "short" | "long" | "sign" | "digit" | "good";

/** Say what is wrong with a code, if anything. */
export function judge(code: string): Verdict {
  if ([...code].some((sign) => !SIGNS.includes(sign))) return "sign";
  if (code.length !== LENGTH) return code.length < LENGTH ? "short" : "long";
  const form = /^[1-9A-HJ-NP-RTUW-Y][0-9A-HJ-NP-RTUW-Y][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$/u;
  if (!form.test(code)) return "sign";
  return checkDigit(code.slice(0, LENGTH - 1)) === code.at(-1) ? "good" : "digit";
}

/** Return the eighteenth character for the first seventeen: weights 3^i mod 31. */
export function checkDigit(first: string): string {
  let total = 0;
  let weight = 1;
  for (const sign of first) {
    total += SIGNS.indexOf(sign) * weight;
    weight = (weight * 3) % 31;
  }
  return SIGNS.charAt((31 - (total % 31)) % 31);
}

/** Tell at once how every `<input data-uscc>` of the page stands, where it holds such a code. */
export function codes(): void {
  for (const input of all<HTMLInputElement>("input[data-uscc]")) {
    const said = document.createElement("p");
    said.className = "hint uscc-said";
    said.setAttribute("role", "status");
    input.after(said);
    const kind = input.form?.querySelector<HTMLSelectElement>("select[name=kind]") ?? null;
    const show = (): void => {
      const isOther = kind !== null && kind.value !== "uscc";
      const code = input.value.trim().toUpperCase();
      const verdict = judge(code);
      said.dataset["verdict"] = isOther || code === "" ? "" : verdict;
      said.textContent = isOther || code === "" ? "" : words(verdict, code.length);
    };
    input.addEventListener("input", show);
    input.addEventListener("change", () => {
      if (kind === null || kind.value === "uscc") input.value = input.value.trim().toUpperCase();
      show();
    });
    kind?.addEventListener("change", show);
    show();
  }
}

function words(verdict: Verdict, length: number): string {
  switch (verdict) {
    case "short":
      return _("{n} of 18 characters", { n: length });
    case "long":
      return _("Too long: the code has 18 characters.");
    case "sign":
      return _("One of the characters does not occur in such a code; I, O, S, V and Z are never used.");
    case "digit":
      return _("✗ The last character does not fit the others: something is mistyped.");
    case "good":
      return _("✓ The check digit is right.");
  }
}
