/** Whose blind part each alias stood for; the service tells it once all marks are locked. */

import { html, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";

export interface Blind {
  /** The draw in force; its aliases in their order. */
  readonly draw: string;
  readonly aliases: readonly string[];
  /** Every draw that marks were given by, once they are locked. */
  readonly opened?: readonly {
    readonly draw: string;
    readonly seats: readonly string[];
    /** Alias to bid. */
    readonly bids: Readonly<Record<string, string>>;
  }[];
}

/** The blind parts by their aliases, as tables of marks and files have them. */
export function blindParts(blind: Blind | undefined): readonly { bid: string; organisation: string; name: string }[] {
  return (blind?.aliases ?? []).map((alias) => ({ bid: alias, organisation: "", name: _("Blind part {alias}", { alias }) }));
}

/** The table of aliases of each draw. */
export function openedAliases(blind: Blind | undefined, nameOf: (bid: string) => string): TemplateResult[] {
  return (blind?.opened ?? []).map(
    ({ seats, bids }) => html`<table class="table aliases">
      <caption>${_("Aliases of the blind parts")} · ${_("marked by seats {seats}", { seats: seats.join(", ") })}</caption>
      <thead><tr><th scope="col">${_("Alias")}</th><th scope="col">${_("Bidder")}</th></tr></thead>
      <tbody>${Object.entries(bids).map(
        ([alias, bid]) => html`<tr><th scope="row">${alias}</th><td>${nameOf(bid)}</td></tr>`,
      )}</tbody>
    </table>`,
  );
}
