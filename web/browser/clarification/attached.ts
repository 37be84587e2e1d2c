/** What is attached to an answer, to be saved: a name, a size, and the hash of its bytes. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";

const KIB = 1024;

export interface Attached {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
}

/** Where a question's attachments are. */
export function attachmentsOf(project: string, section: string, clarification: string): string {
  return `/api/projects/${project}/sections/${section}/clarifications/${clarification}/attachments`;
}

/** A list of links that save; nothing where there is nothing. */
export function attachedList(files: readonly Attached[] | undefined, path: string): TemplateResult | typeof nothing {
  if (files === undefined || files.length === 0) return nothing;
  return html`<ul class="attached" aria-label=${_("Attachments")}>
    ${files.map(
      (one) => html`<li><a href="${path}/${one.sha256}" download=${one.name}>${one.name}</a>
        <span class="sub nums">${inSize(one.size)} · SHA-256 <code title=${one.sha256}>${one.sha256.slice(0, 12)}</code></span></li>`,
    )}
  </ul>`;
}

/** A size for people. */
export function inSize(bytes: number): string {
  if (bytes < KIB) return `${bytes} B`;
  const [value, unit] = bytes < KIB * KIB ? [bytes / KIB, "KiB"] : [bytes / KIB / KIB, "MiB"];
  return `${value.toFixed(1)} ${unit}`;
}
