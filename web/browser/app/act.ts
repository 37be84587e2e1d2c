/** Does one thing at a click: busy while it runs, and what went wrong stands beside it. */

import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import { inWords } from "./ask.ts";
import { settle } from "./typed.ts";

/**
 * Keeps what is being done in a Lit element, one thing at a time.
 *
 *     readonly #act = new Act(this);
 *     html`<button ?disabled=${this.#act.isBusy("end")} @click=${this.#act.on("end", () => this.end())}>…</button>
 *          ${this.#act.problem("end")}`
 */
export class Act implements ReactiveController {
  #busy: string | undefined;
  #failed: { name: string; text: string } | undefined;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#failed = undefined;
  }

  /** Tell whether anything, or the thing named, is under way. */
  isBusy(name?: string): boolean {
    return name === undefined ? this.#busy !== undefined : this.#busy === name;
  }

  /** Return a listener that does something, unless something else is being done. */
  on(name: string, doing: () => Promise<unknown>): () => void {
    return () => void this.run(name, doing);
  }

  /** Do something; true when it was done. */
  async run(name: string, doing: () => Promise<unknown>): Promise<boolean> {
    if (this.#busy !== undefined) return false;
    this.#busy = name;
    this.#failed = undefined;
    this.host.requestUpdate();
    try {
      await doing();
      settle(true);
      return true;
    } catch (error) {
      settle(false);
      this.#failed = { name, text: inWords(error) };
      return false;
    } finally {
      this.#busy = undefined;
      this.host.requestUpdate();
    }
  }

  /** Show why a thing was not done; with no name, whatever it was. */
  problem(name?: string): TemplateResult | typeof nothing {
    const failed = this.#failed;
    if (failed === undefined || (name !== undefined && failed.name !== name)) return nothing;
    return html`<p class="problem-line" role="alert">${failed.text}</p>`;
  }
}
