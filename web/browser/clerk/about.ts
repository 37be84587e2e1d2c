/** What the notice will begin with, corrected until it is published: number, title and parties. */

import { html, type TemplateResult } from "lit";
import { command } from "../app/api.ts";
import { _ } from "../app/texts.ts";
import { field, summary, type FieldProblem } from "./fields.ts";
import { Kept, Step } from "./step.ts";
import type { Project } from "./view.ts";

interface Head {
  readonly number: string;
  readonly title: string;
  readonly tenderer: string;
  readonly agency: string;
}

/** What was typed, and what stood on the record meanwhile: a correction of somebody else outdates it. */
interface Begun {
  readonly base: Head;
  readonly head: Head;
}

/** `<kb-clerk-about data-project>`. */
export class About extends Step {
  #head: Head | undefined;
  #base: Head | undefined;
  #wrong: readonly FieldProblem[] = [];

  protected override async load(): Promise<void> {
    const { number, title, tenderer, agency } = this.known();
    const recorded = { number, title, tenderer, agency: agency ?? "" };
    if (this.#base !== undefined && isSame(this.#base, recorded)) return;
    const begun = await this.#kept().read();
    const counts = begun !== undefined && isSame(begun.base, recorded);
    if (begun !== undefined && !counts) await this.#kept().drop();
    this.#base = recorded;
    this.#head = counts ? begun.head : recorded;
  }

  #kept(): Kept<Begun> {
    return new Kept<Begun>(`${this.project}/about`);
  }

  protected shown(view: Project): TemplateResult {
    const head = this.#head;
    if (head === undefined) return html``;
    if (view.published) {
      return html`<p class="note">
        ${_("The notice is published: number, title, tenderer and agency stand as it says.")}
        <a href="/projects/${this.project}">${_("The project's page")}</a>
      </p>`;
    }
    return html`<form
      class="form card"
      novalidate
      @submit=${(event: Event): void => this.#submit(event, head)}
    >
      ${summary(this.#wrong)} ${this.#line(head, "number", _("Number of the project"))}
      ${this.#line(head, "title", _("Title"))} ${this.#line(head, "tenderer", _("Tenderer"))}
      ${this.#line(head, "agency", _("Agency, if there is one"))}
      <div class="acts">
        <button class="button" type="submit" ?disabled=${this.act.isBusy()}>
          ${_("Save the correction")}
        </button>
      </div>
      ${this.act.problem("save")}
      <p class="hint">
        ${_("What you type is kept in this browser; saving puts it on the record.")}
        ${_("What stood here before stays on the record. The currency cannot be changed.")}
      </p>
    </form>`;
  }

  #line(head: Head, name: keyof Head, label: string): TemplateResult {
    const problem = this.#wrong.find((one) => one.field === name)?.text;
    const changed = (value: string): void => this.#put({ ...(this.#head ?? head), [name]: value });
    return field({ name, label, value: head[name], changed, problem });
  }

  #put(head: Head): void {
    this.#head = head;
    if (this.#base !== undefined) void this.#kept().write({ base: this.#base, head });
    this.requestUpdate();
  }

  #submit(event: Event, head: Head): void {
    event.preventDefault();
    this.#wrong = (["number", "title", "tenderer"] as const)
      .filter((name) => head[name].trim() === "")
      .map((name) => ({ field: name, text: _("Fill this in.") }));
    this.requestUpdate();
    if (this.#wrong.length > 0) {
      void this.updateComplete.then(() => this.querySelector<HTMLElement>(".summary")?.focus());
      return;
    }
    void this.act.run("save", async () => {
      await command(this.project, commandOf(head));
      await this.#kept().drop();
      location.assign(`/clerk/${this.project}`);
    });
  }
}

function isSame(one: Head, other: Head): boolean {
  return (["number", "title", "tenderer", "agency"] as const).every((name) => one[name] === other[name]);
}

function commandOf(head: Head): Readonly<Record<string, string>> {
  const agency = head.agency.trim();
  return {
    type: "project.correct_project",
    number: head.number.trim(),
    title: head.title.trim(),
    tenderer: head.tenderer.trim(),
    ...(agency === "" ? {} : { agency }),
  };
}
