/** How long is left for something, by the service's clock as the room tells it; once a second. */

import { html, LitElement, type TemplateResult } from "lit";
import { span } from "../app/format.ts";
import { _ } from "../app/texts.ts";

/** `<kb-remaining .due .now>`: ms UTC, and what tells the service's time; light DOM. */
export class Remaining extends LitElement {
  static override readonly properties = { due: { attribute: false }, now: { attribute: false } };
  declare due: number;
  declare now: () => number | undefined;
  #timer = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = window.setInterval(() => this.requestUpdate(), 1_000);
  }

  override disconnectedCallback(): void {
    window.clearInterval(this.#timer);
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const now = this.now();
    if (now === undefined) return html``;
    const left = this.due - now;
    return html`<span class="nums">${left > 0 ? `${_("Time left")} ${span(left)}` : _("time over")}</span>`;
  }
}
