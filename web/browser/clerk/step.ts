/** What every step of the clerk's pages has: the project as it stands, one act at a time, its words. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { command, get, type Done } from "../app/api.ts";
import { inWords, Said } from "../app/ask.ts";
import { account, ownKey, sign } from "../app/signing.ts";
import { store } from "../app/store.ts";
import { _ } from "../app/texts.ts";
import { dumps, type JsonObject } from "../crypto/canonical.ts";
import { keyId } from "../crypto/dsse.ts";
import { bound, type Project } from "./view.ts";

/** An element in the page's own tree, with `data-project`. */
export abstract class Step extends LitElement {
  protected readonly act = new Act(this);
  protected view: Project | undefined;
  #failed = "";
  #said = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#start();
  }

  protected get project(): string {
    return this.dataset["project"] ?? "";
  }

  /** What else is to be read before the first rendering; and again after each act. */
  protected async load(): Promise<void> {
    return Promise.resolve();
  }

  /** The step itself. */
  protected abstract shown(view: Project): TemplateResult;

  async #start(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.#failed = inWords(error);
      this.requestUpdate();
    }
  }

  /** Read the project again. */
  protected async refresh(): Promise<void> {
    this.view = await get<Project>(`/api/projects/${this.project}`);
    await this.load();
    this.requestUpdate();
  }

  /** Ask the project for something, and show what came of it. */
  protected async ask(body: JsonObject, said: string): Promise<Done> {
    const done = await command(this.project, body);
    await this.refresh();
    this.say(said);
    return done;
  }

  /** Say what was done, for everybody to see or hear. */
  protected say(said: string): void {
    this.#said = said;
    this.requestUpdate();
  }

  /**
   * Sign a message as the project's clerk.
   *
   * @throws Said another key of this person counts here; the box above the step says what to do.
   */
  protected async signed(message: string, payload: JsonObject): Promise<JsonObject> {
    const signer = await ownKey();
    // the key may have come to count since this page read the project
    const view = await get<Project>(`/api/projects/${this.project}`);
    const own = bound(view, "clerk").find((one) => one.account === account());
    if (signer === undefined || own?.keyid !== keyId(signer.spki)) {
      throw new Said(
        _(
          "This browser's key does not sign in this project yet; the box at the top of the page says what to do.",
        ),
      );
    }
    return sign(message, payload);
  }

  /** The project, once it is read. */
  protected known(): Project {
    if (this.view === undefined) throw new Error("the project is not read yet");
    return this.view;
  }

  protected override render(): TemplateResult {
    if (this.#failed !== "") return html`<p class="problem-line" role="alert">${this.#failed}</p>`;
    if (this.view === undefined) return html`<p class="quiet">${_("Reading the project …")}</p>`;
    return html`<p class="said ${this.#said === "" ? "is-empty" : ""}" role="status">
        ${this.#said}
      </p>
      ${this.shown(this.view)}`;
  }

  /** A button that does one thing at a time, with what went wrong beside it. */
  protected button(
    name: string,
    text: string,
    doing: () => Promise<unknown>,
    more: {
      readonly isQuiet?: boolean;
      readonly isGrave?: boolean;
      readonly isBlocked?: boolean;
      readonly about?: string;
    } = {},
  ): TemplateResult {
    const kind =
      more.isGrave === true ? "button-grave" : more.isQuiet === true ? "button-quiet" : "";
    return html`<button
        class="button ${kind}"
        type="button"
        ?disabled=${more.isBlocked === true || this.act.isBusy()}
        aria-label=${more.about === undefined ? nothing : `${text} ${more.about}`}
        @click=${this.act.on(name, doing)}
      >
        ${text}
      </button>
      ${this.act.problem(name)}`;
  }
}

/** A form that is kept in this browser until it is sent. */
export class Kept<T> {
  constructor(readonly key: string) {}

  /** Return what was written before, if anything. */
  async read(): Promise<T | undefined> {
    return store("settings").get<T>(this.#name());
  }

  /** Keep what is written. */
  async write(value: T): Promise<void> {
    await store("settings").put(this.#name(), value);
  }

  /** Drop it: it was sent. */
  async drop(): Promise<void> {
    await store("settings").delete(this.#name());
  }

  #name(): string {
    return `clerk/${account()}/${this.key}`;
  }
}

/** Return the bytes that a message's payload is signed as. */
export function payloadBytes(payload: JsonObject): Uint8Array<ArrayBuffer> {
  return dumps(payload);
}
