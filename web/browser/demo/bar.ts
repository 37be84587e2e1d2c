/** Says to the bots that a person is here, and to the person which round is on; decides nothing. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { post } from "../app/api.ts";
import { store } from "../app/store.ts";
import { _ } from "../app/texts.ts";

interface Round {
  readonly project: string;
  readonly place: string;
  readonly title: string;
}

interface Told {
  readonly plays: boolean;
  readonly current: Round | null;
}

/** How often a page says that somebody is at it, ms. */
const BEAT = 15_000;
const SETTING = "demo-plays/";

/** `<kb-demo data-current data-place>`: the strip's moving part. */
export class DemoBar extends LitElement {
  #plays = true;
  #current: Round | undefined;
  #timer = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { current: project, place } = this.dataset;
    if (project !== undefined && place !== undefined) {
      this.#current = { project, place, title: "" };
    }
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.#timer);
  }

  protected override render(): TemplateResult {
    return html`<p class="demo-seat">
      ${this.#plays ? _("You play this role yourself; the bots wait for you.") : _("A bot plays this role; you look on.")}
      <button type="button" class="button button-quiet" @click=${() => void this.#turn()}>
        ${this.#plays ? _("Let a bot play") : _("Play it myself")}
      </button>
      ${this.#next()}
    </p>`;
  }

  /** The way to the round that is on, unless this page is about it. */
  #next(): TemplateResult | typeof nothing {
    const round = this.#current;
    if (round === undefined || location.pathname.includes(round.project)) return nothing;
    return html`<a href="/projects/${round.project}/hall/${round.place}">${_("To the round that is on")}</a>`;
  }

  get #setting(): string {
    return SETTING + (document.body.dataset["account"] ?? "");
  }

  async #begin(): Promise<void> {
    this.#plays = (await store("settings").get<boolean>(this.#setting)) ?? true;
    await this.#say();
    this.#timer = window.setInterval(() => void this.#say(), BEAT);
  }

  async #turn(): Promise<void> {
    this.#plays = !this.#plays;
    await store("settings").put(this.#setting, this.#plays);
    await this.#say();
  }

  async #say(): Promise<void> {
    try {
      const told = await post<Told>("/api/demo/here", { plays: this.#plays });
      this.#current = told.current ?? undefined;
    } catch {
      // the next beat tells it again; a page of the demo works without
    }
    this.requestUpdate();
  }
}
