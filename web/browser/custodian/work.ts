/**
 * Takes the steps of ceremonies and rehearses keys: fetches what is proved, asks the kit, sends
 * what the kit gave, and checks the receipt.
 *
 * It must not send what the kit did not give, nor believe a view before the proof of it is here.
 */

import { Problem, command, get } from "../app/api.ts";
import { newestCheckpoint, proven, receipt } from "../app/trust.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { Invalid } from "../crypto/invalid.ts";
import { parseNote } from "../crypto/notes.ts";
import type { Proved, Step } from "./attempt.ts";
import type { Due } from "./party.ts";
import type { OfAttempt } from "./protocol.ts";
import type { KitSeat } from "./seat.ts";

/** For how long the proof of what the page shows is waited for, ms. */
const PATIENCE = 60_000;
const PAUSE = 700;
/** How long a receipt is waited for before the page goes on without it, ms. */
const RECEIPT = 15_000;
/** Refused because it is on the record already, or the attempt ended meanwhile. */
const ALREADY = new Set([
  "ceremony.already_joined",
  "ceremony.already_dealt",
  "ceremony.already_certified",
  "ceremony.not_open",
]);

/** What came of a step. */
export type Outcome = "done" | "waiting" | "over" | "bad_share";

/** A bad share was found: what would be posted, and against whom; nothing is posted yet. */
export interface Accusation {
  readonly offender: number;
  readonly command: JsonObject;
}

/** A participant as the project's view tells it. */
export interface Participant {
  readonly account: string;
  readonly role: string;
  readonly keyid?: string;
  readonly key?: string;
}

/** What of a project's view is gone by here. */
interface ProjectView {
  readonly participants: readonly Participant[];
  /** The clerks' keys, those of released clerks too: key id -> SubjectPublicKeyInfo hex. */
  readonly clerk_keys: Readonly<Record<string, string>>;
}

/** What is being done, for those who wait. */
export type Doing = "proof" | "computing" | "sending" | "receipt";

/** Works with one kit. */
export class Work {
  /** By ceremony: the share that was found to be wrong. */
  readonly accusations = new Map<string, Accusation>();

  constructor(
    private readonly seat: KitSeat,
    /** Told what is being done. */
    private readonly tell: (what: Doing) => void,
  ) {}

  /** Take the step of an attempt that the page shows as due. */
  async step(project: string, sid: string, shown: Step): Promise<Outcome> {
    const due = await this.due(project, sid, shown);
    if (due === undefined) return "waiting";
    if (due.due === "over") return "over";
    if (due.due === "nothing") return "waiting";
    if (due.due === "abort") {
      this.accusations.set(sid, { offender: due.offender, command: due.command });
      return "bad_share";
    }
    await this.send(project, due.command);
    return "done";
  }

  /** Post the evidence of a bad share; the attempt is dead then. */
  async accuse(project: string, sid: string): Promise<void> {
    const found = this.accusations.get(sid);
    if (found !== undefined) await this.send(project, found.command);
    this.accusations.delete(sid);
  }

  /** Say that one cannot go on oneself; the attempt is dead then. */
  async giveUp(project: string, sid: string): Promise<void> {
    const command_ = await this.seat.ask("giveUp", await this.proved(project, sid));
    await this.send(project, command_);
  }

  /** Prove that the share of a key is still at hand. */
  async rehearse(project: string, sid: string): Promise<void> {
    const { clerk_keys: clerks } = await viewOf(project);
    this.tell("proof");
    const attempt = await this.proved(project, sid);
    const checkpoint = parseNote(await newestCheckpoint()).text;
    this.tell("computing");
    await this.send(project, await this.seat.ask("rehearse", { ...attempt, clerks, checkpoint }));
  }

  /** Ask the kit what is due, until the proofs have caught up with what the page shows. */
  private async due(project: string, sid: string, shown: Step): Promise<Due | undefined> {
    const until = performance.now() + PATIENCE;
    for (;;) {
      this.tell("proof");
      const attempt = await this.proved(project, sid);
      this.tell("computing");
      try {
        const due = await this.seat.ask("next", attempt);
        const isBehind = due.due === "nothing" && due.step !== shown;
        if (!isBehind || performance.now() > until) return due;
      } catch (error) {
        const isEarly = error instanceof Invalid && error.code === "attempt.not_proved";
        if (!isEarly || performance.now() > until) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  private async proved(project: string, sid: string): Promise<OfAttempt> {
    const receipts = await proven(project, { kind: "ceremony", sid });
    const entries = receipts.map(({ entry }): Proved => {
      return { type: String(entry["type"]), body: entry["body"] as JsonObject };
    });
    return { project, sid, entries };
  }

  private async send(project: string, body: JsonObject): Promise<void> {
    this.tell("sending");
    try {
      const done = await command(project, body);
      this.tell("receipt");
      await receipt(project, done.command, RECEIPT);
    } catch (error) {
      if (!(error instanceof Problem && ALREADY.has(error.code))) throw error;
    }
  }
}

/** Return who takes part in a project in an office. */
export async function participants(project: string): Promise<readonly Participant[]> {
  return (await viewOf(project)).participants;
}

async function viewOf(project: string): Promise<ProjectView> {
  return get<ProjectView>(`/api/projects/${project}`);
}

/** Return the projects in which this account keeps a share. */
export async function ownProjects(): Promise<string[]> {
  const found: string[] = [];
  for (let after = ""; ; ) {
    const page = await get<{ items: { project: string; roles: string[] }[]; next?: string }>(
      `/api/projects?after=${after}`,
    );
    const own = page.items.filter(({ roles }) => roles.includes("custodian"));
    found.push(...own.map(({ project }) => project));
    if (page.next === undefined || page.next === "") return found;
    after = page.next;
  }
}
