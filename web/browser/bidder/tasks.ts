/** The pieces of the task list that act: fetching documents, asking, taking part, what is under way here. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { bytes, command } from "../app/api.ts";
import { askText, Said } from "../app/ask.ts";
import { account } from "../app/signing.ts";
import { pinned, proven } from "../app/trust.ts";
import { _ } from "../app/texts.ts";
import { textOf } from "../crypto/bytes.ts";
import { projectView, sha256Of } from "./fetching.ts";
import { announcedDocuments } from "./notices.ts";
import { isUnderWay, nextOf, type BidRecord } from "./record.ts";
import { saveAs } from "./saving.ts";
import { recordsAt } from "./shelf.ts";
import { distrustInWords } from "./words.ts";

abstract class Piece extends LitElement {
  protected readonly act = new Act(this);

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected of(name: string): string {
    return this.dataset[name] ?? "";
  }
}

/** `<kb-fetch data-project data-document data-name>`: fetch it and compare it with the notice. */
export class FetchDocument extends Piece {
  #isSame = false;

  protected override render(): TemplateResult {
    return html`<button class="button button-quiet" type="button" ?disabled=${this.act.isBusy()} @click=${this.act.on("fetch", () => this.#fetch())}>
        ${this.act.isBusy() ? _("Fetching …") : _("Fetch and compare")}
      </button>
      ${this.#isSame ? html`<span class="tag tag-green" role="status">✓ ${_("As the notice names it")}</span>` : nothing}
      ${this.act.problem()}`;
  }

  async #fetch(): Promise<void> {
    const [project, document] = [this.of("project"), this.of("document")];
    const told = await this.#announced(project, document);
    const content = await bytes(`/api/projects/${project}/documents/${document}`);
    if (told === undefined || (await sha256Of(content)) !== told) {
      throw new Said(_("This is not the document that the notice names. Do not use it; ask the clerk."));
    }
    this.#isSame = true;
    saveAs(this.of("name"), new Blob([content]));
  }

  /** Return the hash that the notice, or an amendment after it, names. */
  async #announced(project: string, document: string): Promise<string | undefined> {
    const view = await projectView(project);
    const notice = (await proven(project, { kind: "notice" })).map(({ receipt }) => textOf(receipt));
    const { log, timekeeper } = await pinned();
    try {
      const bundle = { project, notice, clerks: view.clerk_keys };
      return (await announcedDocuments(bundle, { log, timekeeper })).get(document)?.sha256;
    } catch (error) {
      throw new Said(distrustInWords(error));
    }
  }
}

/** `<kb-question data-project data-section>`: ask about the tender documents. */
export class Question extends Piece {
  #isAsked = false;

  protected override render(): TemplateResult {
    return html`<button class="button button-quiet" type="button" ?disabled=${this.act.isBusy()} @click=${this.act.on("ask", () => this.#ask())}>${_("Ask a question")}</button>
      ${this.#isAsked ? html`<span class="tag tag-green" role="status">✓ ${_("Asked")}</span>` : nothing} ${this.act.problem()}`;
  }

  async #ask(): Promise<void> {
    const text = await askText({
      title: _("Ask about the tender documents"),
      text: _("The answer goes to everybody who fetched them, without your name. Do not name yourself in the question."),
      label: _("Your question"),
      action: _("Send the question"),
      most: 5000,
      isLong: true,
    });
    if (text === undefined || text === "") return;
    await command(this.of("project"), { type: "project.ask_question", section: this.of("section"), text });
    this.#isAsked = true;
  }
}

/** `<kb-take-part data-project>`: make the key where there is none, and take part. */
export class TakePart extends Piece {
  #canSign = false;

  protected override render(): TemplateResult {
    return html`<kb-signing-key @ready=${() => this.#keyed()}></kb-signing-key>
      <button class="button" type="button" ?disabled=${!this.#canSign || this.act.isBusy()} @click=${this.act.on("part", () => this.#join())}>${_("Take part")}</button>
      ${this.act.problem()}`;
  }

  #keyed(): void {
    this.#canSign = true;
    this.requestUpdate();
  }

  async #join(): Promise<void> {
    await command(this.of("project"), { type: "project.take_part" });
    location.reload();
  }
}

/** `<kb-local-bid data-project data-section data-envelope>`: what is under way in this browser. */
export class LocalState extends Piece {
  #record: BidRecord | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    const envelope = Number(this.of("envelope"));
    void recordsAt(this.of("project"), this.of("section"), envelope, account()).then((found) => {
      this.#record = found.findLast((one) => isUnderWay(one));
      this.requestUpdate();
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.#record === undefined) return nothing;
    return html`<span class="tag tag-amber">${stateInWords(this.#record)}</span>`;
  }
}

function stateInWords(record: BidRecord): string {
  switch (nextOf(record)) {
    case "seal":
      return _("Being sealed, or cut short");
    case "secret":
      return _("Sealed here; save your secret");
    case "upload":
      return record.stage === "sealed" ? _("Sealed here, not submitted") : _("Upload not finished");
    case "submit":
    case "receipt":
    case "done":
      return _("Sent, no receipt yet");
  }
}
