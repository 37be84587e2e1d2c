/** Amounts as people type them, to minor units; no step goes through a fraction. */

/** The most an amount may be, in minor units: every reader of JSON keeps it whole. */
const MOST = 2 ** 53 - 1;

/**
 * Return the minor units of a typed amount such as `1,234.5`, undefined when it is none.
 *
 * Full-width digits and separators, spaces and thousands separators in their places are taken.
 */
export function minorOf(typed: string): number | undefined {
  const text = typed
    .normalize("NFKC")
    .trim()
    .replace(/^[¥￥]\s*/u, "")
    .replace(/\s*元$/u, "");
  const found = /^(?<yuan>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?<rest>\d{1,2}))?$/u.exec(text);
  const yuan = found?.groups?.["yuan"];
  if (yuan === undefined) return undefined;
  const rest = (found?.groups?.["rest"] ?? "").padEnd(2, "0");
  const minor = BigInt(yuan.replaceAll(",", "") + rest);
  return minor > BigInt(MOST) ? undefined : Number(minor);
}
