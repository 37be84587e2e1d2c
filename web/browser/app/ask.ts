/** Asks a person: a confirmation that is typed where nothing can be undone, or a reason in words. */

import { html, nothing, render, type TemplateResult } from "lit";
import { Problem, Unreachable } from "./api.ts";
import { _ } from "./texts.ts";
import { handOn, keepTyped, typed } from "./typed.ts";

export interface Confirmation {
  readonly title: string;
  readonly text: string | TemplateResult;
  /** What must be typed before the button works; left out where a click is enough. */
  readonly word?: string;
  readonly action: string;
  readonly isGrave?: boolean;
}

export interface TextQuestion {
  readonly title: string;
  readonly text?: string;
  readonly label: string;
  readonly action: string;
  readonly most?: number;
  readonly isLong?: boolean;
}

/** What went wrong, said by whoever knows best: shown as it is. */
export class Said extends Error {
  override readonly name = "Said";
}

/** Return what happened and what to do, of anything that was thrown. */
export function inWords(error: unknown): string {
  if (error instanceof Problem) return error.detail;
  if (error instanceof Unreachable) {
    return _("The service does not answer. What you entered is kept; try again in a moment.");
  }
  if (error instanceof DOMException && error.name === "SecurityError") {
    return _("This window may keep nothing on this device: it is a private window, or the browser blocks the data of sites. Open the page in an ordinary window, or allow this site to keep data.");
  }
  // what contradicts what was seen before says so itself, in words for people
  if (error instanceof Said || (error instanceof Error && error.name === "NotTrusted")) return error.message;
  console.error(error);
  return _("This did not work: {what}", { what: error instanceof Error ? error.message : String(error) });
}

/** Ask whether to go on; true only after a click on the action, with the word typed. */
export async function confirmTyped(asked: Confirmation): Promise<boolean> {
  const answer = await ask((field) => {
    const word = asked.word;
    return html`<h2 id="ask-title">${asked.title}</h2>
      <div class="prose">${asked.text}</div>
      ${word === undefined
        ? nothing
        : html`<div class="field">
            <label for="ask-field">${_("Type “{word}” to confirm", { word })}</label>
            <input id="ask-field" autocomplete="off" spellcheck="false" @input=${field.changed} />
          </div>`}
      ${actions(asked.action, asked.isGrave === true, word !== undefined && field.text().trim() !== word)}`;
  });
  return answer !== undefined;
}

/** Ask for words, kept until they were sent; undefined when the person goes back. */
export async function askText(asked: TextQuestion): Promise<string | undefined> {
  const most = asked.most ?? 500;
  const name = [asked.title, asked.text, asked.label].join("/");
  const said = await ask((field) => {
    const changed = (): void => {
      keepTyped(name, field.text());
      field.changed();
    };
    const input = asked.isLong
      ? html`<textarea id="ask-field" rows="6" maxlength=${most} @input=${changed}></textarea>`
      : html`<input id="ask-field" maxlength=${most} autocomplete="off" @input=${changed} />`;
    return html`<h2 id="ask-title">${asked.title}</h2>
      ${asked.text === undefined ? nothing : html`<p class="prose">${asked.text}</p>`}
      <div class="field"><label for="ask-field">${asked.label}</label>${input}</div>
      ${actions(asked.action, false, field.text().trim() === "")}`;
  }, typed(name));
  if (said !== undefined) handOn(name);
  return said;
}

interface Field {
  readonly text: () => string;
  readonly changed: () => void;
}

function actions(action: string, isGrave: boolean, isBlocked: boolean): TemplateResult {
  return html`<div class="ask-actions">
    <button class="button ${isGrave ? "button-grave" : ""}" type="submit" value="yes" ?disabled=${isBlocked}>
      ${action}
    </button>
    <button class="button button-quiet" type="submit" value="no" formnovalidate>${_("Go back")}</button>
  </div>`;
}

/** Show a dialog until it is answered; the trimmed text of its field, undefined when it is left. */
async function ask(
  content: (field: Field) => TemplateResult,
  before = "",
): Promise<string | undefined> {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.setAttribute("aria-labelledby", "ask-title");
  const text = (): string =>
    dialog.querySelector<HTMLInputElement | HTMLTextAreaElement>("#ask-field")?.value ?? "";
  const field: Field = { text, changed: () => show() };
  const show = (): void => {
    // Enter in the field means the action, never "go back": the action comes first
    render(html`<form method="dialog" class="form">${content(field)}</form>`, dialog);
  };
  show();
  const input = dialog.querySelector<HTMLInputElement | HTMLTextAreaElement>("#ask-field");
  if (before !== "" && input !== null) {
    input.value = before;
    show();
  }
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const said = dialog.returnValue === "yes" ? text().trim() : undefined;
      dialog.remove();
      resolve(said);
    });
  });
}
