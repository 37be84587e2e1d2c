/** Questions to answer: the asker is never named here, and the clerk words what all will read. */

import { html, nothing, type TemplateResult } from "lit";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { tag, when } from "../hall/pieces.ts";
import { area } from "./fields.ts";
import { LiveStep } from "./live.ts";
import { Kept } from "./step.ts";
import { titleOf, type Project, type Question } from "./view.ts";

interface Written {
  readonly text: string;
  readonly answer: string;
}

/** `<kb-clerk-questions data-project>`. */
export class Questions extends LiveStep {
  readonly #written = new Map<string, Written>();

  protected override async load(): Promise<void> {
    for (const one of this.known().questions) {
      if (one.answer !== undefined || this.#written.has(one.question)) continue;
      this.#written.set(one.question, (await this.#kept(one).read()) ?? { text: "", answer: "" });
    }
  }

  #kept(one: Question): Kept<Written> {
    return new Kept<Written>(`${this.project}/question/${one.question}`);
  }

  protected shown(view: Project): TemplateResult {
    const open = view.questions.filter((one) => one.answer === undefined);
    const done = view.questions.filter((one) => one.answer !== undefined);
    return html`${this.lineTag()}
      <p class="note">
        ${_(
          "Nobody here is told who asked. Word the question anew where its words could give the asker away; all bidders get the same answer.",
        )}
      </p>
      ${open.map((one) => this.#open(view, one))}
      ${open.length === 0
        ? html`<p class="quiet">${_("No question waits for an answer.")}</p>`
        : nothing}
      ${done.length === 0
        ? nothing
        : html`<section class="card" aria-labelledby="answered">
            <h2 id="answered">${_("Answered")} ${tag(String(done.length))}</h2>
            ${done.map((one) => this.#done(view, one))}
          </section>`}`;
  }

  #open(view: Project, one: Question): TemplateResult {
    const written = this.#written.get(one.question) ?? { text: "", answer: "" };
    const isWritten = written.text.trim() !== "" && written.answer.trim() !== "";
    const name = `q-${one.question.slice(0, 8)}`;
    return html`<section class="card form" aria-labelledby=${name}>
      <h2 id=${name}>${titleOf(view, one.section)}</h2>
      <div>
        <p class="sub">
          ${_("As asked; shown to the clerks alone")} ·
          ${one.at === undefined ? nothing : when(one.at)}
        </p>
        <blockquote class="prose asked">${one.asked}</blockquote>
        <button
          class="link"
          type="button"
          @click=${(): void => this.#write(one, { ...written, text: one.asked ?? "" })}
        >
          ${_("Take over the wording")}
        </button>
      </div>
      ${area({
        name: `${name}-text`,
        label: _("The question as all will read it"),
        value: written.text,
        rows: 3,
        changed: (text) => this.#write(one, { ...written, text }),
      })}
      ${area({
        name: `${name}-answer`,
        label: _("Answer"),
        value: written.answer,
        rows: 5,
        changed: (answer) => this.#write(one, { ...written, answer }),
      })}
      <div class="acts">
        ${this.button(name, _("Answer to all"), () => this.#answer(one, written), {
          isBlocked: !isWritten,
        })}
      </div>
    </section>`;
  }

  #done(view: Project, one: Question): TemplateResult {
    return html`<article class="entry">
      <p class="entry-head">${titleOf(view, one.section)}</p>
      <p class="prose"><strong class="qa">${_("Q")}</strong>${one.text}</p>
      <p class="prose"><strong class="qa">${_("A")}</strong>${one.answer}</p>
    </article>`;
  }

  #write(one: Question, written: Written): void {
    this.#written.set(one.question, written);
    void this.#kept(one).write(written);
    this.requestUpdate();
  }

  async #answer(one: Question, written: Written): Promise<void> {
    const text = html`<p>${written.text}</p>
      <p>${written.answer}</p>`;
    const isSure = await confirmTyped({
      title: _("Answer to all bidders"),
      text,
      action: _("Publish the answer"),
    });
    if (!isSure) return;
    const said = {
      question: one.question,
      text: written.text.trim(),
      answer: written.answer.trim(),
    };
    await this.ask(
      { type: "project.answer_question", ...said },
      _("The answer is published to all."),
    );
    await this.#kept(one).drop();
  }
}
