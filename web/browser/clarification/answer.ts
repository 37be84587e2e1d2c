/** A bidder's answer to the committee: kept while it is typed, signed with this browser's key. */

import { html, LitElement, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { command } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { sign } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { attachmentsOf, inSize } from "./attached.ts";
import { Attaching } from "./attaching.ts";

/** The longest answer the service takes, characters. */
const MOST = 20_000;

/** `<kb-answer data-project data-section data-clarification data-question data-bound>`; light DOM. */
export class Answer extends LitElement {
  readonly #act = new Act(this);
  #text = "";
  #attaching = new Attaching("", "", () => undefined);
  #canSign = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#text = typed(this.#name());
    const path = attachmentsOf(this.#of("project"), this.#of("section"), this.#of("clarification"));
    this.#attaching = new Attaching(path, `${this.#name()}/files`, () => this.requestUpdate());
  }

  protected override render(): TemplateResult {
    const field = `answer-${this.#of("clarification")}`;
    return html`<kb-signing-key
        data-project=${this.#of("project")}
        data-role="bidder"
        data-bound=${this.#of("bound")}
        @ready=${this.#keyed}
        @rekeyed=${this.#rekeyed}
      ></kb-signing-key>
      <form class="form" @submit=${this.#submit}>
        <div class="field">
          <label for=${field}>${_("Your answer")}</label>
          <textarea id=${field} rows="5" maxlength=${MOST} .value=${this.#text} @input=${this.#typed} aria-describedby="${field}-hint"></textarea>
          <p class="hint" id="${field}-hint">
            ${_("An answer explains or completes; it must not change the price or the substance of the bid. It is signed with this browser's key and sent once.")}
          </p>
        </div>
        ${this.#attaching.render(`${field}-files`)}
        <button class="button" ?disabled=${!this.#canSign || this.#act.isBusy() || this.#attaching.isBusy || this.#text.trim() === ""}>
          ${_("Sign and send the answer")}
        </button>
      </form>
      ${this.#act.problem()}`;
  }

  #of(name: string): string {
    return this.dataset[name] ?? "";
  }

  /** What an answer that is being written is kept by. */
  #name(): string {
    return `answer/${this.#of("clarification")}`;
  }

  readonly #keyed = (): void => {
    this.#canSign = true;
    this.requestUpdate();
  };

  readonly #rekeyed = (event: Event): void => {
    this.dataset["bound"] = (event as CustomEvent<string>).detail;
    this.#keyed();
  };

  readonly #typed = (event: Event): void => {
    this.#text = (event.currentTarget as HTMLTextAreaElement).value;
    keepTyped(this.#name(), this.#text);
    this.requestUpdate();
  };

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#act.run("answer", () => this.#answer(this.#text.trim()));
  };

  async #answer(text: string): Promise<void> {
    const action = _("Sign and send the answer");
    const files = this.#attaching.files;
    const names = html`<ul class="attached">${files.map(({ name, size }) => html`<li>${name} <span class="sub nums">${inSize(size)}</span></li>`)}</ul>`;
    const asked = html`<p class="asked-text">${text}</p>${files.length === 0 ? "" : names}`;
    if (!(await confirmTyped({ title: action, text: asked, action }))) return;
    const [project, section] = [this.#of("project"), this.#of("section")];
    const payload = {
      v: 1,
      project,
      section,
      clarification: this.#of("clarification"),
      question: this.#of("question"),
      text,
      ...(files.length === 0 ? {} : { attachments: files.map(({ name, sha256, size }) => ({ name, sha256, size })) }),
    };
    const message = await sign("clarification-answer", payload);
    await command(project, { type: "evaluation.answer_clarification", section, message });
    keepTyped(this.#name(), "");
    this.#attaching.forget();
    this.#text = "";
    this.dispatchEvent(new Event("answered", { bubbles: true }));
  }
}
