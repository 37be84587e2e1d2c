/** A step that follows its project: what happens in the room makes it read the project again. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import { signedOut } from "../hall/banner.ts";
import { Connection, type LineState } from "../hall/connection.ts";
import type { Here } from "../hall/view.ts";
import { Step } from "./step.ts";

const GATHER_MS = 150;

/** A step with a line to the project's room. */
export abstract class LiveStep extends Step {
  #connection: Connection | undefined;
  #state: LineState = "connecting";
  #seen = -1;
  #gathering = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#connection = new Connection(this.project, ["hall", "clerk"], {
      changed: () => this.#changed(),
      state: (state) => {
        this.#state = state;
        this.requestUpdate();
      },
    });
    this.#connection.start();
  }

  override disconnectedCallback(): void {
    this.#connection?.stop();
    window.clearTimeout(this.#gathering);
    super.disconnectedCallback();
  }

  /** What the room shows the clerk besides. */
  protected get channel(): { readonly hall: Channel; readonly clerk: Channel } {
    const channels = this.#connection?.channels;
    return {
      hall: (channels?.view("hall") ?? {}) as Channel,
      clerk: (channels?.view("clerk") ?? {}) as Channel,
    };
  }

  /** Who is there now. */
  protected get here(): Here {
    return this.#connection?.here ?? {};
  }

  /** The service's time; undefined before it was heard of. */
  protected serverNow(): number | undefined {
    return this.#connection?.clock.at(performance.now());
  }

  #changed(): void {
    const channels = this.#connection?.channels;
    const seen = (channels?.n("hall") ?? 0) + (channels?.n("clerk") ?? 0);
    this.requestUpdate();
    if (seen === this.#seen || this.act.isBusy()) return;
    this.#seen = seen;
    window.clearTimeout(this.#gathering);
    this.#gathering = window.setTimeout(
      () =>
        void this.refresh().catch(() => {
          // the next sign of life from the room asks again
          this.#seen = -1;
        }),
      GATHER_MS,
    );
  }

  /** Whether the line is up, for everybody to see. */
  protected lineTag(): TemplateResult | typeof nothing {
    if (this.#state === "signed_out") return signedOut();
    const isUp = this.#state === "live" || this.#state === "polling";
    return html`<p class="line ${isUp ? "is-up" : ""}">
      <span class="line-dot" aria-hidden="true"></span>${isUp ? _("Live") : _("Connecting")}
    </p>`;
  }
}

export type Channel = Readonly<Record<string, unknown>>;
