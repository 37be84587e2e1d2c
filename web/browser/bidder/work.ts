/**
 * What runs for a while: sealing in its worker, uploading, waiting for a receipt. It tells how far
 * each is, lets it be held, and keeps every step before the next begins.
 */

import type { Bidding } from "./bidding.ts";
import type { Phase } from "./protocol.ts";
import { lost, nextOf, type BidRecord } from "./record.ts";
import { SealingRun } from "./sealer.ts";
import { removeFile } from "./disk.ts";
import type { Progress, Running } from "./progress.ts";
import { Pace } from "./size.ts";
import { receipted, signed, submitted } from "./submit.ts";
import { Sending } from "./upload.ts";

/** How long a line that is down is given before the next try, ms. */
const QUIET = 5000;

export class Work implements Running {
  progress: Progress | undefined;
  isHeld = false;
  /** Whether the line is down at the moment. */
  isOffline = false;
  #run: SealingRun | undefined;
  #sending: Sending | undefined;
  #pace = new Pace();
  #phase = "";

  constructor(
    private readonly bidding: Bidding,
    private readonly changed: () => void,
  ) {}

  get isRunning(): boolean {
    return this.#run !== undefined || this.#sending !== undefined;
  }

  /** Seal what was chosen and typed; the record is kept as sealed when the file opened again. */
  async seal(): Promise<BidRecord> {
    const { bidding } = this;
    const { record, order } = await bidding.begin();
    const told = (phase: Phase, done: number, total: number): void => this.#tell(phase, done, total);
    this.#run = new SealingRun(bidding.worker, order, bidding.files, told);
    this.changed();
    try {
      const { payload, size, root } = await this.#run.done;
      const sealed: BidRecord = { ...record, stage: "sealed", payload, size, root };
      await bidding.keep(sealed);
      return sealed;
    } catch (error) {
      await bidding.keep(lost(record, "failed"));
      await removeFile(record.bid).catch(() => undefined);
      throw error;
    } finally {
      this.#run = undefined;
      this.#ended();
    }
  }

  /** Take a sealed bid as far as its receipt, from wherever it stands. */
  async submit(from: BidRecord): Promise<BidRecord> {
    let record = from;
    if (nextOf(record) === "upload") record = await this.#upload(record);
    if (nextOf(record) === "submit") record = await this.#step(await submitted(record));
    if (nextOf(record) === "receipt") record = await this.#step(await receipted(record));
    return record;
  }

  /** Look for the receipt of an accepted bid once more. */
  async receipt(record: BidRecord): Promise<BidRecord> {
    return this.#step(await receipted(record));
  }

  /** Hold what is running, or let it go on. */
  async hold(isHeld: boolean): Promise<void> {
    this.isHeld = isHeld;
    this.#pace = new Pace();
    this.#run?.hold(isHeld);
    if (isHeld) await this.#sending?.hold();
    else this.#sending?.goOn();
    this.changed();
  }

  async #upload(from: BidRecord): Promise<BidRecord> {
    const file = await this.bidding.fileOf(from);
    let record: BidRecord = { ...from, stage: "uploading" };
    await this.bidding.keep(record);
    this.#sending = new Sending(file, record.bid, record, {
      known: record.upload,
      keep: async (address) => {
        record = { ...record, upload: address };
        await this.bidding.keep(record);
      },
      sent: (done, total) => {
        this.isOffline = false;
        this.#tell("upload", done, total);
      },
      cut: () => {
        this.isOffline = true;
        this.changed();
      },
      pause: QUIET,
    });
    this.changed();
    try {
      await this.#sending.done;
      return await this.#step(await signed(record));
    } finally {
      this.#sending = undefined;
      this.#ended();
    }
  }

  async #step(record: BidRecord): Promise<BidRecord> {
    await this.bidding.keep(record);
    this.changed();
    return record;
  }

  #tell(phase: Progress["phase"], done: number, total: number): void {
    if (phase !== this.#phase) this.#pace = new Pace();
    this.#phase = phase;
    this.#pace.note(performance.now(), done);
    this.progress = { phase, done, total, speed: this.#pace.speed, left: this.#pace.left(total) };
    this.changed();
  }

  #ended(): void {
    this.progress = undefined;
    this.isHeld = this.isOffline = false;
    this.changed();
  }
}
