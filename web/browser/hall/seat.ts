/** Who sits at this page, and what the service tells this seat besides its channels. */

import { get } from "../app/api.ts";
import type { Role } from "../app/signing.ts";

export interface Participant {
  readonly account: string;
  readonly name: string;
  readonly organisation: string;
  readonly organisation_name: string;
  readonly role: string;
  readonly keyid: string;
}

export interface ToldSession {
  readonly section: string;
  readonly envelope: number;
  readonly sign_ins: readonly {
    readonly role: string;
    readonly account: string;
    readonly organisation: string;
  }[];
  readonly minutes?: {
    readonly facts: string;
    readonly pdf: string;
    readonly signed: Readonly<Record<string, string>>;
  };
}

/** A project as `GET /api/projects/{project}` tells it; only what the hall needs of it. */
export interface About {
  readonly participants: readonly Participant[];
  readonly sessions: readonly ToldSession[];
}

/** One person at one page. */
export class Seat {
  about: About | undefined;
  #asked = 0;
  readonly account: string;
  readonly name: string;
  readonly organisation: string;
  readonly roles: ReadonlySet<string>;

  constructor(
    readonly project: string,
    told: Readonly<Record<string, string | undefined>>,
  ) {
    this.account = told["account"] ?? "";
    this.name = told["name"] ?? "";
    this.organisation = told["organisation"] ?? "";
    this.roles = new Set((told["roles"] ?? "").split(" ").filter((role) => role !== ""));
  }

  /** Whether this person is bound to a role here. */
  has(role: Role): boolean {
    return this.roles.has(role);
  }

  /** Whether this person can do anything here that the hall offers. */
  get acts(): boolean {
    return ["clerk", "bidder", "supervisor", "custodian"].some((role) => this.roles.has(role));
  }

  /** The id of the key that counts here for this person in a role. */
  bound(role: Role): string {
    const own = this.about?.participants.find(
      (one) => one.account === this.account && one.role === role,
    );
    return own?.keyid ?? "";
  }

  /** The session of a place as it was last told. */
  session(section: string, envelope: number): ToldSession | undefined {
    return this.about?.sessions.find(
      (one) => one.section === section && one.envelope === envelope,
    );
  }

  /** Note that another key of this person counts here now, before the service tells it again. */
  rekeyed(role: Role, keyid: string): void {
    if (this.about === undefined) return;
    const participants = this.about.participants.map((one) =>
      one.account === this.account && one.role === role ? { ...one, keyid } : one,
    );
    this.about = { ...this.about, participants };
    this.#asked += 1;
  }

  /** Ask the service again; an answer to a question from before the newest is let go. */
  async refresh(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const about = await get<About>(`/api/projects/${this.project}`);
    if (asked === this.#asked) this.about = about;
  }
}
