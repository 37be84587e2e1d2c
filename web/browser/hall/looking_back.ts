/** The bar by which a supervisor goes back to any moment of a session, and to now again. */

import { html, type TemplateResult } from "lit";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Replay } from "./replay.ts";

/** What the bar does. */
export interface Goes {
  /** Show the hall after so many frames. */
  to(n: number): void;
  /** Show the hall as it is. */
  live(): void;
}

/** Show the bar at a moment. */
export function lookingBack(replay: Replay, n: number, goes: Goes): TemplateResult {
  const slide = (event: Event): void => goes.to(Number((event.currentTarget as HTMLInputElement).value));
  const at = moment(replay.time(n));
  return html`<section class="replay" aria-label=${_("Replay")}>
    <p class="replay-say" role="status">${_("You look at {at}. This is not now.", { at })}</p>
    <div class="replay-bar">
      <button class="button button-quiet" type="button" ?disabled=${n <= 1} @click=${(): void => goes.to(n - 1)}>
        ${_("Step back")}
      </button>
      <label class="unseen" for="replay-at">${_("Moment")}</label>
      <input
        id="replay-at"
        type="range"
        min="1"
        max=${replay.length}
        .value=${String(n)}
        aria-valuetext=${at}
        @input=${slide}
      />
      <button
        class="button button-quiet"
        type="button"
        ?disabled=${n >= replay.length}
        @click=${(): void => goes.to(n + 1)}
      >
        ${_("Step on")}
      </button>
      <span class="nums sub">${_("{n} of {all}", { n, all: replay.length })}</span>
      <button class="button" type="button" data-step="live" @click=${(): void => goes.live()}>${_("Back to now")}</button>
    </div>
  </section>`;
}
