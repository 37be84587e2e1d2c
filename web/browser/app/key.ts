/** Shows how this browser's signing key stands, and makes or registers it at a click. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { keyId } from "../crypto/dsse.ts";
import { Act } from "./act.ts";
import { inWords } from "./ask.ts";
import { account, keyState, makeKey, ownKey, useKeyIn, type KeyState, type Role } from "./signing.ts";
import { _ } from "./texts.ts";

/**
 * `<kb-signing-key data-project data-role data-bound>`; the last three where a project is meant:
 * `data-bound` is the id of the key that counts there now. Fires `ready` once this browser can sign,
 * and `rekeyed`, with the id, when its key came to count in the project.
 */
export class SigningKey extends LitElement {
  static override properties = { bound: { attribute: "data-bound" } };
  /** As the page has it now: another device or a deputy may have changed it since. */
  declare bound: string | undefined;
  readonly #act = new Act(this);
  #state: KeyState | "loading" | "failed" = "loading";
  #keyid = "";
  #failure = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.refresh();
  }

  /** Look again. */
  async refresh(): Promise<void> {
    try {
      this.#state = await keyState();
      const signer = await ownKey();
      this.#keyid = signer === undefined ? "" : keyId(signer.spki);
      if (this.isUsable) this.dispatchEvent(new Event("ready", { bubbles: true }));
    } catch (error) {
      this.#state = "failed";
      this.#failure = inWords(error);
    }
    this.requestUpdate();
  }

  /** Whether this browser can sign, in the project too where one is meant. */
  get isUsable(): boolean {
    return this.#state === "ready" && !this.#isOther();
  }

  #isOther(): boolean {
    const bound = this.bound ?? "";
    return bound !== "" && bound !== this.#keyid;
  }

  protected override render(): TemplateResult {
    return html`<div class="key-state">${this.#shown()} ${this.#act.problem()}</div>`;
  }

  #shown(): TemplateResult {
    switch (this.#state) {
      case "loading":
        return html`<p class="quiet">${_("Looking for this browser's signing key …")}</p>`;
      case "failed":
        return html`<p class="problem-line" role="alert">${this.#failure}</p>`;
      case "none":
        return this.#offer(
          _("This browser has no signing key yet. What you do here is signed with a key that is made in this browser and never leaves it."),
          _("Make this browser's signing key"),
        );
      case "unregistered":
        return this.#offer(
          _("This browser's signing key is made, but the service does not know it yet."),
          _("Register the key"),
        );
      case "revoked":
        return this.#offer(
          _("This browser's signing key was struck out. What it signed before stands; make a new one to go on."),
          _("Make a new signing key"),
        );
      case "ready":
        return this.#ready();
    }
  }

  #ready(): TemplateResult {
    const named = html`<p class="key-named">
      <span class="tag tag-green">${_("This browser can sign")}</span>
      <span class="sub mono">${this.#keyid.slice(0, 16)}</span>
    </p>`;
    if (!this.#isOther()) return named;
    return html`${named}
      <p class="prose">${_("In this project another key of yours counts. From the next thing you sign on, this browser's key can count instead; it is entered in the record.")}</p>
      ${this.#button(_("Sign with this browser's key in this project"), () => this.#useHere())}`;
  }

  #offer(text: string, action: string): TemplateResult {
    return html`<p class="prose">${text}</p>
      ${this.#button(action, () => this.#make())}`;
  }

  #button(action: string, doing: () => Promise<void>): TemplateResult | typeof nothing {
    return html`<button
      class="button"
      type="button"
      ?disabled=${this.#act.isBusy()}
      @click=${this.#act.on("key", doing)}
    >
      ${action}
    </button>`;
  }

  async #make(): Promise<void> {
    await makeKey(account());
    await this.refresh();
  }

  async #useHere(): Promise<void> {
    const { project = "", role = "" } = this.dataset;
    await useKeyIn(project, role as Role, this.bound ?? "", _("Another device of the same person"));
    this.dataset["bound"] = this.#keyid;
    // whoever gives `data-bound` has to know before it gives it again
    this.dispatchEvent(new CustomEvent("rekeyed", { bubbles: true, detail: this.#keyid }));
    await this.refresh();
  }
}
