/** An evaluation as it was at a moment, read from the supervisor's channel folded up to there. */

import type { Evaluation, MemberView } from "../committee/view.ts";
import type { JsonObject } from "../hall/merge.ts";
import type { Line } from "../hall/view.ts";

type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Whether a line is about a section's evaluation. */
export function isOf(line: Line, section: string): boolean {
  return line.type.startsWith("evaluation.") && line.section === section;
}

/** The committee as it was; who sits where is told by the channel, the rule and the bids by now. */
export function asItWas(now: Evaluation, view: JsonObject): Evaluation {
  const all = (view["evaluations"] ?? {}) as Readonly<Record<string, Rows>>;
  const then = all[now.section] ?? {};
  const seats = Object.entries((then["members"] ?? {}) as Readonly<Record<string, MemberView>>);
  const members = seats.map(([seat, one]) => ({ ...one, seat }));
  const reviewed = Object.entries((then["reviewed"] ?? {}) as Rows);
  const { chair: _chair, report: _report, ...rest } = now;
  const signed = Object.entries((then["report"]?.["signed"] ?? {}) as Readonly<Record<string, { opinion: "agrees" | "dissents" }>>);
  return {
    ...rest,
    members,
    ...(then["chair"] === undefined ? {} : { chair: String(then["chair"]["seat"]) }),
    progress: {
      reviewed: Object.fromEntries(reviewed.map(([seat, bids]) => [seat, Object.keys(bids).length])),
      bids: now.progress.bids,
      marked: Object.keys(then["marked"] ?? {}),
    },
    ...(then["report"] === undefined
      ? {}
      : {
          report: {
            facts: "",
            pdf: "",
            pdf_size: 0,
            signed: Object.fromEntries(signed.map(([seat, { opinion }]) => [seat, opinion])),
            finished: then["report"]["finished"] !== undefined,
          },
        }),
  };
}
