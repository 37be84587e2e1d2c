/** The custodian's kit on the page: made, saved, opened again; its secrets are in the worker alone. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { confirmTyped } from "../app/ask.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { KitUse } from "./kit_use.ts";
import { told } from "./words.ts";

type State = "loading" | "none" | "making" | "saving" | "file" | "locked" | "open";

const SHORTEST = 8;

/** `<kb-kit .use>`; light DOM. */
export class KitCard extends LitElement {
  use: KitUse | undefined;
  readonly #act = new Act(this);
  #state: State = "loading";
  #isSaved = false;
  #problem = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#act.run("look", () => this.#look());
  }

  async #look(): Promise<void> {
    await this.#use().look();
    this.#become(this.#use().copy === undefined ? "none" : "locked");
  }

  protected override render(): TemplateResult {
    return html`<section class="card kit" aria-labelledby="kit-title">
      <div class="card-head"><h2 id="kit-title">${_("Your kit")}</h2>${this.#tag()}</div>
      ${this.#body()} ${this.#problem === "" ? nothing : this.#told()} ${this.#act.problem()}
    </section>`;
  }

  #tag(): TemplateResult | typeof nothing {
    if (this.#state === "open") return html`<span class="tag tag-green">${_("Kit open")}</span>`;
    if (this.#state === "locked") return html`<span class="tag tag-amber">${_("Kit closed")}</span>`;
    return this.#state === "none" ? html`<span class="tag">${_("No kit here")}</span>` : nothing;
  }

  #body(): TemplateResult | typeof nothing {
    switch (this.#state) {
      case "loading":
        return html`<p class="quiet">${_("Loading …")}</p>`;
      case "none":
        return this.#none();
      case "making":
        return this.#making();
      case "saving":
        return this.#saving();
      case "file":
        return this.#fromFile();
      case "locked":
        return this.#locked();
      case "open":
        return this.#open();
    }
  }

  #none(): TemplateResult {
    return html`<p class="kit-text">
        ${_("A kit is one file under a passphrase. It holds the secret from which your shares of every key are computed, and your signing key. Whoever has the file and the passphrase can act as you; without it your share is lost.")}
      </p>
      <div class="kit-actions">
        ${this.#button(_("Make a kit"), () => this.#become("making"))}
        ${this.#button(_("Open a kit from its file"), () => this.#become("file"), true)}
      </div>`;
  }

  #making(): TemplateResult {
    return html`<form class="form" @submit=${this.#submitted("make", (form) => this.#make(form))}>
      <p class="kit-text">
        ${_("Choose a passphrase that nobody guesses: four or five words drawn by chance, or twelve characters. It is not kept anywhere and cannot be replaced.")}
      </p>
      ${this.#passphrase("kit-new", "passphrase", _("Passphrase"), "new-password")}
      ${this.#passphrase("kit-again", "again", _("The same passphrase again"), "new-password")}
      ${this.#deviceField()} ${this.#submit(_("Make the kit"), _("Making the kit …"))}
      ${this.#back()}
    </form>`;
  }

  #saving(): TemplateResult {
    return html`<ol class="kit-steps">
        <li>
          <p class="kit-text">
            ${_("Save the file, and put a copy where fire and theft of this device do not reach it: a stick in a safe, for instance.")}
          </p>
          ${this.#button(_("Save the kit's file"), () => this.#save())}
        </li>
        <li>
          <p class="kit-text">
            ${_("Open the saved file once. Only then can the kit be used: a kit that does not open would cost the tender.")}
          </p>
          ${this.#isSaved ? this.#openForm(_("Open the saved file")) : nothing}
        </li>
      </ol>
      ${this.#back()}`;
  }

  #fromFile(): TemplateResult {
    return html`${this.#openForm(_("Open the kit"))} ${this.#back()}`;
  }

  #openForm(action: string): TemplateResult {
    return html`<form class="form" @submit=${this.#submitted("open", (form) => this.#openFile(form))}>
      <div class="field">
        <label for="kit-file">${_("The kit's file")}</label>
        <input id="kit-file" name="file" type="file" required />
      </div>
      ${this.#passphrase("kit-phrase", "passphrase", _("Passphrase"), "current-password")}
      ${this.use?.made === undefined ? this.#deviceField() : nothing}
      <label class="check">
        <input type="checkbox" name="keep" checked />
        <span>
          ${_("Keep an encrypted copy in this browser, so that after a reload only the passphrase is asked for")}
        </span>
      </label>
      ${this.#submit(action, _("Opening the kit …"))}
    </form>`;
  }

  #locked(): TemplateResult {
    return html`${this.#facts()}
      <form class="form" @submit=${this.#submitted("open", (form) => this.#openCopy(form))}>
        ${this.#passphrase("kit-phrase", "passphrase", _("Passphrase"), "current-password")}
        ${this.#submit(_("Open the kit"), _("Opening the kit …"))}
      </form>
      <div class="kit-actions">
        ${this.#button(_("Open a kit from its file"), () => this.#become("file"), true)}
        ${this.#forgetButton()}
      </div>`;
  }

  #open(): TemplateResult {
    const isRegistered = this.use?.opened?.isRegistered === true;
    return html`${this.#facts()}
      ${isRegistered
        ? nothing
        : html`<p class="note note-amber">
            ${_("The service does not know this kit's signing key yet. Register it, so that a clerk can bind you with it.")}
          </p>`}
      <div class="kit-actions">
        ${isRegistered
          ? nothing
          : html`<button class="button" type="button" ?disabled=${this.#act.isBusy()}
              @click=${this.#act.on("register", async () => this.use?.register())}>${_("Register the kit's key")}</button>`}
        ${this.#button(_("Close the kit"), this.#act.on("close", () => this.#close()), true)}
        ${this.use?.copy === undefined ? nothing : this.#button(_("Save the file again"), () => this.use?.save(), true)}
        ${this.use?.copy === undefined ? nothing : this.#forgetButton()}
      </div>`;
  }

  #facts(): TemplateResult {
    const copy = this.use?.copy;
    const keyid = this.use?.opened?.keyid ?? copy?.keyid ?? "";
    return html`<dl class="facts">
      <div>
        <dt>${_("Signing key")}</dt>
        <dd class="mono">${keyid.slice(0, 16)}</dd>
      </div>
      <div>
        <dt>${_("Encrypted copy on this device")}</dt>
        <dd>
          ${copy === undefined
            ? _("none")
            : html`${copy.device}<span class="sub">${_("since {at}", { at: moment(copy.at) })}</span>`}
        </dd>
      </div>
    </dl>`;
  }

  #passphrase(id: string, name: string, label: string, complete: string): TemplateResult {
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <input id=${id} name=${name} type="password" minlength=${SHORTEST} required autocomplete=${complete} />
    </div>`;
  }

  #deviceField(): TemplateResult {
    return html`<div class="field">
      <label for="kit-device">${_("Name of this device")}</label>
      <input id="kit-device" name="device" maxlength="60" required .value=${this.use?.device ?? ""} />
    </div>`;
  }

  #submit(action: string, busy: string): TemplateResult {
    const isDoing = this.#act.isBusy("make") || this.#act.isBusy("open");
    return html`<button class="button" type="submit" ?disabled=${this.#act.isBusy()}>${isDoing ? busy : action}</button>`;
  }

  #button(text: string, doing: () => void, isQuiet = false): TemplateResult {
    return html`<button class="button ${isQuiet ? "button-quiet" : ""}" type="button"
      ?disabled=${this.#act.isBusy()} @click=${doing}>${text}</button>`;
  }

  #forgetButton(): TemplateResult {
    return this.#button(_("Forget the copy on this device"), this.#act.on("forget", () => this.#forget()), true);
  }

  #back(): TemplateResult {
    return html`<div class="kit-actions">
      ${this.#button(_("Go back"), this.#act.on("close", () => this.#close()), true)}
    </div>`;
  }

  #told(): TemplateResult {
    return html`<p class="problem-line" role="alert">${this.#problem}</p>`;
  }

  #become(state: State): void {
    this.#problem = "";
    this.#state = state;
    this.requestUpdate();
  }

  #submitted(name: string, doing: (form: HTMLFormElement) => Promise<void>): (event: Event) => void {
    return (event) => {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      this.#problem = "";
      void this.#act.run(name, async () => {
        try {
          await doing(form);
        } catch (error) {
          throw told(error);
        }
      });
    };
  }

  async #make(form: HTMLFormElement): Promise<void> {
    const passphrase = field(form, "passphrase");
    if (passphrase !== field(form, "again")) {
      this.#problem = _("The two passphrases differ.");
      return;
    }
    this.#use().device = field(form, "device");
    await this.#use().make(passphrase);
    this.#isSaved = false;
    form.reset();
    this.#become("saving");
  }

  #save(): void {
    this.#use().save();
    this.#isSaved = true;
    this.requestUpdate();
  }

  async #openFile(form: HTMLFormElement): Promise<void> {
    const chosen = form.querySelector<HTMLInputElement>("input[name=file]")?.files?.[0];
    if (chosen === undefined) return;
    if (this.#use().made === undefined) this.#use().device = field(form, "device");
    const isKept = form.querySelector<HTMLInputElement>("input[name=keep]")?.checked === true;
    const file = new Uint8Array(await chosen.arrayBuffer());
    await this.#use().openFile(file, field(form, "passphrase"), isKept);
    form.reset();
    this.#become("open");
  }

  async #openCopy(form: HTMLFormElement): Promise<void> {
    await this.#use().openCopy(field(form, "passphrase"));
    form.reset();
    this.#become("open");
  }

  async #close(): Promise<void> {
    await this.#use().close();
    this.#become(this.#use().copy === undefined ? "none" : "locked");
  }

  async #forget(): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Forget the copy on this device?"),
      text: _("The kit's file elsewhere stays good. Without that file your shares are lost for good."),
      action: _("Forget the copy"),
      isGrave: true,
    });
    if (!isSure) return;
    await this.#use().forget();
    this.#become(this.#use().opened === undefined ? "none" : "open");
  }

  #use(): KitUse {
    if (this.use === undefined) throw new Error("the kit has no worker");
    return this.use;
  }
}

function field(form: HTMLFormElement, name: string): string {
  return form.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value ?? "";
}
