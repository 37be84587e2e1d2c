/**
 * One organisation's bid at one place, as the page goes on with it: what is known, typed, chosen and
 * under way. It shows nothing; the steps do.
 */

import { hex } from "../crypto/bytes.ts";
import { fresh } from "../crypto/random.ts";
import { sealedFile } from "./disk.ts";
import { Draft, type Place } from "./draft.ts";
import {
  ownBids,
  projectView,
  trustedKey,
  type OwnBid,
  type ProjectView,
  type SectionView,
} from "./fetching.ts";
import type { Bundle, LogKeys, TrustedKey } from "./notices.ts";
import type { Probed } from "./probe.ts";
import type { SealOrder } from "./protocol.ts";
import { isUnderWay, lost, type BidRecord } from "./record.ts";
import { probeIn } from "./sealer.ts";
import { broughtUp, draftAt, keepDraft, keepForm, keepRecord, recordsAt } from "./shelf.ts";

/** What the disk of this browser gives. */
export interface Room {
  readonly free: number;
  readonly isKept: boolean;
}

export class Bidding extends Draft {
  view: ProjectView | undefined;
  bundle: Bundle | undefined;
  keys: LogKeys | undefined;
  records: readonly BidRecord[] = [];
  probed: Probed | undefined;
  room: Room | undefined;
  /** The service's clock less this page's. */
  #ahead = 0;

  constructor(
    readonly place: Place,
    readonly worker: string,
  ) {
    super();
  }

  override get replaces(): number {
    return this.own.at(-1)?.revision ?? 0;
  }

  override get most(): number {
    return this.trusted?.section.max_size ?? this.section?.max_size ?? 0;
  }

  /** Fetch everything anew, and bring what was under way up to date. */
  async load(): Promise<void> {
    const { project, section, envelope, account } = this.place;
    await this.refresh();
    const { own } = this;
    const next = (own.at(-1)?.revision ?? 0) + 1;
    const records = await recordsAt(project, section, envelope, account);
    this.records = await broughtUp(records, next, new Set(own.map(({ bid }) => bid)));
    const drafted = await draftAt(this.#name());
    const isNew = Object.keys(this.filled).length === 0;
    // before this organisation takes part its name is not told here
    const named = this.organisationName === "" ? {} : { bidder: this.organisationName };
    if (isNew) this.filled = drafted ?? named;
  }

  /** Look again at what the service says, leaving what is under way as it is. */
  async refresh(): Promise<void> {
    this.view = await projectView(this.place.project);
    this.#ahead = this.view.now - performance.now();
  }

  /** Check the key and the notice, as the command line does. */
  async checkKey(): Promise<TrustedKey> {
    if (this.view === undefined) await this.load();
    const view = this.view as ProjectView;
    const found = await trustedKey(view, this.place.section, this.place.envelope);
    this.trusted = found.trusted;
    this.bundle = found.bundle;
    this.keys = found.keys;
    return found.trusted;
  }

  /** Try out what this browser can do. */
  async probe(): Promise<void> {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    this.room = { free: quota - usage, isKept: await navigator.storage.persisted() };
    this.probed = await probeIn(this.worker);
  }

  /** Have the data of this site kept; Firefox asks the person, who may leave that unanswered. */
  async keepRoom(): Promise<void> {
    const isKept = await navigator.storage.persist();
    if (this.room !== undefined) this.room = { ...this.room, isKept };
  }

  override get wantsBlind(): boolean {
    const items = this.section?.rule?.stages.flatMap((stage) => stage.items) ?? [];
    return this.place.envelope === 1 && items.some(({ blind }) => blind === true);
  }

  get section(): SectionView | undefined {
    return this.view?.sections.find(({ section }) => section === this.place.section);
  }

  /** One's own bids here as the service has them, by revision. */
  get own(): readonly OwnBid[] {
    const { view, place } = this;
    return view === undefined ? [] : ownBids(view, place.section, place.envelope);
  }

  /** The bid that counts at the moment, if any. */
  get live(): OwnBid | undefined {
    return this.own.find(({ status }) => status === "live" || status === "incomplete");
  }

  /** What is under way in this browser. */
  get current(): BidRecord | undefined {
    return this.records.findLast((record) => isUnderWay(record));
  }

  /** The id of the key that counts for this account in the project; empty while it does not take part. */
  get boundKey(): string {
    const { account } = this.place;
    const own = this.view?.participants.find(
      (one) => one.role === "bidder" && one.account === account,
    );
    return own === undefined ? "" : (own.keyid ?? "none");
  }

  get organisationName(): string {
    const { account } = this.place;
    return this.view?.participants.find((one) => one.account === account)?.organisation_name ?? "";
  }

  /** The service's clock, ms. */
  get now(): number {
    return this.#ahead + performance.now();
  }

  get isOver(): boolean {
    return this.section === undefined || this.now >= this.section.deadline;
  }

  /** Keep what was typed. */
  override async type(path: string, text: string): Promise<void> {
    await super.type(path, text);
    await keepDraft(this.#name(), this.filled);
  }

  /** Begin a bid: its record, form and secret are kept before the worker is started. */
  async begin(): Promise<{ record: BidRecord; order: SealOrder }> {
    const { trusted, place } = this;
    if (trusted === undefined) throw new Error("the key is not checked yet");
    const bid = hex(fresh(16));
    const last = this.own.at(-1);
    const secret = trusted.key.start.coOpen ? hex(fresh(32)) : undefined;
    const { form } = this.form;
    const record = this.#record(bid, last, secret !== undefined);
    await keepForm(bid, form, secret);
    await this.keep(record);
    return { record, order: this.order(trusted, record, place.organisation, form, secret) };
  }

  /** Keep a record, and have it here. */
  async keep(record: BidRecord): Promise<void> {
    await keepRecord(record);
    this.records = [...this.records.filter(({ bid }) => bid !== record.bid), record];
  }

  /** Give a bid up before it is submitted. */
  async giveUp(record: BidRecord): Promise<void> {
    await this.keep(lost(record, "given_up"));
    await this.load();
  }

  /** Return the sealed file of a bid. */
  async fileOf({ bid }: BidRecord): Promise<File> {
    const file = await sealedFile(bid);
    if (file === undefined) throw new Error("the sealed file is gone");
    return file;
  }


  #record(bid: string, last: OwnBid | undefined, hasSecret: boolean): BidRecord {
    const words = this.words.map(({ english }) => english).join(" ");
    return {
      v: 1,
      bid,
      ...this.place,
      revision: (last?.revision ?? 0) + 1,
      ...(last !== undefined && { supersedes: last.bid }),
      created: Math.round(this.now),
      stage: "sealing",
      files: this.files.map(({ name, file }) => ({ name, size: file.size })),
      hasSecret,
      isSecretSaved: false,
      words,
    };
  }

  #name(): string {
    const { project, section, envelope, account } = this.place;
    return `${account}/${project}/${section}-${envelope}`;
  }
}
