/** Clarifies or changes the tender documents by a signed amendment, and moves the deadline with it. */

import { html, nothing, type TemplateResult } from "lit";
import { command } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { when } from "../hall/pieces.ts";
import { publishedDocuments } from "./documents.ts";
import { area, choice, field, select, summary, tick, type FieldProblem } from "./fields.ts";
import { amendment, type Amendment } from "./messages.ts";
import { bytesBox } from "./preview.ts";
import { Kept, Step } from "./step.ts";
import { fromLocal, sizeText, toLocal } from "./units.ts";
import type { Project, Section, TenderDocument } from "./view.ts";

const HOUR = 3_600_000;

interface Written {
  section: string;
  text: string;
  documents: readonly string[];
  effect: "clarify" | "stay" | "replace";
  deadline: string;
}

/** `<kb-clerk-amend data-project>`. */
export class Amend extends Step {
  #written: Written = { section: "", text: "", documents: [], effect: "clarify", deadline: "" };
  #drafts: readonly TenderDocument[] = [];
  #wrong: readonly FieldProblem[] = [];
  readonly #kept = (): Kept<Written> => new Kept<Written>(`${this.project}/amend`);

  protected override async load(): Promise<void> {
    const published = await publishedDocuments(this.project);
    this.#drafts = this.known().documents.filter((one) => !published.has(one.document));
    this.#written = (await this.#kept().read()) ?? this.#written;
    const open = this.#open(this.known());
    const isThere = open.some((one) => one.section === this.#written.section);
    if (!isThere)
      this.#written = { ...this.#written, section: open[0]?.section ?? "", deadline: "" };
  }

  #open(view: Project): readonly Section[] {
    return view.sections.filter((one) => one.phase === "open" && one.deadline > view.now);
  }

  #put(change: Partial<Written>): void {
    this.#written = { ...this.#written, ...change };
    void this.#kept().write(this.#written);
    this.requestUpdate();
  }

  protected shown(view: Project): TemplateResult {
    const open = this.#open(view);
    const section = open.find((one) => one.section === this.#written.section);
    if (section === undefined) {
      return html`<p class="note">
        ${_("No section takes bids now, so there is nothing to amend.")}
      </p>`;
    }
    const said = this.#said(section);
    return html`<form
      class="form card"
      novalidate
      @submit=${(event: Event): void => this.#submit(event, view, section)}
    >
      ${summary(this.#wrong)}
      ${open.length > 1
        ? select(
            "section",
            _("Section"),
            section.section,
            open.map((one) => [one.section, one.title] as const),
            (name) => this.#put({ section: name, deadline: "" }),
          )
        : html`<p><strong>${section.title}</strong></p>`}
      ${area({
        name: "text",
        label: _("What is clarified or changed"),
        value: this.#written.text,
        changed: (text) => this.#put({ text }),
        problem: this.#problem("text"),
        rows: 6,
      })}
      ${this.#documents()}
      ${choice("effect", _("What it means for bids"), this.#written.effect, EFFECTS(), (effect) =>
        this.#put({ effect }),
      )}
      ${field({
        name: "deadline",
        label: _("Deadline for bids, which is the opening"),
        type: "datetime-local",
        value: this.#deadline(section),
        hint: this.#hint(view, section),
        problem: this.#problem("deadline"),
        changed: (deadline) => this.#put({ deadline }),
      })}
      ${bytesBox(amendment(this.project, said))}
      <div class="acts">
        <button class="button" type="submit" ?disabled=${this.act.isBusy()}>
          ${_("Sign and publish the amendment")}
        </button>
      </div>
      ${this.act.problem("amend")}
    </form>`;
  }

  #documents(): TemplateResult {
    const change = (one: TenderDocument, isIn: boolean): void => {
      const others = this.#written.documents.filter((name) => name !== one.document);
      this.#put({ documents: isIn ? [...others, one.document] : others });
    };
    return html`<fieldset class="choices">
      <legend>${_("New documents")}</legend>
      ${this.#drafts.map((one) =>
        tick(
          `document-${one.document}`,
          `${one.title} · ${one.name} · ${sizeText(one.size)}`,
          this.#written.documents.includes(one.document),
          (isIn) => change(one, isIn),
        ),
      )}
      <p class="hint">
        ${this.#drafts.length === 0 ? _("None waits.") : nothing}
        <a href="/clerk/${this.project}/documents">${_("Put a new document in first")}</a>
      </p>
    </fieldset>`;
  }

  /** Until when the terms want the deadline to be, at least. */
  #earliest(view: Project, section: Section): number {
    return this.#written.effect === "clarify"
      ? section.deadline
      : Math.max(section.deadline, view.now + section.periods.amendment);
  }

  /** Where nobody moved it: the deadline as it is, or the next full hour that the terms allow. */
  #proposed(section: Section): number {
    const earliest = this.#earliest(this.known(), section);
    return earliest <= section.deadline
      ? section.deadline
      : Math.ceil((earliest + HOUR / 2) / HOUR) * HOUR;
  }

  #deadline(section: Section): string {
    return this.#written.deadline === ""
      ? toLocal(this.#proposed(section))
      : this.#written.deadline;
  }

  #hint(view: Project, section: Section): string {
    const earliest = this.#earliest(view, section);
    if (earliest <= section.deadline)
      return _("Now {at}; it can be moved later, never earlier.", { at: moment(section.deadline) });
    return _("An amendment that affects bids wants it at {at} or later.", { at: moment(earliest) });
  }

  #problem(name: string): string | undefined {
    return this.#wrong.find((one) => one.field === name)?.text;
  }

  #said(section: Section): Amendment {
    const { text, effect, deadline } = this.#written;
    const proposed = this.#proposed(section);
    const isProposed = deadline === "" || deadline === toLocal(proposed);
    return {
      section: section.section,
      text: text.trim(),
      documents: this.#drafts.filter((one) => this.#written.documents.includes(one.document)),
      affects: effect !== "clarify",
      bids: effect === "replace" ? "replace" : "stay",
      deadline: isProposed ? proposed : fromLocal(deadline) ?? 0,
    };
  }

  #submit(event: Event, view: Project, section: Section): void {
    event.preventDefault();
    const said = this.#said(section);
    const earliest = this.#earliest(view, section);
    this.#wrong = [
      ...(said.text === "" ? [{ field: "text", text: _("Fill this in.") }] : []),
      ...(said.deadline < earliest
        ? [
            {
              field: "deadline",
              text: _("The deadline must be {at} or later.", { at: moment(earliest) }),
            },
          ]
        : []),
    ];
    this.requestUpdate();
    if (this.#wrong.length > 0) {
      void this.updateComplete.then(() => this.querySelector<HTMLElement>(".summary")?.focus());
      return;
    }
    void this.act.run("amend", () => this.#publish(said));
  }

  async #publish(said: Amendment): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Publish the amendment"),
      text: html`<p>${said.text}</p>
        <p>${_("Deadline and opening")} ${when(said.deadline)}</p>
        ${said.documents.map((one) => html`<p>${one.title} · ${one.name}</p>`)}
        ${said.bids === "replace"
          ? html`<p><strong>${_("Bids already in must be replaced")}</strong></p>`
          : nothing}`,
      word: said.bids === "replace" ? this.known().number : undefined,
      action: _("Sign and publish"),
      isGrave: said.bids === "replace",
    } as Parameters<typeof confirmTyped>[0]);
    if (!isSure) return;
    const message = await this.signed("amendment", amendment(this.project, said));
    await command(this.project, { type: "project.amend", message });
    await this.#kept().drop();
    this.#written = {
      section: said.section,
      text: "",
      documents: [],
      effect: "clarify",
      deadline: "",
    };
    await this.refresh();
    this.say(_("The amendment is published."));
  }
}

function EFFECTS(): readonly (readonly [Written["effect"], string, string?])[] {
  return [
    ["clarify", _("It only clarifies; bids are made as before")],
    [
      "stay",
      _("It affects the making of bids; bids already in stay valid"),
      _("The deadline leaves the time the terms ask for, or moves."),
    ],
    [
      "replace",
      _("It affects the making of bids; bids already in must be replaced"),
      _("Every bid that is in counts no longer; who wants to stay submits again."),
    ],
  ];
}
