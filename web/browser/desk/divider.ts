/** The bar between the files and the work: moved by pointer or by keys, kept in this browser. */

import { html, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";

const NAME = "kaibiao-desk-split";
const [LEAST, MOST, USUAL, STEP] = [25, 75, 55, 5];

let split = Math.min(MOST, Math.max(LEAST, Number(localStorage.getItem(NAME) ?? USUAL) || USUAL));

/** The bar; what moves is the room around it. */
export function divider(again: () => void): TemplateResult {
  const move = (event: Event, to: number): void => {
    split = Math.round(Math.min(MOST, Math.max(LEAST, to)));
    localStorage.setItem(NAME, String(split));
    apply(event.currentTarget as Element);
    again();
  };
  const drag = (event: PointerEvent): void => {
    const bar = event.currentTarget as Element;
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const room = bar.closest(".desk-room")?.getBoundingClientRect();
    if (room !== undefined) move(event, ((event.clientX - room.left) / room.width) * 100);
  };
  const key = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: split - STEP, ArrowRight: split + STEP, Home: LEAST, End: MOST }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(event, to);
  };
  return html`<div class="desk-divider" role="separator" tabindex="0" aria-orientation="vertical"
    aria-label=${_("Width of the files")} aria-valuemin=${LEAST} aria-valuemax=${MOST} aria-valuenow=${split}
    @keydown=${key} @pointermove=${drag}
    @pointerdown=${(event: PointerEvent): void => (event.currentTarget as Element).setPointerCapture(event.pointerId)}></div>`;
}

/** Give the room its shares. */
export function apply(inside: Element): void {
  inside.closest<HTMLElement>(".desk-room")?.style.setProperty("--desk-split", `${split}%`);
}
