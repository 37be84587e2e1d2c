/** Fields of the clerk's forms and the summary of what is wrong with them; they hold no values. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";

export interface FieldOptions {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly changed: (value: string) => void;
  readonly hint?: string | undefined;
  readonly problem?: string | undefined;
  readonly type?: "text" | "datetime-local";
  readonly mode?: "numeric" | "decimal";
  readonly most?: number;
  readonly unit?: string;
}

/** A problem with a form, and the id of the field it is about. */
export interface FieldProblem {
  readonly field: string;
  readonly text: string;
}

/** One line of text, a number or a moment. */
export function field(options: FieldOptions): TemplateResult {
  const { name, label, value, hint, problem, unit } = options;
  return html`<div class="field ${problem === undefined ? "" : "is-wrong"}">
    <label for=${name}>${label}</label>
    ${notes(name, hint, problem)}
    <span class=${unit === undefined ? "plain-input" : "unit-input"}>
      <input
        id=${name}
        name=${name}
        type=${options.type ?? "text"}
        step=${options.type === "datetime-local" ? "60" : nothing}
        inputmode=${options.mode ?? nothing}
        maxlength=${options.most ?? 500}
        autocomplete="off"
        aria-describedby=${described(name, hint, problem)}
        aria-invalid=${problem === undefined ? nothing : "true"}
        .value=${value}
        @input=${(event: Event): void => options.changed((event.target as HTMLInputElement).value)}
      />${unit === undefined ? nothing : html`<span class="unit">${unit}</span>`}
    </span>
  </div>`;
}

/** Several lines of text. */
export function area(
  options: Omit<FieldOptions, "type" | "mode" | "unit"> & { readonly rows?: number },
): TemplateResult {
  const { name, label, value, hint, problem } = options;
  return html`<div class="field ${problem === undefined ? "" : "is-wrong"}">
    <label for=${name}>${label}</label>
    ${notes(name, hint, problem)}
    <textarea
      id=${name}
      name=${name}
      rows=${options.rows ?? 5}
      maxlength=${options.most ?? 20_000}
      aria-describedby=${described(name, hint, problem)}
      aria-invalid=${problem === undefined ? nothing : "true"}
      .value=${value}
      @input=${(event: Event): void => options.changed((event.target as HTMLTextAreaElement).value)}
    ></textarea>
  </div>`;
}

/** One of several choices, all to be seen. */
export function choice<T extends string>(
  name: string,
  legend: string,
  value: T,
  options: readonly (readonly [T, string, string?])[],
  changed: (value: T) => void,
): TemplateResult {
  return html`<fieldset class="choices">
    <legend>${legend}</legend>
    ${options.map(
      ([key, text, hint]) =>
        html`<div class="choice">
          <input
            type="radio"
            id="${name}-${key}"
            name=${name}
            value=${key}
            .checked=${key === value}
            aria-describedby=${hint === undefined ? nothing : `${name}-${key}-hint`}
            @change=${(): void => changed(key)}
          />
          <label for="${name}-${key}">${text}</label>
          ${hint === undefined
            ? nothing
            : html`<p class="hint" id="${name}-${key}-hint">${hint}</p>`}
        </div>`,
    )}
  </fieldset>`;
}

/** A box to tick. */
export function tick(
  name: string,
  label: string,
  isOn: boolean,
  changed: (isOn: boolean) => void,
  hint?: string,
): TemplateResult {
  return html`<div class="choice">
    <input
      type="checkbox"
      id=${name}
      .checked=${isOn}
      aria-describedby=${hint === undefined ? nothing : `${name}-hint`}
      @change=${(event: Event): void => changed((event.target as HTMLInputElement).checked)}
    />
    <label for=${name}>${label}</label>
    ${hint === undefined ? nothing : html`<p class="hint" id="${name}-hint">${hint}</p>`}
  </div>`;
}

/** One of a list. */
export function select(
  name: string,
  label: string,
  value: string,
  options: readonly (readonly [string, string])[],
  changed: (value: string) => void,
): TemplateResult {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <select
      id=${name}
      @change=${(event: Event): void => changed((event.target as HTMLSelectElement).value)}
    >
      ${options.map(
        ([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`,
      )}
    </select>
  </div>`;
}

/** What is wrong with a form, each with a link to its field. */
export function summary(problems: readonly FieldProblem[]): TemplateResult | typeof nothing {
  if (problems.length === 0) return nothing;
  return html`<div class="summary" role="alert" tabindex="-1" aria-labelledby="summary-title">
    <h2 id="summary-title">${_("There is a problem")}</h2>
    <ul>
      ${problems.map(
        ({ field: name, text }) =>
          html`<li>
            <a href="#${name}" @click=${(event: Event): void => go(event, name)}
              >${labelOf(name)}${text}</a
            >
          </li>`,
      )}
    </ul>
  </div>`;
}

/** The field's own label, which tells two problems of the same kind apart. */
function labelOf(name: string): string {
  const label = document.querySelector(`label[for="${name}"]`)?.textContent.trim() ?? "";
  return label === "" ? "" : `${label} · `;
}

function go(event: Event, name: string): void {
  event.preventDefault();
  document.getElementById(name)?.focus();
}

function notes(name: string, hint?: string, problem?: string): TemplateResult {
  return html`${hint === undefined ? nothing : html`<p class="hint" id="${name}-hint">${hint}</p>`}
  ${problem === undefined
    ? nothing
    : html`<p class="field-problem" id="${name}-problem">${problem}</p>`}`;
}

function described(name: string, hint?: string, problem?: string): string | typeof nothing {
  const ids = [
    hint === undefined ? "" : `${name}-hint`,
    problem === undefined ? "" : `${name}-problem`,
  ];
  return ids.join(" ").trim() || nothing;
}
