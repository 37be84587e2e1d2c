/**
 * The committee's discussion at a member's seat: folded away with what is unread counted, typed text
 * kept over a reload. What is said is on the record and decides nothing.
 */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { Discussion } from "../committee/discussion.ts";
import { button, type Scene } from "./scene.ts";

/** The longest message the service takes, characters. */
const MOST = 1_000;
const [TEXT, OPEN, SEEN] = ["say-text", "say-open", "say-seen"];

export class Discussing {
  #messages: Discussion | undefined;
  #wasOpen = false;

  render(scene: Scene): TemplateResult | typeof nothing {
    const count = scene.view.said;
    if (count === undefined) return nothing;
    this.#messages ??= new Discussion(
      `/api/projects/${scene.project}/sections/${scene.section}/discussion`,
      () => scene.again(),
    );
    const messages = this.#messages;
    void messages.upTo(count);
    const isOpen = typed(OPEN) !== "";
    const seen = Number(typed(SEEN) || "0");
    if (isOpen && messages.items.length > seen) keepTyped(SEEN, String(messages.items.length));
    const unread = isOpen ? 0 : messages.items.filter((one) => one.n > seen && one.seat !== scene.view.seat).length;
    const isOver = scene.view.report !== undefined;
    if (isOver && count === 0) return nothing;
    return html`<details class="card discussion" ?open=${isOpen} @toggle=${(event: Event): void => this.#toggled(scene, event)}>
      <summary>${_("Discussion")} ${unread === 0 ? nothing : html`<span class="tag tag-amber">${_("{count} new", { count: unread })}</span>`}</summary>
      <p class="hint">${_("The committee and the supervisor read this, live; it is on the record and decides nothing.")}</p>
      ${messages.list(scene.view.seat)} ${isOver ? html`<p class="hint">${_("The discussion ended with the report.")}</p>` : this.#form(scene)}
    </details>`;
  }

  #toggled(scene: Scene, event: Event): void {
    const isOpen = (event.target as HTMLDetailsElement).open;
    if (isOpen === this.#wasOpen) return;
    this.#wasOpen = isOpen;
    keepTyped(OPEN, isOpen ? "open" : "");
    scene.again();
  }

  #form(scene: Scene): TemplateResult {
    const typing = (event: Event): void => {
      keepTyped(TEXT, (event.target as HTMLTextAreaElement).value);
      scene.again();
    };
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      (event.target as HTMLElement).closest("details")?.querySelector<HTMLElement>("[data-step=say]")?.click();
    };
    return html`<div class="form">
      <div class="field">
        <label for="say">${_("Say something to the committee")}</label>
        <textarea id="say" rows="3" maxlength=${MOST} aria-describedby="say-hint" .value=${live(typed(TEXT))} @input=${typing} @keydown=${pressed}></textarea>
        <p class="hint" id="say-hint">${_("At most {most} characters; Ctrl+Enter sends it.", { most: MOST })}</p>
      </div>
      <div>${button(scene, {
        name: "say",
        text: _("Send to the committee"),
        run: () => this.#say(scene),
        isBlocked: typed(TEXT).trim() === "",
      })}</div>
    </div>`;
  }

  async #say(scene: Scene): Promise<void> {
    const text = typed(TEXT).trim();
    await scene.send(_("Send to the committee"), "say", { text });
    keepTyped(TEXT, "");
    scene.again();
  }
}
