/** Moments, spans and amounts as people read them; it reads no clock. */

import { _ } from "./texts.ts";

const ZONE = "Asia/Shanghai";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const parts = new Intl.DateTimeFormat("sv-SE", {
  timeZone: ZONE,
  dateStyle: "short",
  timeStyle: "medium",
});

/** A moment to the second, with its zone. */
export function moment(millis: number): string {
  return `${parts.format(millis)} UTC+8`;
}

/** A moment as names of files carry it. */
export function named(millis: number): string {
  return parts.format(millis).replace(/[-:]/gu, "").replace(" ", "-");
}

/** The day of a moment. */
export function day(millis: number): string {
  return parts.format(millis).slice(0, 10);
}

/** The time of day of a moment, to the second. */
export function clock(millis: number): string {
  return parts.format(millis).slice(-8);
}

/** A moment as machines read it. */
export function iso(millis: number): string {
  return new Date(millis).toISOString();
}

/** Minor units with thousands separators and two decimals. */
export function amount(minor: number): string {
  const whole = String(Math.floor(minor / 100)).replace(/\B(?=(\d{3})+$)/gu, ",");
  return `${whole}.${String(minor % 100).padStart(2, "0")}`;
}

/** A span as hours, minutes and seconds, with days before them where there are any. */
export function span(millis: number): string {
  const left = Math.max(0, millis);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const clockPart = [left % DAY / HOUR, (left % HOUR) / MINUTE, (left % MINUTE) / SECOND];
  const text = clockPart.map(two).join(":");
  const days = Math.floor(left / DAY);
  return days > 0 ? `${_("days {n}", { n: days })} ${text}` : text;
}
