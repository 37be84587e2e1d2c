/** The sections of a project: those on the record, and those begun in this browser. */

import { html, nothing, type TemplateResult } from "lit";
import { store } from "../app/store.ts";
import { account } from "../app/signing.ts";
import { askText } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { tag, when } from "../hall/pieces.ts";
import { Kept, Step } from "./step.ts";
import { nextSection, type Draft } from "./terms.ts";
import { draftOfTemplate, keptTemplates, type Template } from "./kept_templates.ts";
import { presetOf, presets } from "./presets.ts";
import { amount } from "../app/format.ts";
import type { Project, Section } from "./view.ts";

/** `<kb-clerk-sections data-project>`. */
export class Sections extends Step {
  #begun: readonly (readonly [string, Draft])[] = [];
  #templates: readonly Template[] = [];

  protected override async load(): Promise<void> {
    const prefix = `clerk/${account()}/${this.project}/section/`;
    const known = new Set(this.known().sections.map((one) => one.section));
    const names = (await store("settings").keys(prefix)).map((key) => key.slice(prefix.length));
    const drafts: [string, Draft][] = [];
    for (const name of names.filter((one) => !known.has(one)).sort()) {
      const draft = await new Kept<Draft>(`${this.project}/section/${name}`).read();
      if (draft !== undefined) drafts.push([name, draft]);
    }
    this.#begun = drafts;
    this.#templates = await keptTemplates();
  }

  protected shown(view: Project): TemplateResult {
    return html`<ul class="rows">
        ${view.sections.map((one) => this.#section(one, view))}
        ${this.#begun.map(([name, draft]) => this.#draft(name, draft))}
      </ul>
      ${view.sections.length + this.#begun.length === 0
        ? html`<p class="quiet">${_("No section yet. Most projects have one.")}</p>`
        : nothing}
      ${view.published ? nothing : this.#add()}`;
  }

  #section(section: Section, view: Project): TemplateResult {
    const can = !view.published && section.phase !== "terminated";
    return html`<li class="card row">
      <div class="row-main">
        <h2>
          ${section.title}
          ${tag(_(`phase ${section.phase}`), section.phase === "terminated" ? "grey" : "blue")}
        </h2>
        <p class="sub">
          ${_("Deadline and opening")} ${when(section.deadline)} ·
          ${section.limit === undefined
            ? _("no price limit")
            : `${_("Price limit")} ${amount(section.limit)} ${section.currency}`}
          · ${_("{k} of {n} custodians, then the timekeeper", { k: section.k, n: section.n })}
        </p>
      </div>
      ${can
        ? html`<div class="row-acts">
            ${section.phase === "draft"
              ? html`<a
                  class="button button-quiet"
                  href="/clerk/${this.project}/section-${section.section}"
                  >${_("Look at or change the terms")}</a
                >`
              : html`<p class="hint">${_("The ceremony has begun: the terms stand.")}</p>`}
            ${this.button(
              `drop-${section.section}`,
              _("Leave out of the notice"),
              () => this.#terminate(section),
              { isQuiet: true, about: section.title },
            )}
          </div>`
        : nothing}
    </li>`;
  }

  #draft(name: string, draft: Draft): TemplateResult {
    return html`<li class="card row">
      <div class="row-main">
        <h2>${draft.title || name} ${tag(_("begun in this browser"), "amber")}</h2>
        <p class="sub">${_("Not on the record yet: look at it, set the deadlines, save it.")}</p>
      </div>
      <div class="row-acts">
        <a class="button" href="/clerk/${this.project}/section-${name}">${_("Go on")}</a>
        ${this.button(`forget-${name}`, _("Throw away"), () => this.#forget(name), {
          isQuiet: true,
          about: draft.title,
        })}
      </div>
    </li>`;
  }

  #add(): TemplateResult {
    return html`<section class="card" aria-labelledby="add">
      <h2 id="add">${_("Add a section")}</h2>
      <p class="hint">
        ${_("A template fills the form with usual values; everything can be changed.")}
      </p>
      <div class="acts">
        ${presets().map(([preset, text]) =>
          this.button(`add-${preset}`, text, () => this.#begin((n) => presetOf(preset, n)), {
            isQuiet: true,
          }),
        )}
        ${this.#templates.map(({ template, name, terms }) =>
          this.button(`add-${template}`, name, () => this.#begin(() => draftOfTemplate(terms)), {
            isQuiet: true,
          }),
        )}
      </div>
    </section>`;
  }

  async #begin(made: (number: number) => Draft): Promise<void> {
    const taken = [
      ...this.known().sections.map((one) => one.section),
      ...this.#begun.map(([name]) => name),
    ];
    const name = nextSection(taken);
    await new Kept<Draft>(`${this.project}/section/${name}`).write(made(taken.length + 1));
    location.assign(`/clerk/${this.project}/section-${name}`);
  }

  async #forget(name: string): Promise<void> {
    await new Kept(`${this.project}/section/${name}`).drop();
    await this.refresh();
  }

  async #terminate(section: Section): Promise<void> {
    const reason = await askText({
      title: _("Leave this section out of the notice"),
      text: section.title,
      label: _("Reason, on the record"),
      action: _("Leave it out"),
    });
    if (reason === undefined) return;
    const body = { type: "project.terminate_section", section: section.section, reason };
    await this.ask(body, _("The section is left out of the notice."));
  }
}
