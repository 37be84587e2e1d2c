/** The terms of one section as a form; kept in this browser until they are saved on the record. */

import { html, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import { summary, type FieldProblem } from "./fields.ts";
import { inWords } from "./mistakes.ts";
import { presetOf } from "./presets.ts";
import { Kept, Step } from "./step.ts";
import { check, commandOf, draftOf, type Draft } from "./terms.ts";
import {
  aboutPart,
  custodyPart,
  drawPart,
  fieldsPart,
  momentsPart,
  periodsPart,
  showProblems,
  windowsPart,
  type TermsHost,
} from "./terms_form.ts";
import type { Project } from "./view.ts";

/** `<kb-clerk-section data-project data-section>`. */
export class SectionTerms extends Step {
  #draft: Draft | undefined;
  #wrong: readonly FieldProblem[] = [];

  protected override async load(): Promise<void> {
    const found = this.known().sections.find((one) => one.section === this.#section);
    const begun = await this.#kept().read();
    this.#draft ??= begun ?? (found === undefined ? presetOf("works", 1) : draftOf(found));
  }

  get #section(): string {
    return this.dataset["section"] ?? "";
  }

  #kept(): Kept<Draft> {
    return new Kept<Draft>(`${this.project}/section/${this.#section}`);
  }

  #put(change: Partial<Draft>): void {
    if (this.#draft === undefined) return;
    this.#draft = { ...this.#draft, ...change };
    void this.#kept().write(this.#draft);
    this.requestUpdate();
  }

  protected shown(view: Project): TemplateResult {
    const draft = this.#draft;
    if (draft === undefined) return html``;
    const stands = view.sections.find((one) => one.section === this.#section);
    if (view.published || (stands !== undefined && stands.phase !== "draft")) {
      return html`<p class="note">${_("The ceremony has begun: the terms stand.")}</p>`;
    }
    const host = this.#host(draft);
    return html`<form
      class="form card"
      novalidate
      @submit=${(event: Event): void => this.#submit(event)}
    >
      ${summary(this.#wrong)} ${aboutPart(host, view.currency)} ${momentsPart(host)}
      ${custodyPart(host)} ${windowsPart(host)} ${fieldsPart(host)} ${drawPart(host)}
      ${periodsPart(host)}
      <div class="acts">
        <button class="button" type="submit" ?disabled=${this.act.isBusy()}>
          ${_("Save the terms")}
        </button>
      </div>
      ${this.act.problem("save")}
      <p class="hint">
        ${_("What you type is kept in this browser; saving puts it on the record.")}
      </p>
    </form>`;
  }

  #host(draft: Draft): TermsHost {
    return {
      draft,
      problem: (name) => this.#wrong.find((one) => one.field === name)?.text,
      put: (change) => this.#put(change),
      focus: (id) =>
        void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#${id}`)?.focus()),
    };
  }

  #submit(event: Event): void {
    event.preventDefault();
    const draft = this.#draft;
    if (draft === undefined) return;
    this.#wrong = check(draft, this.known().now).map(inWords);
    this.requestUpdate();
    if (this.#wrong.length > 0) {
      void this.updateComplete.then(() => showProblems(this, this.#wrong));
      return;
    }
    void this.act.run("save", async () => {
      await this.ask(commandOf(this.#section, draft), "");
      await this.#kept().drop();
      location.assign(`/clerk/${this.project}/sections`);
    });
  }
}
