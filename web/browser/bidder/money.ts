/** Amounts as people type them, to minor units and back; no step goes through a fraction. */

/** The most an amount may be, in minor units: every reader of JSON keeps it whole. */
export const MOST = 2 ** 53 - 1;

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

/** Return an amount as it is typed into a field again: no separators, two decimals. */
export function typedOf(minor: number): string {
  const text = String(minor).padStart(3, "0");
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}
