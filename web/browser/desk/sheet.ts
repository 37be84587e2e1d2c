/** The score sheet: items down, bids across; what is wrong with a mark is said in its cell at once. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { plain, sum, wrong } from "./marking.ts";
import { button, type Scene, waiting } from "./scene.ts";
import { type Bid, type PointsItem, scoredBids, scoredParts, type Stage } from "./view.ts";

/** One's own marks, and their submission; afterwards only that the others are waited for. */
export function sheet(scene: Scene): TemplateResult {
  const { view, draft } = scene;
  if (view.own.marks_submitted) {
    const count = view.progress.marked.length;
    return html`${waiting(_("Your marks are submitted. They are shown when all are in."))}
      <p class="hint">${_("{count} of {all} have submitted", { count, all: view.members.length })}</p>`;
  }
  const bids = scoredBids(view);
  const items = scoredParts(view).flatMap((part) => part.items);
  const cells = bids.flatMap(({ bid }) => items.map((item) => [item, draft.mark(bid, item.item)] as const));
  const empty = cells.filter(([, text]) => text.trim() === "").length;
  const bad = cells.filter(([item, text]) => text.trim() !== "" && wrong(item, text) !== undefined).length;
  return html`<p class="hint keys-hint">${_("Enter goes to the next item of the same bid; the arrow keys go up and down.")}</p>
    ${table(scene, bids)}
    <p class="sheet-left" role="status">${left(empty, bad)}</p>
    ${scene.keyCard}
    ${button(scene, {
      name: "marks",
      text: _("Submit my marks"),
      run: () => submit(scene, bids, items),
      isBlocked: empty + bad > 0 || !scene.canSign,
    })}`;
}

function left(empty: number, bad: number): string {
  if (bad > 0) return _("{count} marks cannot be given as they are", { count: bad });
  return empty > 0 ? _("{count} marks are missing", { count: empty }) : _("Every mark is there");
}

function table(scene: Scene, bids: readonly Bid[]): TemplateResult {
  const parts = scoredParts(scene.view);
  return html`<div class="sheet-scroll" tabindex="0" role="region" aria-label=${_("Score sheet")}
    @keydown=${(event: KeyboardEvent): void => move(event)}>
    <table class="table sheet">
      <thead><tr><th scope="col">${_("Item")}</th><th scope="col">${_("Range and step")}</th>
        ${bids.map(({ name }) => html`<th scope="col" class="sheet-bid">${name}</th>`)}</tr></thead>
      ${parts.map(({ stage, items }) => part(scene, stage, items, bids))}
      ${parts.length > 1 ? total(scene, parts.flatMap(({ items }) => items), bids) : nothing}
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
  const id = `mark-${row}-${column}`;
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

async function submit(scene: Scene, bids: readonly Bid[], items: readonly PointsItem[]): Promise<void> {
  const isSure = await confirmTyped({
    title: _("Submit your marks for good?"),
    text: _("You sign {count} marks. Nobody, not even you, can change them afterwards; they are shown when every member has submitted.", { count: bids.length * items.length }),
    word: _("SUBMIT"),
    action: _("Submit my marks"),
    isGrave: true,
  });
  if (!isSure) return;
  const marks: JsonObject[] = bids.map(({ bid }) => ({
    bid,
    items: items.map(({ item }) => ({ item, mark: plain(scene.draft.mark(bid, item)) })),
  }));
  const message = await scene.sign("score-sheet", { rule: scene.view.rule_hash, marks });
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
  return html`${scoredBids(scene.view).map(
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
