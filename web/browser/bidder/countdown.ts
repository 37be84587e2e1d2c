/** How long until the deadline, by the service's clock, with warnings as it comes near. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { moment, span } from "../app/format.ts";
import { _ } from "../app/texts.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The warnings, the nearest first. */
const WARNINGS = [
  { within: 10 * MINUTE, kind: "problem-line" },
  { within: HOUR, kind: "note note-amber" },
  { within: 24 * HOUR, kind: "note" },
] as const;

/** `<kb-countdown data-until data-now>`: both ms UTC, `now` as the service had it in this page. */
export class Countdown extends LitElement {
  #timer = 0;
  #ahead = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    this.replaceChildren();
    super.connectedCallback();
    this.#ahead = Number(this.dataset["now"]) - performance.now();
    this.#timer = window.setInterval(() => this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.#timer);
  }

  protected override render(): TemplateResult {
    const until = Number(this.dataset["until"]);
    const left = until - (this.#ahead + performance.now());
    const warning = left > 0 ? WARNINGS.find(({ within }) => left <= within) : undefined;
    return html`<p class="countdown ${warning === undefined ? "" : "is-near"}">
        ${left > 0 ? html`${_("Time left")} <strong class="nums">${span(left)}</strong>` : html`<strong>${_("The deadline has passed")}</strong>`}
        <span class="sub nums">${moment(until)}</span>
      </p>
      <div aria-live="assertive">
        ${warning === undefined ? nothing : html`<p class=${warning.kind}>${inWords(warning.within)}</p>`}
      </div>`;
  }
}

function inWords(within: number): string {
  if (within <= 10 * MINUTE) {
    return _("Less than 10 minutes are left. What is not received whole by the deadline does not count.");
  }
  if (within <= HOUR) {
    return _("Less than an hour is left. Uploading a large file may take longer than you think.");
  }
  return _("Less than 24 hours are left.");
}
