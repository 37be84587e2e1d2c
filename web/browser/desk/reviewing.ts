/**
 * The preliminary review: bid by bid, item by item, passed or not and why.
 *
 * Keys, while the focus is in the panel: 1 passes, 2 fails, j and k go to the next bid and back.
 */

import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import { _ } from "../app/texts.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { button, type Scene } from "./scene.ts";
import { type Bid, type PassItem, passItems } from "./view.ts";
import { awaited } from "./voting.ts";

const MOST_REASON = 500;

/** The bids one after the other; it keeps which one is looked at. */
export class Reviewing {
  #bid = "";

  render(scene: Scene): TemplateResult | typeof nothing {
    const bids = scene.view.bids ?? [];
    const open = bids.filter(({ bid }) => !this.#isDone(scene, bid));
    if (open.length === 0) return awaited(scene);
    const current = bids.find(({ bid }) => bid === this.#bid) ?? open[0];
    if (current === undefined) return html``;
    return html`<div class="review" data-bid=${current.bid} @keydown=${(event: KeyboardEvent): void => this.#key(scene, event)}>
      <p class="hint keys-hint">${_("Keys: 1 passes, 2 fails, j next bid, k the bid before.")}</p>
      <nav class="bid-tabs" aria-label=${_("Bids")}>
        ${bids.map((one, index) => this.#tab(scene, one, index, one === current))}
      </nav>
      ${keyed(current.bid, this.#sheet(scene, current))}
    </div>`;
  }

  #isDone(scene: Scene, bid: string): boolean {
    return scene.view.own.reviewed.includes(bid);
  }

  #tab(scene: Scene, one: Bid, index: number, isNow: boolean): TemplateResult {
    const isDone = this.#isDone(scene, one.bid);
    return html`<button class="bid-tab ${isDone ? "is-done" : ""}" type="button"
      aria-current=${isNow ? "true" : "false"}
      @click=${(): void => this.#show(scene, one.bid)}>
      <span class="nums">${index + 1}</span> ${one.name}${isDone
        ? html`<span class="tab-done"><span aria-hidden="true">✓</span><span class="unseen">${_("reviewed")}</span></span>`
        : nothing}
    </button>`;
  }

  #show(scene: Scene, bid: string): void {
    this.#bid = bid;
    scene.again();
  }

  #sheet(scene: Scene, one: Bid): TemplateResult {
    const items = passItems(scene.view);
    if (this.#isDone(scene, one.bid)) return html`<p class="waits">${_("You have reviewed this bid.")}</p>`;
    const isWhole = items.every(({ item }) => {
      const { passed, reason } = scene.draft.verdict(one.bid, item);
      return passed === true || (passed === false && reason.trim() !== "");
    });
    return html`<h3 class="bid-name">${one.name}</h3>
      <ol class="review-items">
        ${items.map((item, index) => html`<li>${this.#item(scene, one, item, index)}</li>`)}
      </ol>
      <p class="hint">${_("What you give stands: a bid is reviewed once by each member.")}</p>
      ${button(scene, {
        name: "review",
        text: _("Give my review of this bid"),
        run: () => this.#give(scene, one, items),
        isBlocked: !isWhole,
      })}`;
  }

  #item(scene: Scene, one: Bid, item: PassItem, index: number): TemplateResult {
    const { passed, reason } = scene.draft.verdict(one.bid, item.item);
    const choose = (value: boolean): void => {
      scene.draft.setVerdict(one.bid, item.item, { passed: value, reason });
    };
    const radio = (value: boolean, text: string): TemplateResult => html`<label
      class="pass-choice ${value ? "is-pass" : "is-fail"}"
      ><input type="radio" name="verdict-${item.item}" data-item=${item.item} .checked=${live(passed === value)}
        @change=${(): void => choose(value)} />${text}</label>`;
    const id = `why-${item.item}`;
    return html`<fieldset class="review-item" data-item=${item.item}>
      <legend><span class="nums">${index + 1}</span> ${item.title}${item.ground === undefined
        ? nothing
        : html`<span class="sub">${item.ground}</span>`}</legend>
      <div class="pass-choices">${radio(true, _("passes"))}${radio(false, _("fails"))}</div>
      ${passed === false
        ? html`<div class="field"><label for=${id}>${_("Why it fails")}</label>
            <input id=${id} maxlength=${MOST_REASON} .value=${live(reason)} autocomplete="off"
              @input=${(event: Event): void =>
                scene.draft.setVerdict(one.bid, item.item, { passed, reason: (event.target as HTMLInputElement).value })} /></div>`
        : nothing}
    </fieldset>`;
  }

  async #give(scene: Scene, one: Bid, items: readonly PassItem[]): Promise<void> {
    const verdicts: JsonObject[] = items.map(({ item }) => {
      const { passed, reason } = scene.draft.verdict(one.bid, item);
      return passed === true ? { item, passed } : { item, passed: false, reason: reason.trim() };
    });
    await scene.send(_("Give my review of this bid"), "review_bid", { bid: one.bid, verdicts });
    scene.draft.dropReview(one.bid);
    this.#bid = "";
  }

  #key(scene: Scene, event: KeyboardEvent): void {
    const target = event.target as HTMLInputElement;
    const isTyping = target.tagName === "INPUT" && target.type !== "radio";
    if (isTyping || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      this.#step(scene, event.key === "j" ? 1 : -1, event.currentTarget as HTMLElement);
    } else if (event.key === "1" || event.key === "2") {
      event.preventDefault();
      this.#say(target, event.key === "1");
    }
  }

  #step(scene: Scene, by: number, panel: HTMLElement): void {
    const bids = scene.view.bids ?? [];
    const shown = [...panel.querySelectorAll(".bid-tab")].findIndex((tab) => tab.ariaCurrent === "true");
    const next = bids[shown + by];
    if (next === undefined) return;
    this.#show(scene, next.bid);
    requestAnimationFrame(() => panel.querySelectorAll<HTMLElement>(".bid-tab")[shown + by]?.focus());
  }

  /** Choose for the item the focus is in, or the first one, and go on to what is next. */
  #say(target: HTMLElement, isPass: boolean): void {
    const panel = target.closest(".review");
    const item: Element | null | undefined = target.closest(".review-item") ?? panel?.querySelector(".review-item");
    item?.querySelector<HTMLInputElement>(isPass ? ".is-pass input" : ".is-fail input")?.click();
    const next = item?.closest("li")?.nextElementSibling?.querySelector<HTMLElement>("input");
    if (isPass && next) next.focus();
    // what comes next is there, or can be pressed, once the panel is drawn again
    else requestAnimationFrame(() => panel?.querySelector<HTMLElement>(isPass ? "[data-step=review]" : `#why-${item?.getAttribute("data-item") ?? ""}`)?.focus());
  }
}
