/** What is wrong with the form of a section, in words. */

import { _ } from "../app/texts.ts";
import type { FieldProblem } from "./fields.ts";
import type { Wrong } from "./terms.ts";

/** Say what is wrong with a field. */
export function inWords({ field: name, why }: Wrong): FieldProblem {
  const said: Readonly<Record<Wrong["why"], string>> = {
    missing: _("Fill this in."),
    amount: _("Write an amount with at most two decimals, such as 90,000,000.00."),
    time: _("Give day and time."),
    number: _("Write a whole number that is possible here."),
    past: _("The deadline must be still to come."),
    questions: _("Questions end before the deadline, not after it."),
    threshold: _("No more can be needed than there are."),
    name: _("Small letters, digits and underscores, beginning with a letter."),
    twice: _("Another field has this name."),
    draw: _("Give at least two values, each once."),
  };
  return { field: name, text: said[why] };
}
