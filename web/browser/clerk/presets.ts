/** What a section begins with, by what is tendered; only a beginning, every value can be changed. */

import { _ } from "../app/texts.ts";
import type { Draft, DraftField } from "./terms.ts";

const PRESETS = ["works", "goods", "services"] as const;

export type Preset = (typeof PRESETS)[number];

/** Return each preset with its name. */
export function presets(): readonly (readonly [Preset, string])[] {
  return PRESETS.map((preset) => [preset, SPECIAL[preset]().title]);
}

/** Return the form a section begins with; its deadlines are still to be said. */
export function presetOf(preset: Preset, number: number): Draft {
  const { title, form, draw, size } = SPECIAL[preset]();
  return {
    title: `${_("Section {n}", { n: number })} ${title}`.trim(),
    envelopes: "1",
    limit: "",
    deadline: "",
    question_deadline: "",
    minimum_bidders: "3",
    max_size: size,
    co_open: false,
    n: "3",
    k: "2",
    sign_in: "60",
    secrets: "30",
    draw_window: "10",
    confirm: "30",
    objections: "30",
    tender: "20",
    amendment: "15",
    outage: "10",
    decision: "30",
    publication: "3",
    form,
    draw,
  };
}

interface Special {
  readonly title: string;
  readonly form: DraftField[];
  readonly draw: string;
  readonly size: string;
}

const SPECIAL: Readonly<Record<Preset, () => Special>> = {
  works: () => ({
    title: _("Works"),
    form: [
      {
        field: "leader_certificate",
        title: _("Certificate number of the project leader"),
        kind: "text",
        required: true,
      },
      {
        field: "safety_cost",
        title: _("Cost of safe and civilised construction"),
        kind: "amount",
        required: false,
      },
    ],
    draw: "0.94\n0.95\n0.96\n0.97\n0.98",
    size: "2048",
  }),
  goods: () => ({
    title: _("Goods"),
    form: [
      { field: "brand", title: _("Brand and model"), kind: "text", required: true },
      { field: "warranty_months", title: _("Warranty in months"), kind: "integer", required: true },
    ],
    draw: "",
    size: "512",
  }),
  services: () => ({
    title: _("Services"),
    form: [
      {
        field: "service_months",
        title: _("Term of service in months"),
        kind: "integer",
        required: true,
      },
      { field: "team", title: _("Number of people on the team"), kind: "integer", required: false },
    ],
    draw: "",
    size: "512",
  }),
};
