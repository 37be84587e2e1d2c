/** The eight words by which people compare a key, as the notice prints them; it compares nothing. */

import { html, nothing, type TemplateResult } from "lit";
import { fingerprint } from "../crypto/fingerprint.ts";

/**
 * Show the words of a key.
 *
 * @param keyId its id, 32 bytes.
 * @param name what they are, where nothing beside them says it.
 */
export function eightWords(keyId: Uint8Array, name?: string): TemplateResult {
  return html`<ol class="fingerprint" aria-label=${name ?? nothing}>
    ${fingerprint(keyId).map(
      ({ chinese, english }) =>
        html`<li>
          <span class="fp-char" lang="zh-CN">${chinese}</span
          ><span class="fp-word" lang="en">${english}</span>
        </li>`,
    )}
  </ol>`;
}
