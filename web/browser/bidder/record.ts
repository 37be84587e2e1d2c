/**
 * One bid's way from sealing to its receipt, as it is kept in this browser; and what to do with it
 * after a reload. It decides nothing about time and asks nobody.
 */

/**
 * sealing: the worker writes; sealed: the file is whole, the message made; uploading: the service
 * has some of it; submitting: the signed command is kept and may be on its way; waiting: accepted,
 * the receipt is not there yet; submitted: the receipt was checked; refused: by the service, for
 * good; lost: cut short or its file is gone.
 */
export type Stage =
  | "sealing"
  | "sealed"
  | "uploading"
  | "submitting"
  | "waiting"
  | "submitted"
  | "refused"
  | "lost";

/** Why a bid was refused, with the service's signed answer where there is one. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly at: number;
  readonly signed?: string;
}

/** What is kept of a bid under `bid/<bid>`. */
export interface BidRecord {
  readonly v: 1;
  readonly bid: string;
  readonly project: string;
  readonly section: string;
  readonly envelope: 1 | 2;
  readonly account: string;
  readonly organisation: string;
  readonly revision: number;
  readonly supersedes?: string;
  readonly created: number;
  readonly stage: Stage;
  readonly files: readonly { readonly name: string; readonly size: number }[];
  /** Whether the bidder keeps a secret of its own, and whether its saved file was opened again. */
  readonly hasSecret: boolean;
  readonly isSecretSaved: boolean;
  /** The eight words of the key it was sealed to. */
  readonly words: string;
  readonly payload?: string;
  readonly size?: number;
  readonly root?: string;
  /** The upload's address at the service. */
  readonly upload?: string;
  /** The command as it is sent, byte for byte, with this browser's signature in it. */
  readonly body?: string;
  readonly receipt?: Uint8Array<ArrayBuffer>;
  readonly receivedAt?: number;
  readonly witnessedAt?: number;
  readonly refusal?: Refusal;
  /** Why it is lost. */
  readonly cause?: "cut" | "file" | "given_up" | "outdated" | "failed";
}

/** What a page finds when it opens a bid that was under way. */
export interface Found {
  /** The bytes of the sealed file here, undefined when there is none. */
  readonly fileSize: number | undefined;
  /** The revision that may come next by the service's list of one's own bids. */
  readonly nextRevision: number;
  /** Whether the service has this bid already. */
  readonly isAdmitted: boolean;
}

/** What the page does next. */
export type Next = "seal" | "secret" | "upload" | "submit" | "receipt" | "done";

/** Tell whether anything is still to be done with a bid. */
export function isUnderWay({ stage }: BidRecord): boolean {
  return stage !== "submitted" && stage !== "refused" && stage !== "lost";
}

/**
 * Return a bid as it stands after a reload: what was cut is told lost, what the service has goes on
 * to its receipt.
 */
export function afterReload(record: BidRecord, found: Found): BidRecord {
  if (!isUnderWay(record)) return record;
  if (found.isAdmitted) return { ...record, stage: "waiting" };
  if (record.stage === "sealing") return lost(record, "cut");
  if (record.stage === "waiting" || record.stage === "submitting") return record;
  if (record.revision !== found.nextRevision) return lost(record, "outdated");
  if (found.fileSize === undefined || found.fileSize !== record.size) return lost(record, "file");
  return record;
}

/** Return what is to be done with a bid next. */
export function nextOf(record: BidRecord): Next {
  switch (record.stage) {
    case "sealing":
      return "seal";
    case "sealed":
    case "uploading":
      return record.hasSecret && !record.isSecretSaved ? "secret" : "upload";
    case "submitting":
      return "submit";
    case "waiting":
      return "receipt";
    case "submitted":
    case "refused":
    case "lost":
      return "done";
  }
}

/** Return a bid that goes no further, with why. */
export function lost(record: BidRecord, cause: NonNullable<BidRecord["cause"]>): BidRecord {
  return { ...record, stage: "lost", cause };
}

/** Return the id of the command that submits a bid: the same however often it is sent. */
export function commandId(bid: string): string {
  return `bid-${bid}`;
}

/** Tell whether a file that was saved is this bid's secret. */
export function isSecretOf(text: string, bid: string, secret: string): boolean {
  try {
    const told = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return told["bid"] === bid && told["secret"] === secret;
  } catch {
    return false;
  }
}

/** Return the file of a bid's secret, as the command line keeps it too. */
export function secretText(bid: string, secret: string): string {
  return JSON.stringify({ bid, secret });
}
