/** What the hall's channel shows, as types; every member may be missing before it happened. */

export interface Price {
  readonly amount?: number;
  readonly currency?: string;
  readonly rate?: string;
  readonly unit?: string;
  readonly capitals?: string;
}

export interface BidLine {
  readonly bidder?: string;
  readonly price?: Price;
  readonly security?: { readonly given: boolean; readonly amount?: number; readonly form?: string };
  readonly quality?: string;
  readonly duration_days?: number;
  readonly leader?: string;
  readonly remarks?: string;
  readonly extra?: Readonly<Record<string, string | number>>;
  readonly words?: string;
}

export interface Problem {
  readonly field: string;
  readonly problem: string;
}

export interface BidRow {
  readonly n?: number;
  readonly name?: string;
  readonly organisation?: string;
  readonly listed?: number;
  readonly secret?: number;
  readonly opened?: number;
  readonly line?: BidLine;
  readonly problems?: readonly Problem[];
  readonly package?: string;
  readonly spoiled?: { readonly cause: string; readonly blame: string; readonly at: number };
  readonly read_out?: number;
  readonly confirmed?: number;
}

export interface Person {
  readonly role: string;
  readonly name: string;
  readonly organisation_name: string;
  readonly at: number;
}

export interface Draw {
  readonly purpose: string;
  readonly values: readonly string[];
  readonly parties: readonly string[];
  readonly names?: Readonly<Record<string, string>>;
  readonly attempt: number;
  readonly commits?: Readonly<Record<string, string>>;
  readonly reveals?: Readonly<Record<string, string>>;
  readonly root?: string;
  readonly seed?: string;
  readonly result?: string;
  readonly defaulted?: readonly string[];
  readonly at: number;
}

export interface Objection {
  readonly organisation_name: string;
  readonly text: string;
  readonly at: number;
  readonly answer?: string;
  readonly answered_at?: number;
}

export interface Session {
  readonly stage?: string;
  readonly stage_at?: number;
  readonly paused?: { readonly at: number; readonly reason: string };
  readonly closed?: {
    readonly at: number;
    readonly deadline: number;
    readonly count: number;
    readonly list: string;
  };
  readonly sign_ins?: Readonly<Record<string, Person>>;
  readonly windows?: Readonly<Record<string, { readonly until: number }>>;
  readonly files?: { readonly intact: number; readonly at: number };
  readonly announced?: number;
  readonly bids?: Readonly<Record<string, BidRow>>;
  readonly order?: { readonly at: number; readonly opening_id: string; readonly count: number };
  readonly partials?: Readonly<Record<string, number>>;
  readonly released?: number;
  readonly draws?: Readonly<Record<string, Draw>>;
  readonly objections?: Readonly<Record<string, Objection>>;
  readonly minutes?: { readonly at: number; readonly pdf: string; readonly facts: string };
  readonly signatures?: Readonly<Record<string, Person>>;
  readonly unsigned?: readonly string[];
}

export interface Section {
  readonly title: string;
  readonly envelopes: number;
  readonly currency: string;
  readonly limit?: number;
  readonly deadline: number;
  readonly windows: Readonly<Record<string, number>> & { readonly sign_in: number };
  readonly co_open: boolean;
  readonly draw: readonly string[];
  readonly form: readonly { readonly field: string; readonly title: string; readonly kind: string }[];
  readonly suspended?: { readonly at: number; readonly reason: string };
  readonly terminated?: { readonly at: number; readonly reason: string };
  readonly failed?: { readonly count: number; readonly minimum: number };
  readonly approved?: { readonly approval: string };
  readonly decided?: { readonly at: number };
  readonly outage?: { readonly decide_by?: number; readonly decision?: string };
}

export interface Member {
  readonly name: string;
  readonly organisation: string;
}

export interface Attempt {
  readonly n: number;
  readonly k: number;
  readonly roster: readonly Member[];
  readonly timekeeper: { readonly name: string };
}

export interface HallView {
  readonly project?: {
    readonly number: string;
    readonly title: string;
    readonly tenderer: string;
  };
  readonly sections?: Readonly<Record<string, Section>>;
  readonly sessions?: Readonly<Record<string, Session>>;
  readonly attempts?: Readonly<Record<string, Attempt>>;
  readonly keys?: Readonly<Record<string, { readonly sid: string; readonly key_id: string }>>;
}

/** A line of the timeline. */
export interface Line {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly hash: string;
  readonly who?: { readonly role: string; readonly name?: string };
  readonly section?: string;
  readonly envelope?: number;
  readonly [field: string]: unknown;
}

/** Who is here. */
export type Here = Readonly<
  Record<
    string,
    {
      readonly role: string;
      readonly name: string;
      readonly organisation_name: string;
      readonly line: "up" | "dropped";
    }
  >
>;
