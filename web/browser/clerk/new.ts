/** Begins a project: what it is about, and what its sections begin with. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { command, freshId, get } from "../app/api.ts";
import { inWords, Said } from "../app/ask.ts";
import { keyState } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { choice, field, select, summary, type FieldProblem } from "./fields.ts";
import { draftOfTemplate, keptTemplates, type Template } from "./kept_templates.ts";
import { presetOf, type Preset } from "./presets.ts";
import { Kept } from "./step.ts";
import { draftOf, type Draft } from "./terms.ts";
import { bound, drafted, type Project } from "./view.ts";

interface About {
  id: string;
  number: string;
  title: string;
  tenderer: string;
  agency: string;
  currency: string;
  begin: Preset | `template/${string}` | "copy" | "empty";
  from: string;
}

interface Head {
  readonly project: string;
  readonly number: string;
  readonly title: string;
  readonly roles: readonly string[];
}

const EMPTY: Omit<About, "id"> = {
  number: "",
  title: "",
  tenderer: "",
  agency: "",
  currency: "CNY",
  begin: "works",
  from: "",
};

/** `<kb-clerk-new>`. */
export class NewProject extends LitElement {
  readonly #act = new Act(this);
  readonly #kept = new Kept<About>("new");
  #about: About = { id: freshId(), ...EMPTY };
  #own: readonly Head[] = [];
  #templates: readonly Template[] = [];
  #wrong: readonly FieldProblem[] = [];
  /** Why earlier projects cannot be offered. */
  #unread = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load().catch((error: unknown) => {
      this.#unread = inWords(error);
      this.requestUpdate();
    });
  }

  async #load(): Promise<void> {
    this.#about = (await this.#kept.read()) ?? this.#about;
    this.requestUpdate();
    this.#templates = await keptTemplates();
    if (isTemplate(this.#about.begin) && this.#template() === undefined) {
      this.#put("begin", EMPTY.begin);
    }
    const found: Head[] = [];
    for (let after: string | undefined = ""; after !== undefined; ) {
      const page: { items: Head[]; next?: string } = await get(`/api/projects?after=${after}`);
      found.push(...page.items.filter((one) => one.roles.includes("clerk")));
      after = page.next;
    }
    this.#own = found;
    this.requestUpdate();
  }

  #put<K extends keyof About>(name: K, value: About[K]): void {
    this.#about = { ...this.#about, [name]: value };
    void this.#kept.write(this.#about);
    this.requestUpdate();
  }

  #line(
    name: "number" | "title" | "tenderer" | "agency" | "currency",
    label: string,
    hint?: string,
  ): TemplateResult {
    const problem = this.#wrong.find((one) => one.field === name)?.text;
    const changed = (value: string): void => this.#put(name, value);
    return field({ name, label, value: this.#about[name], changed, hint, problem });
  }

  protected override render(): TemplateResult {
    return html`<form
      class="form card"
      novalidate
      @submit=${(event: Event): void => this.#submit(event)}
    >
      ${summary(this.#wrong)}
      ${this.#line(
        "number",
        _("Number of the project"),
        _("As it stands in your register, such as BHZB-2027-0003."),
      )}
      ${this.#line("title", _("Title"))} ${this.#line("tenderer", _("Tenderer"))}
      ${this.#line("agency", _("Agency, if there is one"))}
      ${this.#line("currency", _("Currency"), _("Three letters, such as CNY."))} ${this.#begin()}
      <button class="button" type="submit" ?disabled=${this.#act.isBusy()}>
        ${_("Begin the project")}
      </button>
      ${this.#act.problem()}
    </form>`;
  }

  #begin(): TemplateResult {
    const options: (readonly [About["begin"], string, string?])[] = [
      ["works", _("Works"), _("One envelope, a draw of the coefficient, files up to 2 GiB")],
      ["goods", _("Goods"), _("Brand and warranty in the bid form")],
      ["services", _("Services"), _("Term and team in the bid form")],
      ["empty", _("No section yet")],
    ];
    if (this.#own.length > 0) options.splice(3, 0, ["copy", _("Copy from an earlier project")]);
    const kept = this.#templates.map(
      ({ template, name, terms }) => [`template/${template}`, name, terms.title] as const,
    );
    options.splice(3, 0, ...kept);
    const { begin, from } = this.#about;
    const own = this.#own.map((one) => [one.project, `${one.number} ${one.title}`] as const);
    return html`${choice("begin", _("The first section begins with"), begin, options, (value) =>
      this.#put("begin", value),
    )}
    ${begin === "copy"
      ? select("from", _("Earlier project"), from, [["", "—"], ...own], (value) =>
          this.#put("from", value),
        )
      : nothing}
    ${this.#unread === ""
      ? nothing
      : html`<p class="problem-line" role="alert">${this.#unread}</p>`}`;
  }

  #template(): Template | undefined {
    return this.#templates.find((one) => this.#about.begin === `template/${one.template}`);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const missing = (["number", "title", "tenderer"] as const).filter(
      (name) => this.#about[name].trim() === "",
    );
    this.#wrong = [
      ...missing.map((name) => ({ field: name, text: _("Fill this in.") })),
      ...(/^[A-Z]{3}$/u.test(this.#about.currency)
        ? []
        : [{ field: "currency", text: _("Three capital letters, such as CNY.") }]),
      ...(this.#about.begin === "copy" && this.#about.from === ""
        ? [{ field: "from", text: _("Choose the project to copy from.") }]
        : []),
    ];
    this.requestUpdate();
    if (this.#wrong.length > 0) {
      void this.updateComplete.then(() => this.querySelector<HTMLElement>(".summary")?.focus());
      return;
    }
    void this.#act.run("begin", () => this.#create());
  }

  async #create(): Promise<void> {
    if ((await keyState()) !== "ready") {
      throw new Said(
        _("Make this browser's signing key first; the box at the top of the page does it."),
      );
    }
    const { id, number, title, tenderer, agency, currency } = this.#about;
    const about = {
      number: number.trim(),
      title: title.trim(),
      tenderer: tenderer.trim(),
      currency,
    };
    const body = {
      type: "project.create_project",
      ...about,
      ...(agency.trim() === "" ? {} : { agency: agency.trim() }),
    };
    await command(id, body, `create-${id}`);
    await this.#prepare(id);
    await this.#kept.drop();
    location.assign(`/clerk/${id}`);
  }

  /** Leave what the sections and the people begin with in this browser, to be looked at and saved. */
  async #prepare(id: string): Promise<void> {
    const { begin, from } = this.#about;
    if (begin === "empty") return;
    if (isTemplate(begin)) {
      const found = this.#template();
      if (found === undefined) return;
      await new Kept<Draft>(`${id}/section/s1`).write(draftOfTemplate(found.terms));
      return;
    }
    if (begin !== "copy") {
      await new Kept<Draft>(`${id}/section/s1`).write(presetOf(begin, 1));
      return;
    }
    const old = await get<Project>(`/api/projects/${from}`);
    for (const [at, section] of drafted(old).entries()) {
      const copied: Draft = { ...draftOf(section), deadline: "", question_deadline: "" };
      await new Kept<Draft>(`${id}/section/s${at + 1}`).write(copied);
    }
    const people = (["custodian", "timekeeper", "supervisor"] as const).flatMap((role) =>
      bound(old, role).map(({ account }) => ({ account, role })),
    );
    await new Kept(`${id}/people`).write(people);
  }
}

function isTemplate(begin: About["begin"]): begin is `template/${string}` {
  return begin.startsWith("template/");
}
