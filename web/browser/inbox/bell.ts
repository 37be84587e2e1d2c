/** The bell in the head of a page: how much is unread, looked up now and then; it decides nothing. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { get } from "../app/api.ts";
import { _ } from "../app/texts.ts";

/** How often it looks, ms; a page in the background does not. */
const LOOK = 60_000;
const MOST = 99;

/** `<kb-bell>`: a link to the inbox with the number of unread entries. */
export class Bell extends LitElement {
  #unread = 0;
  #timer = 0;
  readonly #look = (): void => void this.#ask();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.replaceChildren();
    void this.#ask();
    this.#timer = window.setInterval(this.#look, LOOK);
    document.addEventListener("visibilitychange", this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#look);
  }

  protected override render(): TemplateResult {
    const count = this.#unread > MOST ? `${String(MOST)}+` : String(this.#unread);
    const name = this.#unread === 0 ? _("Inbox") : _("Inbox, {count} unread", { count: this.#unread });
    return html`<a class="bell" href="/inbox" aria-label=${name}>
      ${_("Inbox")}${this.#unread === 0 ? nothing : html` <span class="bell-count">${count}</span>`}
    </a>`;
  }

  async #ask(): Promise<void> {
    if (document.visibilityState !== "visible") return;
    try {
      this.#unread = (await get<{ unread: number }>("/api/inbox")).unread;
    } catch {
      // the line is away or the session ended; the page itself says so where it matters
      return;
    }
    this.requestUpdate();
  }
}
