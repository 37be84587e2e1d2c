/** The list of templates, and the form of the one that is being written; the service judges it. */

import { html, LitElement, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { post, remove } from "../app/api.ts";
import { confirmTyped, inWords as saidOf } from "../app/ask.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { field, summary, type FieldProblem } from "../clerk/fields.ts";
import {
  checkTemplate,
  draftOfTemplate,
  keptTemplates,
  templateOf,
  type Template,
} from "../clerk/kept_templates.ts";
import { inWords } from "../clerk/mistakes.ts";
import { presetOf, presets, type Preset } from "../clerk/presets.ts";
import { Kept } from "../clerk/step.ts";
import type { Draft } from "../clerk/terms.ts";
import {
  aboutPart,
  custodyPart,
  drawPart,
  fieldsPart,
  periodsPart,
  showProblems,
  windowsPart,
  type TermsHost,
} from "../clerk/terms_form.ts";

/** A template that is being written; kept in this browser until it is saved. */
interface Written {
  /** Of the template that it takes the place of; empty for a new one. */
  readonly template: string;
  readonly name: string;
  readonly draft: Draft;
}

/** `<kb-templates>`. */
export class Templates extends LitElement {
  readonly #act = new Act(this);
  readonly #kept = new Kept<Written>("template");
  #templates: readonly Template[] | undefined;
  #written: Written | undefined;
  #wrong: readonly FieldProblem[] = [];
  #failed = "";
  #said = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    // what stands here for those without scripts
    this.replaceChildren();
    super.connectedCallback();
    void this.#start();
  }

  async #start(): Promise<void> {
    try {
      this.#written = await this.#kept.read();
      this.#templates = await keptTemplates();
    } catch (error) {
      this.#failed = saidOf(error);
    }
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    if (this.#failed !== "") return html`<p class="problem-line" role="alert">${this.#failed}</p>`;
    if (this.#templates === undefined) return html`<p class="quiet" role="status">${_("Loading …")}</p>`;
    const written = this.#written;
    return html`<p class="said ${this.#said === "" ? "is-empty" : ""}" role="status">${this.#said}</p>
      ${written === undefined
        ? html`${this.#list(this.#templates)} ${this.#new()}`
        : this.#form(written)}
      ${this.#act.problem()}`;
  }

  #list(templates: readonly Template[]): TemplateResult {
    if (templates.length === 0) return html`<p class="card empty">${_("No template is kept yet.")}</p>`;
    return html`<ul class="rows">
      ${templates.map((one) => this.#row(one))}
    </ul>`;
  }

  #row(one: Template): TemplateResult {
    const { n, k, title } = one.terms;
    return html`<li class="card row">
      <div class="row-main">
        <h2>${one.name}</h2>
        <p class="sub">
          ${title} · ${_("{k} of {n} custodians, then the timekeeper", { k, n })} ·
          ${_("kept {at}", { at: moment(one.at) })} <span class="mono">${one.by}</span>
        </p>
      </div>
      <div class="row-acts">
        <button
          class="button button-quiet"
          type="button"
          aria-label="${_("Change")} ${one.name}"
          @click=${(): void => this.#write({ template: one.template, name: one.name, draft: draftOfTemplate(one.terms) })}
        >
          ${_("Change")}
        </button>
        <button
          class="button button-quiet"
          type="button"
          aria-label="${_("Drop")} ${one.name}"
          ?disabled=${this.#act.isBusy()}
          @click=${this.#act.on("drop", () => this.#drop(one))}
        >
          ${_("Drop")}
        </button>
      </div>
    </li>`;
  }

  #new(): TemplateResult {
    return html`<section class="card" aria-labelledby="new-template">
      <h2 id="new-template">${_("A new template")}</h2>
      <p class="hint">${_("It begins with the usual values for:")}</p>
      <div class="acts">
        ${presets().map(
          ([preset, text]) =>
            html`<button
              class="button button-quiet"
              type="button"
              @click=${(): void => this.#begin(preset, text)}
            >
              ${text}
            </button>`,
        )}
      </div>
    </section>`;
  }

  #begin(preset: Preset, text: string): void {
    this.#write({ template: "", name: "", draft: { ...presetOf(preset, 1), title: text } });
  }

  /** Take over what is written, and show it. */
  #write(written: Written): void {
    const isNew = this.#written === undefined;
    this.#written = written;
    this.#said = "";
    void this.#kept.write(written);
    this.requestUpdate();
    if (isNew) void this.updateComplete.then(() => this.#focus("name"));
  }

  #focus(id: string): void {
    this.querySelector<HTMLElement>(`#${id}`)?.focus();
  }

  #form(written: Written): TemplateResult {
    const host: TermsHost = {
      draft: written.draft,
      problem: (name) => this.#problem(name),
      put: (change) => this.#write({ ...written, draft: { ...written.draft, ...change } }),
      focus: (id) => void this.updateComplete.then(() => this.#focus(id)),
    };
    const changed = (name: string): void => this.#write({ ...written, name });
    return html`<form class="form card" novalidate @submit=${(event: Event): void => this.#submit(event)}>
      ${summary(this.#wrong)}
      ${field({
        name: "name",
        label: _("Name of the template"),
        hint: _("As clerks choose it, such as: Municipal roads, works."),
        value: written.name,
        most: 60,
        changed,
        problem: this.#problem("name"),
      })}
      ${aboutPart(host)} ${custodyPart(host)} ${windowsPart(host)} ${fieldsPart(host)}
      ${drawPart(host)} ${periodsPart(host)}
      <div class="acts">
        <button class="button" type="submit" ?disabled=${this.#act.isBusy()}>${_("Keep the template")}</button>
        <button
          class="button button-quiet"
          type="button"
          ?disabled=${this.#act.isBusy()}
          @click=${(): void => void this.#leave()}
        >
          ${_("Leave it as it was")}
        </button>
      </div>
      <p class="hint">${_("What you type is kept in this browser until you keep the template or leave it.")}</p>
    </form>`;
  }

  #problem(name: string): string | undefined {
    return this.#wrong.find((one) => one.field === name)?.text;
  }

  #submit(event: Event): void {
    event.preventDefault();
    const written = this.#written;
    if (written === undefined) return;
    const nameless = written.name.trim() === "" ? [{ field: "name", text: _("Fill this in.") }] : [];
    this.#wrong = [...nameless, ...checkTemplate(written.draft).map(inWords)];
    this.requestUpdate();
    if (this.#wrong.length > 0) {
      void this.updateComplete.then(() => showProblems(this, this.#wrong));
      return;
    }
    void this.#act.run("keep", () => this.#keep(written));
  }

  async #keep(written: Written): Promise<void> {
    const place = written.template === "" ? {} : { template: written.template };
    const body = { ...place, name: written.name.trim(), terms: templateOf(written.draft) };
    await post("/api/templates", body);
    this.#templates = await keptTemplates();
    await this.#leave(_("The template is kept; clerks can begin with it."));
  }

  async #leave(said = ""): Promise<void> {
    await this.#kept.drop();
    this.#written = undefined;
    this.#wrong = [];
    this.#said = said;
    this.requestUpdate();
  }

  async #drop(one: Template): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Drop this template?"),
      text: _("{name} is offered no more. Projects that began with it stay as they are.", { name: one.name }),
      action: _("Drop"),
      isGrave: true,
    });
    if (!isSure) return;
    await remove(`/api/templates/${one.template}`);
    this.#templates = await keptTemplates();
    this.#said = _("The template is dropped.");
  }
}
