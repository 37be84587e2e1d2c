/**
 * Amounts of money in Chinese capitals 大写, as contracts and bid forms write them.
 *
 * It must not judge which of two amounts counts; it writes one and compares.
 */

import { must } from "../crypto/invalid.ts";

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = [
  [1000, "仟"],
  [100, "佰"],
  [10, "拾"],
  [1, ""],
] as const;
const WAN = 10_000;
const YI = 100_000_000;

/**
 * Write an amount of renminbi, given in fen, in capitals.
 *
 * Source: 支付结算办法, appendix 1 (正确填写票据和结算凭证的基本规定), articles 1 to 3.
 */
export function chineseCapitals(minor: number): string {
  must(Number.isSafeInteger(minor) && minor >= 0, "capitals.range");
  const rest = minor % 100;
  const yuan = (minor - rest) / 100;
  const fen = rest % 10;
  const jiao = (rest - fen) / 10;
  let text = yuan > 0 || rest === 0 ? `${whole(yuan)}元` : "";
  if (jiao > 0) text += `${digit(jiao)}角`;
  else if (yuan > 0 && fen > 0) text += "零";
  return text + (fen > 0 ? `${digit(fen)}分` : "整");
}

/**
 * Tell whether what somebody wrote in capitals is this amount; spellings that banks accept alike
 * are alike.
 */
export function capitalsAgree(written: string, minor: number): boolean {
  return essence(written) === essence(chineseCapitals(minor));
}

function essence(text: string): string {
  return text
    .replace(/[圆圓]/gu, "元")
    .replaceAll("正", "整")
    .replaceAll("〇", "零")
    .replace(/\s/gu, "")
    .replace(/^人民币/u, "")
    .replace(/^[:：]+/u, "")
    .replace(/整$/u, "")
    .replaceAll("零", "");
}

function whole(number: number): string {
  if (number >= YI) return joined(number, YI, "亿");
  if (number >= WAN) return joined(number, WAN, "万");
  return belowWan(number);
}

function joined(number: number, unit: number, name: string): string {
  const low = number % unit;
  const text = whole((number - low) / unit) + name;
  if (low === 0) return text;
  return text + (low < unit / 10 ? "零" : "") + whole(low);
}

function belowWan(number: number): string {
  if (number === 0) return digit(0);
  let text = "";
  let hasGap = false;
  for (const [value, place] of PLACES) {
    const found = Math.floor(number / value) % 10;
    if (found > 0) {
      text += (hasGap ? "零" : "") + digit(found) + place;
      hasGap = false;
    } else {
      hasGap = text !== "";
    }
  }
  return text;
}

function digit(value: number): string {
  return DIGITS.charAt(value);
}
