/** The notice as it will be read: made of the very payload that is signed, and of nothing else. */

import { html, nothing, type TemplateResult } from "lit";
import { eightWords } from "../app/eight_words.ts";
import { amount } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { hex, unhex } from "../crypto/bytes.ts";
import { dumps, type JsonObject } from "../crypto/canonical.ts";
import { sha256 } from "../crypto/hashing.ts";
import { hash, when } from "../hall/pieces.ts";
import { sizeText } from "./units.ts";
import { ruleHash, type Rule } from "../committee/rule.ts";
import type { Terms, TenderDocument } from "./view.ts";

interface NoticeKey {
  readonly envelope: number;
  readonly key_id: string;
  readonly k: number;
  readonly roster: readonly { readonly name: string; readonly organisation: string }[];
  readonly timekeeper: { readonly name: string };
}

interface Notice {
  readonly number: string;
  readonly title: string;
  readonly tenderer: string;
  readonly agency?: string;
  readonly currency: string;
  readonly documents: readonly TenderDocument[];
  readonly sections: readonly (Terms & { readonly scoring?: string; readonly keys: readonly NoticeKey[] })[];
  readonly remedy: string;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * Show a notice whole.
 *
 * @param rules the scoring rules that are set: a title is shown only beside the hash of its rule.
 */
export function noticePreview(payload: JsonObject, rules: readonly Rule[] = []): TemplateResult {
  const titles = new Map(rules.map((one) => [ruleHash(one), one.title]));
  const notice = payload as unknown as Notice;
  return html`<article class="card paper" aria-label=${_("The notice as it will be published")}>
    <header>
      <p class="over mono">${notice.number}</p>
      <h2 class="paper-title">${notice.title}</h2>
      ${pairs([
        [_("Tenderer"), notice.tenderer],
        [_("Agency"), notice.agency],
        [_("Currency"), notice.currency],
      ])}
    </header>
    ${notice.sections.map((one) => section(one, notice.currency, titles))}
    <section>
      <h3>${_("Tender documents")}</h3>
      <ul class="files">
        ${notice.documents.map(
          (one) =>
            html`<li>
              ${one.title}<span class="sub"
                >${one.name} · ${sizeText(one.size)} · SHA-256
                <code class="whole-hash">${one.sha256}</code></span
              >
            </li>`,
        )}
      </ul>
      ${notice.documents.length === 0 ? html`<p class="quiet">${_("None")}</p>` : nothing}
    </section>
    <section>
      <h3>${_("If the keys are lost")}</h3>
      <p class="prose">${notice.remedy}</p>
    </section>
  </article>`;
}

/** By which rule a section is scored; where by none, that it is not evaluated here. */
function scoredBy(hash: string | undefined, titles: ReadonlyMap<string, string>): TemplateResult {
  if (hash === undefined) return html`${_("No rule: it is opened here, but not evaluated here")}`;
  return html`${titles.get(hash) ?? ""} <span class="sub">SHA-256 <code class="whole-hash">${hash}</code></span>`;
}

function section(
  one: Notice["sections"][number],
  currency: string,
  titles: ReadonlyMap<string, string>,
): TemplateResult {
  const minutes = (value: number): string => _("{n} min", { n: Math.floor(value / MINUTE) });
  const days = (value: number): string => _("days {n}", { n: Math.floor(value / DAY) });
  return html`<section>
    <h3>${one.title}</h3>
    ${pairs([
      [_("Deadline and opening"), when(one.deadline)],
      [_("Questions until"), when(one.question_deadline)],
      [
        _("Envelopes"),
        one.envelopes === 2 ? _("Two envelopes: technical first, price second") : _("One envelope"),
      ],
      [_("Price limit"), one.limit === undefined ? _("None") : `${amount(one.limit)} ${currency}`],
      [_("Scored by"), scoredBy(one.scoring, titles)],
      [_("Fewest bidders"), String(one.minimum_bidders)],
      [_("Largest sealed file"), sizeText(one.max_size)],
      [_("Each bidder also holds a secret of its own"), one.co_open ? _("Yes") : _("No")],
      [_("Sign-in before the deadline"), minutes(one.windows.sign_in)],
      [
        _("Release of the bidders' secrets"),
        one.co_open ? minutes(one.windows.secrets) : undefined,
      ],
      [_("Each step of a draw"), one.draw.length > 0 ? minutes(one.windows.draw) : undefined],
      [_("Confirming one's line"), minutes(one.windows.confirm)],
      [_("Objections"), minutes(one.windows.objections)],
      [_("From notice to deadline, at least"), days(one.periods.tender)],
      [_("From an amendment that affects bids, at least"), days(one.periods.amendment)],
      [_("An outage counts in the last"), minutes(one.periods.outage)],
      [_("The close waits for your decision"), minutes(one.periods.decision)],
      [_("Candidates are published for, at least"), days(one.periods.publication)],
      [_("Values to draw from"), one.draw.length > 0 ? one.draw.join(_(", ")) : undefined],
      [
        _("Bid form"),
        one.form.map((each) => `${each.title}${each.required ? " *" : ""}`).join(_(", ")) ||
          undefined,
      ],
    ])}
    ${one.keys.map((key) => keyBox(key, one.envelopes))}
  </section>`;
}

function keyBox(key: NoticeKey, of: number): TemplateResult {
  const holders = key.roster.map((one) => `${one.name} (${one.organisation})`).join(_(", "));
  return html`<div class="paper-key">
    <h4>
      ${of === 2
        ? _("Fingerprint of the key, envelope {n}", { n: key.envelope })
        : _("Fingerprint of the key")}
    </h4>
    ${eightWords(unhex(key.key_id, 32))}
    <p class="hint">
      ${_("{k} of {n} custodians, then the timekeeper", { k: key.k, n: key.roster.length })}:
      ${holders}; ${_("timekeeper")} ${key.timekeeper.name} · ${hash(key.key_id)}
    </p>
  </div>`;
}

function pairs(rows: readonly (readonly [string, unknown])[]): TemplateResult {
  return html`<dl class="facts">
    ${rows
      .filter(([, value]) => value !== undefined && value !== "")
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;
}

/** Show the very bytes that are signed, and their hash. */
export function bytesBox(payload: JsonObject): TemplateResult {
  const bytes = dumps(payload);
  return html`<details class="bytes-box">
    <summary>${_("The exact bytes that are signed")}</summary>
    <p class="hint">
      SHA-256 <code class="whole-hash">${hex(sha256(bytes))}</code> · ${sizeText(bytes.length)}
    </p>
    <pre tabindex="0">${new TextDecoder().decode(bytes)}</pre>
  </details>`;
}
