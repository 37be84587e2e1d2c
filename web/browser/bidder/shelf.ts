/** The bids this browser knows of: their records, forms and secrets, durable before anything goes on. */

import { store } from "../app/store.ts";
import { keptFiles, removeFile, sealedFile } from "./disk.ts";
import { afterReload, isUnderWay, type BidRecord } from "./record.ts";

const kept = store("bids");

/** A bidder's own secret, as it is kept until the opening. */
interface KeptSecret {
  readonly bid: string;
  readonly secret: string;
}

/** Keep what a bid has come to. */
export async function keepRecord(record: BidRecord): Promise<void> {
  await kept.put(`bid/${record.bid}`, record);
}

/** Keep what is sealed, for the hall to compare, and the bidder's own secret before it is used. */
export async function keepForm(bid: string, form: unknown, secret?: string): Promise<void> {
  await kept.put(`form/${bid}`, form);
  if (secret !== undefined) await kept.put(`secret/${bid}`, { bid, secret } satisfies KeptSecret);
}

/** Return a bid's own secret, if it has one here. */
export async function secretOf(bid: string): Promise<string | undefined> {
  return (await kept.get<KeptSecret>(`secret/${bid}`))?.secret;
}

/** Return all bids of a place that this browser knows of, the newest last. */
export async function recordsAt(
  project: string,
  section: string,
  envelope: number,
  account: string,
): Promise<BidRecord[]> {
  const found = await allRecords();
  return found.filter(
    (one) =>
      one.project === project &&
      one.section === section &&
      one.envelope === envelope &&
      one.account === account,
  );
}

/** Return all bids this browser knows of, the newest last. */
async function allRecords(): Promise<BidRecord[]> {
  const keys = await kept.keys("bid/");
  const found = await Promise.all(keys.map((key) => kept.get<BidRecord>(key)));
  return found
    .filter((one): one is BidRecord => one !== undefined)
    .sort((left, right) => left.created - right.created);
}

/**
 * Bring bids up to date after a reload: what was cut short is told so, and half files go.
 *
 * Whoever calls this holds the place's lock: nobody is sealing there.
 */
export async function broughtUp(
  records: readonly BidRecord[],
  nextRevision: number,
  admitted: ReadonlySet<string>,
): Promise<BidRecord[]> {
  const after: BidRecord[] = [];
  for (const record of records) {
    const file = isUnderWay(record) ? await sealedFile(record.bid) : undefined;
    const found = { fileSize: file?.size, nextRevision, isAdmitted: admitted.has(record.bid) };
    const now = afterReload(record, found);
    if (now !== record) await keepRecord(now);
    after.push(now);
  }
  await sweep(after);
  return after;
}

/** Remove the files of bids that need none any longer. */
export async function sweep(records: readonly BidRecord[]): Promise<void> {
  const here = new Set(await keptFiles());
  for (const record of records) {
    if (!isUnderWay(record) && here.has(record.bid)) await removeFile(record.bid);
  }
}

/** What was typed into a form and is not sealed yet. */
export async function keepDraft(place: string, filled: Readonly<Record<string, string>>): Promise<void> {
  await kept.put(`draft/${place}`, filled);
}

/** Return what was typed at a place before. */
export async function draftAt(place: string): Promise<Record<string, string> | undefined> {
  return kept.get<Record<string, string>>(`draft/${place}`);
}
