/** The seats of a committee that is being named, and what the law asks of them; it decides nothing. */

import { html, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import type { Capacity } from "../committee/view.ts";
import { tag } from "../hall/pieces.ts";
import { field, select } from "./fields.ts";

/** A seat as it is sent. */
export interface SeatDraft {
  readonly seat: string;
  readonly place: string;
  readonly account: string;
  readonly capacity: Capacity;
}

interface Asked {
  readonly text: string;
  readonly isMet: boolean;
}

const LEAST = 5;
const NUMBER = /^[1-9]\d{0,2}$/u;

/** What the law asks, and whether it is so by now; the service judges. */
export function asked(seats: readonly SeatDraft[]): readonly Asked[] {
  const count = seats.length;
  const tenderers = seats.filter((one) => one.capacity === "tenderer").length;
  const most = Math.floor(count / 3);
  const numbers = new Set(seats.map((one) => one.seat));
  const areNumbered = numbers.size === count && seats.every((one) => NUMBER.test(one.seat));
  return [
    { text: _("At least {least} members: {count}", { least: LEAST, count }), isMet: count >= LEAST },
    { text: _("An odd number of members: {count}", { count }), isMet: count % 2 === 1 },
    {
      text: _("Tenderer's representatives: {tenderers}, at most a third: {most}", { tenderers, most }),
      isMet: tenderers <= most,
    },
    { text: _("Every seat has a number of its own, from 1 to 999"), isMet: count > 0 && areNumbered },
    {
      text: _("Every seat has its room"),
      isMet: count > 0 && seats.every((one) => one.place.trim() !== ""),
    },
  ];
}

/** Show what is asked. */
export function askedList(seats: readonly SeatDraft[]): TemplateResult {
  return html`<ul class="law" aria-live="polite" aria-label=${_("What the law asks")}>
    ${asked(seats).map(
      (one) =>
        html`<li>${tag(one.isMet ? _("met") : _("not met yet"), one.isMet ? "green" : "amber")} ${one.text}</li>`,
    )}
  </ul>`;
}

/** The next seat for somebody: its number follows, its room is that of the one before. */
export function seatFor(seats: readonly SeatDraft[], account: string): SeatDraft {
  const numbers = seats.map((one) => Number(one.seat)).filter((one) => Number.isInteger(one));
  const seat = String(Math.max(0, ...numbers) + 1);
  return { seat, place: seats.at(-1)?.place ?? "", account, capacity: "expert" };
}

/** The fields of one seat; who has it stands above them. */
export function seatFields(one: SeatDraft, put: (next: SeatDraft) => void): TemplateResult {
  return html`<div class="seat-fields">
    ${field({
      name: `seat-${one.account}`,
      label: _("Seat number"),
      value: one.seat,
      mode: "numeric",
      most: 3,
      changed: (seat) => put({ ...one, seat: seat.trim() }),
    })}
    ${placeAndCapacity(one, put)}
  </div>`;
}

/** Room and capacity: what a member who comes later is given too. */
export function placeAndCapacity(one: SeatDraft, put: (next: SeatDraft) => void): TemplateResult {
  return html`${field({
    name: `place-${one.account}`,
    label: _("Site and room"),
    value: one.place,
    most: 200,
    changed: (place) => put({ ...one, place }),
  })}
  ${select(
    `capacity-${one.account}`,
    _("Sits as"),
    one.capacity,
    [
      ["expert", _("capacity expert")],
      ["tenderer", _("capacity tenderer")],
    ],
    (capacity) => put({ ...one, capacity: capacity === "tenderer" ? "tenderer" : "expert" }),
  )}`;
}
