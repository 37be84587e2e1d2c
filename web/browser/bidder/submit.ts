/**
 * From a sealed file to a checked receipt: uploaded, signed here, admitted, proved. Each step is kept
 * before the next begins, and the same bytes go out under the same id however often.
 */

import { textOf, utf8, unbase64, type Bytes } from "../crypto/bytes.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { signEnvelope } from "../crypto/dsse.ts";
import { command, get, Problem, request, type Done } from "../app/api.ts";
import { ownKey, sign } from "../app/signing.ts";
import { NotTrusted, receipt, type Proven } from "../app/trust.ts";
import { _ } from "../app/texts.ts";
import { commandId, type BidRecord, type Refusal } from "./record.ts";
import { keepRecord } from "./shelf.ts";

/** What is refused because of who asks or when, and not because of the bid: it may be sent again. */
const PASSING = ["web.", "record.", "project."];

/** Sign a bid that is uploaded, and keep the command as it will be sent. */
export async function signed(record: BidRecord): Promise<BidRecord> {
  const { payload, upload } = record;
  const signer = await ownKey();
  if (payload === undefined || upload === undefined || signer === undefined) {
    throw new Error("nothing to sign, or nothing to sign with");
  }
  const message = await signEnvelope("bid", utf8(payload), signer);
  const body = JSON.stringify({
    type: "opening.admit_bid",
    message,
    upload: upload.split("/").at(-1) ?? "",
  });
  const ready: BidRecord = { ...record, body, stage: "submitting" };
  await keepRecord(ready);
  return ready;
}

/** Send the command of a signed bid; a refusal of the bid itself is kept. */
export async function submitted(record: BidRecord): Promise<BidRecord> {
  try {
    await command(record.project, record.body ?? "", commandId(record.bid));
  } catch (error) {
    if (!(error instanceof Problem) || isPassing(error)) throw error;
    const refused: BidRecord = { ...record, stage: "refused", refusal: refusalOf(error) };
    await keepRecord(refused);
    return refused;
  }
  const accepted: BidRecord = { ...record, stage: "waiting" };
  await keepRecord(accepted);
  return accepted;
}

/**
 * Wait for the receipt of an accepted bid and check that it is of this bid.
 *
 * @returns the same record while the timekeeper has not seen it.
 */
export async function receipted(record: BidRecord, patience?: number): Promise<BidRecord> {
  const proven = await receipt(record.project, await commandOf(record), patience);
  if (proven === undefined) return record;
  checkIsOf(proven, record);
  const done: BidRecord = {
    ...record,
    stage: "submitted",
    receipt: proven.receipt,
    receivedAt: Number(proven.entry["at"]),
    witnessedAt: proven.cosignedAt * 1000,
  };
  await keepRecord(done);
  return done;
}

/** Take one's last bid at a place back, signed; returns the command's id. */
export async function withdrawn(project: string, bid: string): Promise<Done> {
  const message = await sign("withdraw", { v: 1, project, bid });
  return command(project, { type: "opening.withdraw_bid", message }, `withdraw-${bid}`);
}

/** Have the service draw a receipt up as a page to print; the receipt is what proves. */
export async function receiptPage(data: Bytes): Promise<Blob> {
  const headers = { "content-type": "application/json" };
  const answer = await request("/api/receipt-page", { method: "POST", body: data, headers });
  return answer.blob();
}

/** Return the id under which the service has a bid: ours, or another client's. */
async function commandOf(record: BidRecord): Promise<string> {
  if (record.body !== undefined) return commandId(record.bid);
  const view = await get<{ bids: { bid: string; command: string }[] }>(
    `/api/projects/${record.project}`,
  );
  return view.bids.find(({ bid }) => bid === record.bid)?.command ?? commandId(record.bid);
}

function checkIsOf({ entry }: Proven, record: BidRecord): void {
  const body = entry["body"] as JsonObject | undefined;
  const envelope = body?.["envelope"] as { payload?: string } | undefined;
  const isOurs =
    entry["type"] === "opening.bid_admitted" &&
    textOf(unbase64(envelope?.payload ?? "")) === record.payload;
  if (!isOurs) throw new NotTrusted(_("The receipt is of something else."));
}

function isPassing(problem: Problem): boolean {
  return problem.status >= 500 || PASSING.some((area) => problem.code.startsWith(area));
}

function refusalOf(problem: Problem): Refusal {
  const answer = problem.facts["refusal"];
  return {
    code: problem.code,
    detail: problem.detail,
    at: Date.now(),
    ...(answer !== undefined && { signed: JSON.stringify(answer) }),
  };
}
