/** What every word of a bidder to the committee begins with: what it is about, and a key that can sign. */

import { html, LitElement, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";

/** An element whose attributes say what it is about; light DOM. */
export abstract class Piece extends LitElement {
  protected readonly act = new Act(this);
  protected canSign = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected of(name: string): string {
    return this.dataset[name] ?? "";
  }

  /** The bidder's key in this browser; `canSign` once it counts. */
  protected signingKey(): TemplateResult {
    return html`<kb-signing-key
      data-project=${this.of("project")}
      data-role="bidder"
      data-bound=${this.of("bound")}
      @ready=${this.#keyed}
      @rekeyed=${this.#rekeyed}
    ></kb-signing-key>`;
  }

  readonly #keyed = (): void => {
    this.canSign = true;
    this.requestUpdate();
  };

  readonly #rekeyed = (event: Event): void => {
    this.dataset["bound"] = (event as CustomEvent<string>).detail;
    this.#keyed();
  };
}
