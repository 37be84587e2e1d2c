/** Does what a form or a button of the page asks for: busy meanwhile, what went wrong beside it. */

import { inWords } from "../app/ask.ts";
import { settle } from "../app/typed.ts";

const KEPT = "kaibiao-told";

/** Return every element that matches, as what it is. */
export function all<T extends HTMLElement>(selector: string): T[] {
  return [...document.querySelectorAll<T>(selector)];
}

/**
 * Run something for an element; true when it was done.
 *
 * @param at a form, whose buttons wait meanwhile, or a button.
 */
export async function during(at: HTMLElement, doing: () => Promise<void>): Promise<boolean> {
  const buttons = at instanceof HTMLButtonElement ? [at] : [...at.querySelectorAll("button")];
  if (buttons.some((one) => one.disabled)) return false;
  const place = at instanceof HTMLButtonElement ? (at.closest("form, td, li, .act") ?? at) : at;
  place.querySelector(":scope > .problem-line")?.remove();
  for (const one of buttons) one.disabled = true;
  at.setAttribute("aria-busy", "true");
  try {
    await doing();
    settle(true);
    return true;
  } catch (error) {
    settle(false);
    place.append(problem(inWords(error)));
    return false;
  } finally {
    for (const one of buttons) one.disabled = false;
    at.removeAttribute("aria-busy");
  }
}

/** Do something when a form is sent, in the place of sending it. */
export function onSubmit(form: HTMLFormElement, doing: (said: FormData) => Promise<void>): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void during(form, () => doing(new FormData(form)));
  });
}

/** Do something at a click. */
export function onClick(button: HTMLButtonElement, doing: () => Promise<void>): void {
  button.addEventListener("click", () => void during(button, doing));
}

/** Load the page again and say there what was done. */
export function reload(told: string): void {
  sessionStorage.setItem(KEPT, told);
  location.reload();
}

/** Say what was done before this page was loaded. */
export function sayWhatWasDone(): void {
  const told = sessionStorage.getItem(KEPT);
  if (told === null) return;
  sessionStorage.removeItem(KEPT);
  const note = document.createElement("p");
  note.className = "note";
  note.setAttribute("role", "status");
  note.textContent = told;
  document.querySelector("main")?.prepend(note);
}

/** Return a text of a form's field. */
export function text(said: FormData, name: string): string {
  const value = said.get(name);
  return typeof value === "string" ? value.trim() : "";
}

function problem(said: string): HTMLElement {
  const line = document.createElement("p");
  line.className = "problem-line";
  line.setAttribute("role", "alert");
  line.textContent = said;
  return line;
}
