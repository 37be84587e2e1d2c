/** The score sheet: items down, bids across; what is wrong with a mark is said in its cell at once. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { blindParts, openedAliases } from "../committee/aliases.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { isAlias } from "./listing.ts";
import { plain, sum, wrong } from "./marking.ts";
import { button, type Scene, waiting } from "./scene.ts";
import {
  type Bid,
  type Evaluation,
  hasBlind,
  nameOf,
  type PointsItem,
  scoredBids,
  scoredParts,
  type Stage,
} from "./view.ts";

/** One's own marks, and their submission; afterwards only that the others are waited for. */
export function sheet(scene: Scene): TemplateResult {
  const { view, draft } = scene;
  if (view.own.marks_submitted) {
    const count = view.progress.marked.length;
    return html`${waiting(_("Your marks are submitted. They are shown when all are in."))}
      <p class="hint">${_("{count} of {all} have submitted", { count, all: view.members.length })}</p>`;
  }
  if (hasBlind(view) && view.blind === undefined) {
    return waiting(_("The aliases of the blind parts are being drawn. Marks can be given in a moment."));
  }
  const grids = gridsOf(view);
  const cells = grids.flatMap(({ columns, parts }) =>
    columns.flatMap(({ bid }) =>
      parts.flatMap(({ items }) => items.map((item) => [item, draft.mark(bid, item.item)] as const)),
    ),
  );
  const empty = cells.filter(([, text]) => text.trim() === "").length;
  const bad = cells.filter(([item, text]) => text.trim() !== "" && wrong(item, text) !== undefined).length;
  return html`<p class="hint keys-hint">${_("Enter goes to the next item of the same bid; the arrow keys go up and down.")}</p>
    ${grids.map((grid) => table(scene, grid))}
    <p class="sheet-left" role="status">${left(empty, bad)}</p>
    ${scene.keyCard}
    ${button(scene, {
      name: "marks",
      text: _("Submit my marks"),
      run: () => submit(scene, grids, cells.length),
      isBlocked: empty + bad > 0 || !scene.canSign,
    })}`;
}

/** One table of marks: open items by bid, or blind ones by alias. */
interface Grid {
  readonly isBlind: boolean;
  readonly columns: readonly Bid[];
  readonly parts: readonly Part[];
}

interface Part {
  readonly stage: Stage;
  readonly items: readonly PointsItem[];
}

/** The tables to fill in: blind parts first, before whose they are could be on the mind. */
function gridsOf(view: Evaluation): Grid[] {
  const grids = [
    { isBlind: true, columns: blindParts(view.blind), parts: partsOf(view, true) },
    { isBlind: false, columns: scoredBids(view), parts: partsOf(view, false) },
  ];
  return grids.filter(({ parts }) => parts.length > 0);
}

function partsOf(view: Evaluation, isBlind: boolean): Part[] {
  return scoredParts(view)
    .map(({ stage, items }) => ({ stage, items: items.filter(({ blind }) => (blind === true) === isBlind) }))
    .filter(({ items }) => items.length > 0);
}

function left(empty: number, bad: number): string {
  if (bad > 0) return _("{count} marks cannot be given as they are", { count: bad });
  return empty > 0 ? _("{count} marks are missing", { count: empty }) : _("Every mark is there");
}

function table(scene: Scene, { isBlind, columns, parts }: Grid): TemplateResult {
  const title = isBlind ? _("Blind parts, by their aliases") : _("Score sheet");
  const items = parts.flatMap((one) => one.items);
  return html`${isBlind
      ? html`<h3>${title}</h3>
          <p class="hint">${_("Whose each blind part is nobody is told before all marks are locked. If a blind part names its bidder, tell the chair before you mark it.")}</p>`
      : hasBlind(scene.view)
        ? html`<h3>${_("Other items, by bid")}</h3>`
        : nothing}
    <div class="sheet-scroll" tabindex="0" role="region" aria-label=${title}
      @keydown=${(event: KeyboardEvent): void => move(event)}>
      <table class="table sheet">
        <thead><tr><th scope="col">${_("Item")}</th><th scope="col">${_("Range and step")}</th>
          ${columns.map(({ name }) => html`<th scope="col" class="sheet-bid">${name}</th>`)}</tr></thead>
        ${parts.map(({ stage, items: own }) => part(scene, stage, own, columns))}
        ${parts.length > 1 ? total(scene, items, columns) : nothing}
      </table>
    </div>`;
}

function part(scene: Scene, stage: Stage, items: readonly PointsItem[], bids: readonly Bid[]): TemplateResult {
  return html`<tbody>
    <tr class="sheet-part"><th scope="rowgroup" colspan=${2 + bids.length}>${stage.title}<span class="sub">${_(`part ${stage.part}`)}</span></th></tr>
    ${items.map((item, row) => html`<tr>
      <th scope="row">${item.title}${item.objective === true ? html`<span class="sub">${_("objective: all come to the same mark")}</span>` : nothing}</th>
      <td class="nums sheet-range">${_("{lowest} to {highest}", { lowest: item.lowest, highest: item.highest })}<span class="sub">${_("in steps of {step}", { step: item.step })}</span></td>
      ${bids.map((one, column) => cell(scene, item, one, `${stage.part}-${row}`, column))}
    </tr>`)}
    <tr class="sheet-sum"><th scope="row" colspan="2">${_("Sum of {part}", { part: stage.title })}</th>
      ${bids.map(({ bid }) => sumCell(scene, items, bid))}</tr>
  </tbody>`;
}

function total(scene: Scene, items: readonly PointsItem[], bids: readonly Bid[]): TemplateResult {
  return html`<tfoot><tr class="sheet-sum"><th scope="row" colspan="2">${_("Sum of all parts")}</th>
    ${bids.map(({ bid }) => sumCell(scene, items, bid))}</tr></tfoot>`;
}

function sumCell(scene: Scene, items: readonly PointsItem[], bid: string): TemplateResult {
  // only what may be given counts: a sum with a slip in it would mislead
  const marks = items.map((item) => [item, scene.draft.mark(bid, item.item)] as const);
  const given = marks.filter(([item, text]) => wrong(item, text) === undefined);
  return html`<td class="nums">${sum(given.map(([, text]) => text))}</td>`;
}

function cell(scene: Scene, item: PointsItem, one: Bid, row: string, column: number): TemplateResult {
  const text = scene.draft.mark(one.bid, item.item);
  const found = text.trim() === "" ? undefined : wrong(item, text);
  const id = `mark-${isAlias(one.bid) ? "blind-" : ""}${row}-${column}`;
  const changed = (event: Event): void => {
    scene.draft.setMark(one.bid, item.item, (event.target as HTMLInputElement).value.slice(0, 40));
  };
  return html`<td class="sheet-cell" data-bid=${one.bid}>
    <input id=${id} inputmode="decimal" autocomplete="off" maxlength="40" data-column=${column}
      aria-label=${_("{bidder}: {item}", { bidder: one.name, item: item.title })}
      aria-invalid=${found === undefined ? "false" : "true"}
      aria-describedby=${found === undefined ? nothing : `${id}-wrong`}
      .value=${live(text)} @input=${changed} />
    ${found === undefined
      ? nothing
      : html`<span class="cell-wrong" id="${id}-wrong" role="alert">${_(`wrong ${found}`)}</span>`}
  </td>`;
}

/** Go up or down within a bid's column. */
function move(event: KeyboardEvent): void {
  const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = event.target as HTMLInputElement;
  const column = from.dataset["column"];
  if (by === undefined || column === undefined) return;
  event.preventDefault();
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLInputElement>(`[data-column="${column}"]`)];
  const next = all[all.indexOf(from) + by];
  next?.focus();
  next?.select();
}

async function submit(scene: Scene, grids: readonly Grid[], count: number): Promise<void> {
  const isSure = await confirmTyped({
    title: _("Submit your marks for good?"),
    text: _("You sign {count} marks. Nobody, not even you, can change them afterwards; they are shown when every member has submitted.", { count }),
    word: _("SUBMIT"),
    action: _("Submit my marks"),
    isGrave: true,
  });
  if (!isSure) return;
  const rows = (name: "bid" | "alias", columns: readonly Bid[], parts: readonly Part[]): JsonObject[] => {
    const items = parts.flatMap((one) => one.items);
    return columns.map(({ bid }) => ({
      [name]: bid,
      items: items.map(({ item }) => ({ item, mark: plain(scene.draft.mark(bid, item)) })),
    }));
  };
  const { view } = scene;
  const marks = rows("bid", scoredBids(view), grids.find(({ isBlind }) => !isBlind)?.parts ?? []);
  const blind = grids.find(({ isBlind }) => isBlind);
  const under =
    blind === undefined || view.blind === undefined
      ? {}
      : { blind: { draw: view.blind.draw, marks: rows("alias", blind.columns, blind.parts) } };
  const message = await scene.sign("score-sheet", { rule: view.rule_hash, marks, ...under });
  scene.draft.hold();
  try {
    await scene.send(_("Submit my marks"), "submit_marks", { message });
  } catch (error) {
    scene.draft.now();
    throw error;
  }
  scene.draft.forget();
}

/** All marks of all seats, once they are locked. */
export function locked(scene: Scene): TemplateResult | typeof nothing {
  const { marks, members } = scene.view;
  if (marks === undefined) return nothing;
  const items = scoredParts(scene.view).flatMap((one) => one.items);
  return html`${openedAliases(scene.view.blind, (bid) => nameOf(scene.view, bid))} ${scoredBids(scene.view).map(
    ({ bid, name }) => html`<h3 class="bid-name">${name}</h3>
      <div class="sheet-scroll" tabindex="0" role="region" aria-label=${_("Marks of {bidder}", { bidder: name })}>
        <table class="table sheet">
          <thead><tr><th scope="col">${_("Item")}</th>${members.map(
            ({ seat, name: who }) => html`<th scope="col" class="num">${_("seat {seat}", { seat })}<span class="sub">${who}</span></th>`,
          )}</tr></thead>
          <tbody>${items.map(
            ({ item, title }) => html`<tr><th scope="row">${title}</th>${members.map(
              ({ seat }) => html`<td class="num nums">${marks[bid]?.[item]?.[seat] ?? "—"}</td>`,
            )}</tr>`,
          )}
          <tr class="sheet-sum"><th scope="row">${_("Sum")}</th>${members.map(
            ({ seat }) => html`<td class="num nums">${sum(items.map(({ item }) => marks[bid]?.[item]?.[seat] ?? ""))}</td>`,
          )}</tr></tbody>
        </table>
      </div>`,
  )}`;
}
