/** The terms of one section as a form; kept in this browser until they are saved on the record. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import { area, choice, field, summary, tick, type FieldProblem } from "./fields.ts";
import { formField } from "./formfield.ts";
import { inWords } from "./mistakes.ts";
import { presetOf } from "./presets.ts";
import { Kept, Step } from "./step.ts";
import { check, commandOf, draftOf, type Draft, type DraftField } from "./terms.ts";
import type { Project } from "./view.ts";

type TextName = Exclude<keyof Draft, "co_open" | "form" | "envelopes">;

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
    return html`<form
      class="form card"
      novalidate
      @submit=${(event: Event): void => this.#submit(event)}
    >
      ${summary(this.#wrong)} ${this.#about(draft, view)} ${this.#moments()} ${this.#custody(draft)}
      ${this.#windows()} ${this.#fields(draft)} ${this.#draw()} ${this.#periods()}
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

  #line(
    name: TextName,
    label: string,
    more: {
      hint?: string | undefined;
      unit?: string;
      mode?: "numeric" | "decimal";
      type?: "datetime-local";
    } = {},
  ): TemplateResult {
    const value = this.#draft?.[name] ?? "";
    const changed = (text: string): void => this.#put({ [name]: text });
    return field({ name, label, value, changed, problem: this.#problem(name), ...more });
  }

  #problem(name: string): string | undefined {
    return this.#wrong.find((one) => one.field === name)?.text;
  }

  #about(draft: Draft, view: Project): TemplateResult {
    return html`<fieldset>
      <legend>${_("What is tendered")}</legend>
      ${this.#line("title", _("Title of the section"))}
      ${choice(
        "envelopes",
        _("Envelopes"),
        draft.envelopes,
        [
          ["1", _("One envelope")],
          [
            "2",
            _("Two envelopes: technical first, price second"),
            _("Each has a key and a session of its own."),
          ],
        ],
        (envelopes) => this.#put({ envelopes }),
      )}
      <div class="field-row">
        ${this.#line("limit", _("Price limit, if there is one"), {
          hint: limitHint(view.currency),
          unit: unitOf(view.currency),
          mode: "decimal",
        })}
        ${this.#line("minimum_bidders", _("Fewest bidders"), {
          hint: _("With fewer at the deadline nothing is opened."),
          mode: "numeric",
        })}
      </div>
    </fieldset>`;
  }

  #moments(): TemplateResult {
    const hint = _("Beijing time");
    return html`<fieldset>
      <legend>${_("Deadlines")}</legend>
      <div class="field-row">
        ${this.#line("deadline", _("Deadline for bids, which is the opening"), {
          type: "datetime-local",
          hint,
        })}
        ${this.#line("question_deadline", _("Questions until"), { type: "datetime-local", hint })}
      </div>
    </fieldset>`;
  }

  #custody(draft: Draft): TemplateResult {
    return html`<fieldset>
      <legend>${_("Keys and files")}</legend>
      <div class="field-row">
        ${this.#line("n", _("Custodians"), {
          hint: _("Each holds a part of the key."),
          mode: "numeric",
        })}
        ${this.#line("k", _("Needed to open"), {
          hint: _("So many of them, then the timekeeper."),
          mode: "numeric",
        })}
        ${this.#line("max_size", _("Largest sealed file"), { unit: "MiB", mode: "numeric" })}
      </div>
      ${tick(
        "co_open",
        _("Each bidder also holds a secret of its own"),
        draft.co_open,
        (co_open) => this.#put({ co_open }),
        _(
          "Nothing opens without the bidder; a bidder that does not release it is deemed to have revoked.",
        ),
      )}
    </fieldset>`;
  }

  #windows(): TemplateResult {
    const unit = _("minutes");
    return html`<fieldset>
      <legend>${_("Windows of the session")}</legend>
      <div class="field-row">
        ${this.#line("sign_in", _("Sign-in before the deadline"), { unit, mode: "numeric" })}
        ${this.#draft?.co_open === true
          ? this.#line("secrets", _("Release of the bidders' secrets"), { unit, mode: "numeric" })
          : nothing}
        ${this.#line("draw_window", _("Each step of a draw"), { unit, mode: "numeric" })}
        ${this.#line("confirm", _("Confirming one's line"), { unit, mode: "numeric" })}
        ${this.#line("objections", _("Objections"), { unit, mode: "numeric" })}
      </div>
    </fieldset>`;
  }

  #fields(draft: Draft): TemplateResult {
    return html`<fieldset>
      <legend>${_("Bid form")}</legend>
      <p class="hint">
        ${_(
          "Bidder, price with capitals, security, quality, time, leader and remarks are always there. Add what else is read out.",
        )}
      </p>
      ${draft.form.map((one, at) => this.#formField(one, at))}
      <div class="acts">
        <button class="button button-quiet" type="button" @click=${(): void => this.#addField()}>
          ${_("Add a field")}
        </button>
      </div>
    </fieldset>`;
  }

  #formField(one: DraftField, at: number): TemplateResult {
    const others = this.#draft?.form ?? [];
    return formField(one, at, (name) => this.#problem(name), {
      change: (part) =>
        this.#put({
          form: others.map((each, index) => (index === at ? { ...each, ...part } : each)),
        }),
      remove: () => this.#put({ form: others.filter((_each, index) => index !== at) }),
    });
  }

  #addField(): void {
    const form = this.#draft?.form ?? [];
    let number = form.length + 1;
    while (form.some((one) => one.field === `field_${number}`)) number += 1;
    this.#put({
      form: [...form, { field: `field_${number}`, title: "", kind: "text", required: false }],
    });
    void this.updateComplete.then(
      () => this.querySelector<HTMLElement>(`#form-${form.length}-title`)?.focus(),
    );
  }

  #draw(): TemplateResult {
    const changed = (draw: string): void => this.#put({ draw });
    return html`<fieldset>
      <legend>${_("Draw")}</legend>
      ${area({
        name: "draw",
        label: _("Values to draw from, one a line"),
        hint: _("Empty where nothing is drawn."),
        value: this.#draft?.draw ?? "",
        changed,
        rows: 5,
        problem: this.#problem("draw"),
      })}
    </fieldset>`;
  }

  #periods(): TemplateResult {
    const [day, minute] = [_("days"), _("minutes")];
    return html`<details>
      <summary>${_("Periods the law asks for, and outages")}</summary>
      <div class="field-row">
        ${this.#line("tender", _("From notice to deadline, at least"), {
          unit: day,
          mode: "numeric",
        })}
        ${this.#line("amendment", _("From an amendment that affects bids, at least"), {
          unit: day,
          mode: "numeric",
        })}
        ${this.#line("outage", _("An outage counts in the last"), {
          unit: minute,
          mode: "numeric",
        })}
        ${this.#line("decision", _("The close waits for your decision"), {
          unit: minute,
          mode: "numeric",
        })}
      </div>
    </details>`;
  }

  #submit(event: Event): void {
    event.preventDefault();
    const draft = this.#draft;
    if (draft === undefined) return;
    this.#wrong = check(draft, this.known().now).map(inWords);
    this.requestUpdate();
    if (this.#wrong.length > 0) {
      void this.updateComplete.then(() => this.#showProblems());
      return;
    }
    void this.act.run("save", async () => {
      await this.ask(commandOf(this.#section, draft), "");
      await this.#kept().drop();
      location.assign(`/clerk/${this.project}/sections`);
    });
  }

  #showProblems(): void {
    const isHidden = this.#wrong.some((one) =>
      ["tender", "amendment", "outage", "decision"].includes(one.field),
    );
    if (isHidden) this.querySelector("details")?.setAttribute("open", "");
    this.querySelector<HTMLElement>(".summary")?.focus();
  }
}

function limitHint(currency: string): string | undefined {
  return currency === "CNY" ? _("In yuan, such as 90,000,000.00.") : undefined;
}

function unitOf(currency: string): string {
  return currency === "CNY" ? _("yuan") : currency;
}
