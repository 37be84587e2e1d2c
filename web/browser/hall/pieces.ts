/** Small pieces that several parts of the hall are made of. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Act } from "../app/act.ts";
import { iso, moment } from "../app/format.ts";
import type { Role } from "../app/signing.ts";
import type { Scene } from "./scene.ts";

export type Tone = "" | "blue" | "green" | "amber" | "red" | "grey";

/** A status, in words and a colour. */
export function tag(text: string, tone: Tone = ""): TemplateResult {
  return html`<span class="tag ${tone === "" ? "" : `tag-${tone}`}">${text}</span>`;
}

/** A moment with its zone. */
export function when(millis: number): TemplateResult {
  return html`<time datetime=${iso(millis)}>${moment(millis)}</time>`;
}

/** The beginning of a hash; all of it on asking. */
export function hash(text: string): TemplateResult {
  return html`<code class="hash" title=${text}>${text.slice(0, 12)}</code>`;
}

/** A card with a heading of its own. */
export function card(
  name: string,
  heading: unknown,
  body: unknown,
  extra: unknown = nothing,
): TemplateResult {
  return html`<section class="card ${name}" aria-labelledby="h-${name}">
    <div class="card-bar"><h2 id="h-${name}">${heading}</h2>${extra}</div>
    ${body}
  </section>`;
}

/** The entries of a map by a number in each; those without it come last. */
export function inOrder<T>(
  rows: Readonly<Record<string, T>> | undefined,
  by: (row: T) => number | undefined,
): [string, T][] {
  const end = Number.MAX_SAFE_INTEGER;
  return Object.entries(rows ?? {}).sort(([, a], [, b]) => (by(a) ?? end) - (by(b) ?? end));
}

/** A button for the one thing that is a seat's turn. */
export function turnButton(
  act: Act,
  name: string,
  label: string,
  doing: () => Promise<void>,
): TemplateResult {
  return html`<div class="desk-steps">
    <button
      class="button"
      type="button"
      data-step=${name}
      ?disabled=${act.isBusy()}
      @click=${act.on(name, doing)}
    >
      ${label}
    </button>
  </div>`;
}

/** Where signing needs this browser's key: how it stands, and what makes it ready. */
export function keyCard(scene: Scene, role: Role): TemplateResult | typeof nothing {
  // which key counts here is told with the project; the card notes its own change at once, so that
  // what stands there now is compared, and not what was set last
  if (scene.seat.about === undefined) return nothing;
  return html`<kb-signing-key
    data-project=${scene.project}
    data-role=${role}
    data-bound=${live(scene.seat.bound(role))}
    @rekeyed=${(event: CustomEvent<string>) => scene.seat.rekeyed(role, event.detail)}
  ></kb-signing-key>`;
}
