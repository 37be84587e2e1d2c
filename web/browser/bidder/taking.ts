/** Takes in a bid that was sealed on another machine; it is checked before it is kept. */

import { hex, textOf, utf8 } from "../crypto/bytes.ts";
import { Fields } from "../crypto/fields.ts";
import { loads } from "../crypto/canonical.ts";
import { must } from "../crypto/invalid.ts";
import { readParams } from "../crypto/params.ts";
import { decode65 } from "../crypto/points.ts";
import { SliceTree } from "../crypto/slicetree.ts";
import { checkSealer, statement } from "../crypto/statement.ts";
import type { Bidding } from "./bidding.ts";
import { keepFile } from "./disk.ts";
import type { BidRecord } from "./record.ts";
import { storedEntries } from "./unzip.ts";

const SMALL = 1 << 20;

/**
 * Keep a bid that was sealed elsewhere for this place, ready to be signed and submitted.
 *
 * @throws Invalid it is for another place, key, bidder or revision, or not whole.
 */
export async function takeSealed(bidding: Bidding, file: Blob): Promise<BidRecord> {
  const entries = await storedEntries(file);
  const [told, sealed] = [entries.get("bid.json"), entries.get("sealed")];
  must(told !== undefined && sealed !== undefined && told.size < SMALL, "sealed.entries");
  const { bid: payload } = JSON.parse(await told.text()) as { bid: string };
  const fields = new Fields(loads(utf8(payload)), "bid").version();
  const bound = utf8(fields.text("params"));
  const params = readParams(bound);
  const { place, trusted, own } = bidding;
  must(trusted !== undefined, "key.not_proven");
  must(params.project === place.project && params.section === place.section, "sealed.place");
  must(params.envelope === place.envelope && params.bidder === place.organisation, "sealed.place");
  must(params.keyId === hex(trusted.key.keyId), "sealed.key");
  const last = own.at(-1);
  must(params.revision === (last?.revision ?? 0) + 1, "sealed.revision");
  must(params.supersedes === last?.bid, "sealed.revision");
  const [enc, ct] = [fields.bytes("enc", 65), fields.bytes("ct", 48)];
  const [size, root] = [fields.integer("size"), fields.bytes("root", 32)];
  checkSealer(decode65(enc), statement(bound, enc, ct, size, root), fields.bytes("pok", 65));
  fields.done();
  must(sealed.size === size && (await rootOf(sealed)) === hex(root), "sealed.file");
  await keepFile(params.bid, sealed);
  const record: BidRecord = {
    v: 1,
    ...place,
    bid: params.bid,
    revision: params.revision,
    ...(params.supersedes !== undefined && { supersedes: params.supersedes }),
    created: params.created,
    stage: "sealed",
    files: [],
    hasSecret: params.bidderSecretCommit !== undefined,
    // it was saved where the bid was sealed; only there it is known
    isSecretSaved: true,
    words: bidding.words.map(({ english }) => english).join(" "),
    payload: textOf(utf8(payload)),
    size,
    root: hex(root),
  };
  await bidding.keep(record);
  return record;
}

async function rootOf(sealed: Blob): Promise<string> {
  const tree = new SliceTree();
  for (let at = 0; at < sealed.size; at += SMALL) {
    await tree.update(new Uint8Array(await sealed.slice(at, at + SMALL).arrayBuffer()));
  }
  return hex(await tree.root());
}
