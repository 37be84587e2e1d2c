/**
 * What is being typed, kept in this tab until it was sent: a reload or a refusal loses nothing.
 *
 * It must not be used for what opens anything: no password, no secret, no word that confirms.
 */

const BEGINS = "kaibiao-typed";

/** Names whose text was handed to something that is under way. */
const handed = new Set<string>();

/** Return what was typed under a name on this page, and not sent yet. */
export function typed(name: string): string {
  return sessionStorage.getItem(full(name)) ?? "";
}

/** Keep what is typed. */
export function keepTyped(name: string, text: string): void {
  if (text === "") sessionStorage.removeItem(full(name));
  else sessionStorage.setItem(full(name), text);
}

/** Note that a text was handed on: it is dropped once that is done, and kept where it fails. */
export function handOn(name: string): void {
  handed.add(full(name));
}

/** Drop what was handed on, or forget that it was where it came to nothing. */
export function settle(isDone: boolean): void {
  if (isDone) for (const name of handed) sessionStorage.removeItem(name);
  handed.clear();
}

function full(name: string): string {
  return `${BEGINS}/${location.pathname}/${name}`;
}
