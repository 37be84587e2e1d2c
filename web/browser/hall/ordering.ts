/**
 * The order of an opening: fetched as the record asks for it, compared with what the hall has seen,
 * shown before it is signed. A list that differs from the hall's own is never signed. It is not
 * recomputed from the record here: docs/threats.md says why custodians and the timekeeper do that.
 */

import { html } from "lit";
import { get } from "../app/api.ts";
import { confirmTyped, Said } from "../app/ask.ts";
import { sign } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { bidRows, placeName, type Scene } from "./scene.ts";

interface Expected {
  readonly now: number;
  readonly key_id: string;
  readonly bids: readonly {
    readonly bid: string;
    readonly seq: number;
    readonly enc: string;
    readonly stmt: string;
  }[];
}

/** Show the list, sign it and send it; nothing happens when the clerk goes back. */
export async function orderOpening(scene: Scene): Promise<void> {
  const { project, section, envelope } = scene;
  const expected = await get<Expected>(
    `/api/projects/${project}/sections/${section}/${envelope}/order`,
  );
  checkOrder(scene, expected);
  if (!(await confirmTyped(shown(scene, expected)))) return;
  // by the service's clock, and to the second, so that nobody has to wait for it
  const now = Math.floor(expected.now / 1000) * 1000;
  const message = await sign("opening-order", {
    v: 1,
    project,
    section,
    envelope,
    key_id: expected.key_id,
    scheduled_at: Math.max(now, scene.session.closed?.deadline ?? 0),
    bids: expected.bids.map(({ bid, seq, enc, stmt }) => ({ bid, seq, enc, stmt })),
  });
  await scene.outbox.send(_("Order the opening"), { type: "opening.issue_order", message });
}

/**
 * Compare an order with what the hall was told: the same key, and exactly the bids that were
 * announced and are not spoiled, in their order.
 *
 * @throws Said it is another list.
 */
export function checkOrder(scene: Scene, expected: Expected): void {
  const key = scene.view.keys?.[placeName(scene)];
  const due = bidRows(scene.session)
    .filter(([, row]) => row.spoiled === undefined)
    .filter(([, row]) => !scene.terms.co_open || row.secret !== undefined)
    .map(([bid]) => bid);
  const listed = expected.bids.map((one) => one.bid);
  if (key?.key_id !== expected.key_id || due.join() !== listed.join()) {
    throw new Said(_("The list that came is not the one the hall has seen. Nothing was signed; load the page again."));
  }
}

function shown(scene: Scene, expected: Expected): Parameters<typeof confirmTyped>[0] {
  const rows = scene.session.bids ?? {};
  return {
    title: _("Order the opening"),
    text: html`<p>
        ${_("You sign this list. Exactly these bids are opened, in this order; no other can be.")}
      </p>
      <ol class="order-list">
        ${expected.bids.map(
          (one) => html`<li>
            ${rows[one.bid]?.name ?? _("Not yet listed")}
            <code class="hash" title=${one.stmt}>${one.stmt.slice(0, 12)}</code>
          </li>`,
        )}
      </ol>
      <p class="hint">${_("Key")} <code class="hash">${expected.key_id.slice(0, 16)}</code></p>`,
    word: _("word order"),
    action: _("Sign and order"),
    isGrave: true,
  };
}
