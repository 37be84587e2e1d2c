/**
 * What people type into the clerk's forms, as the numbers of the record: minor units, milliseconds,
 * bytes. Whole numbers only; nothing here goes through a fraction.
 */

const ZONE_MS = 8 * 3_600_000;
const MOST = 2n ** 53n;
const MINUTE = 60_000;
const DAY = 86_400_000;
const MIB = 1 << 20;

/** Return an amount in minor units, such as 1234.5 or 1,234.50; undefined when it is none. */
export function minorUnits(text: string): number | undefined {
  const plain = text.trim().replace(/[,，\s]/gu, "");
  const found = /^(\d{1,14})(?:\.(\d{1,2}))?$/u.exec(plain);
  if (found === null) return undefined;
  const minor = BigInt(found[1] ?? "0") * 100n + BigInt((found[2] ?? "").padEnd(2, "0"));
  return minor < MOST ? Number(minor) : undefined;
}

/** Return minor units as they are typed. */
export function fromMinorUnits(minor: number): string {
  const value = BigInt(minor);
  const grouped = String(value / 100n).replace(/\B(?=(\d{3})+$)/gu, ",");
  return `${grouped}.${String(value % 100n).padStart(2, "0")}`;
}

/** Return a local time such as 2027-03-01T09:30 as ms UTC; undefined when there is no such time. */
export function fromLocal(text: string): number | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/u.exec(text.trim());
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const isReal = new Date(utc).getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  const moment = utc - ZONE_MS;
  return isReal && moment >= 0 ? moment : undefined;
}

/** Return a moment as a field for local times takes it. */
export function toLocal(moment: number): string {
  const text = new Date(moment + ZONE_MS).toISOString();
  return moment % MINUTE === 0 ? text.slice(0, 16) : text.slice(0, 19);
}

/** Return a whole number within bounds; undefined when it is none. */
export function whole(text: string, least: number, most: number): number | undefined {
  const plain = text.trim();
  if (!/^\d{1,15}$/u.test(plain)) return undefined;
  const value = Number(plain);
  return value >= least && value <= most ? value : undefined;
}

export const minutes = { unit: MINUTE, most: 60 * 24 * 7 } as const;
export const days = { unit: DAY, most: 365 } as const;
export const mebibytes = { unit: MIB, most: 4096 } as const;

/** Return a size as people say it. */
export function sizeText(octets: number): string {
  let value = octets;
  let unit = "B";
  for (const larger of ["KiB", "MiB", "GiB"]) {
    if (value < 10 * 1024) break;
    value = Math.floor(value / 1024);
    unit = larger;
  }
  return `${String(value).replace(/\B(?=(\d{3})+$)/gu, ",")} ${unit}`;
}
