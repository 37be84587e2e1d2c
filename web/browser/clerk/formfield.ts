/** One field that a project adds to the bid form, as it is being written; it holds no value. */

import { html, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import { field, select, tick } from "./fields.ts";
import type { DraftField } from "./terms.ts";

/** What can be done with a field of the bid form. */
export interface FieldActs {
  readonly change: (part: Partial<DraftField>) => void;
  readonly remove: () => void;
}

/** Show one field of the bid form with everything about it. */
export function formField(
  one: DraftField,
  at: number,
  problem: (name: string) => string | undefined,
  { change, remove }: FieldActs,
): TemplateResult {
  return html`<div class="form-field" role="group" aria-label=${_("Field {n}", { n: at + 1 })}>
    ${field({
      name: `form-${at}-title`,
      label: _("Name as read out"),
      value: one.title,
      changed: (title) => change({ title }),
      problem: problem(`form-${at}-title`),
    })}
    ${field({
      name: `form-${at}-field`,
      label: _("Short name in files"),
      value: one.field,
      changed: (name) => change({ field: name }),
      problem: problem(`form-${at}-field`),
      most: 32,
    })}
    ${select(`form-${at}-kind`, _("Kind"), one.kind, kinds(), (kind) =>
      change({ kind: kind as DraftField["kind"] }),
    )}
    ${tick(`form-${at}-required`, _("Must be filled in"), one.required, (required) =>
      change({ required }),
    )}
    <button class="link" type="button" @click=${remove}>
      ${_("Remove field {n}", { n: at + 1 })}
    </button>
  </div>`;
}

function kinds(): readonly (readonly [DraftField["kind"], string])[] {
  return [
    ["text", _("Text")],
    ["amount", _("Amount of money")],
    ["integer", _("Whole number")],
    ["decimal", _("Decimal number")],
    ["date", _("Date")],
  ];
}
