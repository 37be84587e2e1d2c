/** Standing aside 回避: possible at any time, from a quiet place, behind a word that is typed. */

import { html, type TemplateResult } from "lit";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { button, type Scene } from "./scene.ts";

const REASON = "aside";
const MOST = 2_000;

/** The quiet place; `open` lets the panel of names lead here. */
export function standAside(scene: Scene): TemplateResult {
  const reason = typed(REASON);
  const changed = (event: Event): void => {
    keepTyped(REASON, (event.target as HTMLTextAreaElement).value);
    scene.again();
  };
  return html`<details class="aside" id="aside">
    <summary>${_("Stand aside")}</summary>
    <p class="prose">${_("Whoever has to stand aside, or can go on no longer, leaves the committee with a reason. The clerk names another member, who repeats the review; what you gave is void.")}</p>
    <div class="form">
      <div class="field"><label for="aside-reason">${_("The reason, which is recorded")}</label>
        <textarea id="aside-reason" rows="3" maxlength=${MOST} .value=${reason} @input=${changed}></textarea></div>
      <div>${button(scene, { name: "aside", text: _("Stand aside"), run: () => leave(scene), isBlocked: reason.trim() === "", isQuiet: true })}</div>
    </div>
  </details>`;
}

async function leave(scene: Scene): Promise<void> {
  const isSure = await confirmTyped({
    title: _("Leave the committee?"),
    text: _("This cannot be taken back: you lose your seat at once, and what you gave is void."),
    word: _("STAND ASIDE"),
    action: _("Stand aside"),
    isGrave: true,
  });
  if (!isSure) return;
  await scene.send(_("Stand aside"), "stand_aside", { reason: typed(REASON).trim() });
  keepTyped(REASON, "");
}

/** Lead to the quiet place. */
export function showAside(): void {
  const found = document.querySelector<HTMLDetailsElement>("#aside");
  if (found === null) return;
  found.open = true;
  document.querySelector<HTMLElement>("#aside-reason")?.focus();
}
