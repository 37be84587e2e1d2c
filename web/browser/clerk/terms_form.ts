/** The parts of the form of terms: a section's own page and a template's show the same; it holds nothing. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import { area, choice, field, tick } from "./fields.ts";
import { formField } from "./formfield.ts";
import type { Draft, DraftField } from "./terms.ts";

type TextName = Exclude<keyof Draft, "co_open" | "form" | "envelopes">;

/** The form that the parts are of. */
export interface TermsHost {
  readonly draft: Draft;
  /** What is wrong with a field. */
  problem(name: string): string | undefined;
  put(change: Partial<Draft>): void;
  /** Put the keyboard into a field that is about to be shown. */
  focus(id: string): void;
}

interface LineOptions {
  readonly hint?: string | undefined;
  readonly unit?: string;
  readonly mode?: "numeric" | "decimal";
  readonly type?: "datetime-local";
}

/** One line of the form. */
export function line(
  host: TermsHost,
  name: TextName,
  label: string,
  more: LineOptions = {},
): TemplateResult {
  const changed = (text: string): void => host.put({ [name]: text });
  return field({
    name,
    label,
    value: host.draft[name],
    changed,
    problem: host.problem(name),
    ...more,
  });
}

/** What is tendered; the limit where there is a currency to say it in. */
export function aboutPart(host: TermsHost, currency?: string): TemplateResult {
  return html`<fieldset>
    <legend>${_("What is tendered")}</legend>
    ${line(host, "title", _("Title of the section"))}
    ${choice(
      "envelopes",
      _("Envelopes"),
      host.draft.envelopes,
      [
        ["1", _("One envelope")],
        [
          "2",
          _("Two envelopes: technical first, price second"),
          _("Each has a key and a session of its own."),
        ],
      ],
      (envelopes) => host.put({ envelopes }),
    )}
    <div class="field-row">
      ${currency === undefined
        ? nothing
        : line(host, "limit", _("Price limit, if there is one"), {
            hint: limitHint(currency),
            unit: unitOf(currency),
            mode: "decimal",
          })}
      ${line(host, "minimum_bidders", _("Fewest bidders"), {
        hint: _("With fewer at the deadline nothing is opened."),
        mode: "numeric",
      })}
    </div>
  </fieldset>`;
}

/** The deadlines. */
export function momentsPart(host: TermsHost): TemplateResult {
  const hint = _("Beijing time");
  return html`<fieldset>
    <legend>${_("Deadlines")}</legend>
    <div class="field-row">
      ${line(host, "deadline", _("Deadline for bids, which is the opening"), {
        type: "datetime-local",
        hint,
      })}
      ${line(host, "question_deadline", _("Questions until"), { type: "datetime-local", hint })}
    </div>
  </fieldset>`;
}

/** Who holds the key, and how large a file may be. */
export function custodyPart(host: TermsHost): TemplateResult {
  return html`<fieldset>
    <legend>${_("Keys and files")}</legend>
    <div class="field-row">
      ${line(host, "n", _("Custodians"), {
        hint: _("Each holds a part of the key."),
        mode: "numeric",
      })}
      ${line(host, "k", _("Needed to open"), {
        hint: _("So many of them, then the timekeeper."),
        mode: "numeric",
      })}
      ${line(host, "max_size", _("Largest sealed file"), { unit: "MiB", mode: "numeric" })}
    </div>
    ${tick(
      "co_open",
      _("Each bidder also holds a secret of its own"),
      host.draft.co_open,
      (co_open) => host.put({ co_open }),
      _(
        "Nothing opens without the bidder; a bidder that does not release it is deemed to have revoked.",
      ),
    )}
  </fieldset>`;
}

/** How long each part of the session lasts. */
export function windowsPart(host: TermsHost): TemplateResult {
  const unit = _("minutes");
  return html`<fieldset>
    <legend>${_("Windows of the session")}</legend>
    <div class="field-row">
      ${line(host, "sign_in", _("Sign-in before the deadline"), { unit, mode: "numeric" })}
      ${host.draft.co_open
        ? line(host, "secrets", _("Release of the bidders' secrets"), { unit, mode: "numeric" })
        : nothing}
      ${line(host, "draw_window", _("Each step of a draw"), { unit, mode: "numeric" })}
      ${line(host, "confirm", _("Confirming one's line"), { unit, mode: "numeric" })}
      ${line(host, "objections", _("Objections"), { unit, mode: "numeric" })}
    </div>
  </fieldset>`;
}

/** The fields that are added to the bid form. */
export function fieldsPart(host: TermsHost): TemplateResult {
  return html`<fieldset>
    <legend>${_("Bid form")}</legend>
    <p class="hint">
      ${_(
        "Bidder, price with capitals, security, quality, time, leader and remarks are always there. Add what else is read out.",
      )}
    </p>
    ${host.draft.form.map((one, at) => oneField(host, one, at))}
    <div class="acts">
      <button class="button button-quiet" type="button" @click=${(): void => addField(host)}>
        ${_("Add a field")}
      </button>
    </div>
  </fieldset>`;
}

function oneField(host: TermsHost, one: DraftField, at: number): TemplateResult {
  const others = host.draft.form;
  return formField(one, at, (name) => host.problem(name), {
    change: (part) =>
      host.put({
        form: others.map((each, index) => (index === at ? { ...each, ...part } : each)),
      }),
    remove: () => host.put({ form: others.filter((_each, index) => index !== at) }),
  });
}

function addField(host: TermsHost): void {
  const { form } = host.draft;
  let number = form.length + 1;
  while (form.some((one) => one.field === `field_${number}`)) number += 1;
  host.put({
    form: [...form, { field: `field_${number}`, title: "", kind: "text", required: false }],
  });
  host.focus(`form-${form.length}-title`);
}

/** What is drawn from. */
export function drawPart(host: TermsHost): TemplateResult {
  return html`<fieldset>
    <legend>${_("Draw")}</legend>
    ${area({
      name: "draw",
      label: _("Values to draw from, one a line"),
      hint: _("Empty where nothing is drawn."),
      value: host.draft.draw,
      changed: (draw) => host.put({ draw }),
      rows: 5,
      problem: host.problem("draw"),
    })}
  </fieldset>`;
}

/** The periods of the law, and what an outage sets off. */
export function periodsPart(host: TermsHost): TemplateResult {
  const [day, minute] = [_("days"), _("minutes")];
  return html`<details>
    <summary>${_("Periods the law asks for, and outages")}</summary>
    <div class="field-row">
      ${line(host, "tender", _("From notice to deadline, at least"), {
        unit: day,
        mode: "numeric",
      })}
      ${line(host, "amendment", _("From an amendment that affects bids, at least"), {
        unit: day,
        mode: "numeric",
      })}
      ${line(host, "outage", _("An outage counts in the last"), { unit: minute, mode: "numeric" })}
      ${line(host, "decision", _("The close waits for your decision"), {
        unit: minute,
        mode: "numeric",
      })}
      ${line(host, "publication", _("Candidates are published for, at least"), {
        unit: day,
        mode: "numeric",
      })}
    </div>
  </details>`;
}

/** Open what hides a wrong field, and put the keyboard to the summary of what is wrong. */
export function showProblems(page: HTMLElement, wrong: readonly { readonly field: string }[]): void {
  const hidden = ["tender", "amendment", "outage", "decision", "publication"];
  if (wrong.some((one) => hidden.includes(one.field))) {
    page.querySelector("details")?.setAttribute("open", "");
  }
  page.querySelector<HTMLElement>(".summary")?.focus();
}

function limitHint(currency: string): string | undefined {
  return currency === "CNY" ? _("In yuan, such as 90,000,000.00.") : undefined;
}

function unitOf(currency: string): string {
  return currency === "CNY" ? _("yuan") : currency;
}
