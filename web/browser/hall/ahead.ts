/** What is next for the clerk: one thing said, and what may be done now; pure, the service decides. */

import { _ } from "../app/texts.ts";
import { hasFalseDraw, sayFalseDraw } from "./false_draw.ts";
import {
  hasSigned,
  hasSignedIn,
  isDrawDone,
  isDrawn,
  isSignInOpen,
  openNotices,
  runningDraw,
  type Scene,
  unread,
  waitedFor,
} from "./scene.ts";

/** What a clerk may ask for in the hall. */
export type StepName =
  | "sign_in"
  | "announce"
  | "secrets"
  | "order"
  | "read_next"
  | "read_all"
  | "draw"
  | "confirm"
  | "objections"
  | "end_window"
  | "sign"
  | "end"
  | "pause"
  | "resume"
  | "suspend"
  | "resume_section"
  | "approve"
  | "outage_close"
  | "outage_extend";

export interface Step {
  readonly name: StepName;
  readonly label: string;
  /** main: what the session waits for; grave: what stops it. */
  readonly tone: "main" | "quiet" | "grave";
  /** Why it cannot be done yet. */
  readonly blocked?: string;
}

export interface Ahead {
  readonly say: string;
  readonly steps: readonly Step[];
}

const PAUSABLE = [
  "announced",
  "secrets",
  "decrypting",
  "read_out",
  "draw",
  "confirm",
  "objections",
];

/** Return what the clerk is to do now. */
export function ahead(scene: Scene): Ahead {
  const { terms, session } = scene;
  if (terms.terminated !== undefined) return { say: _("The section was terminated."), steps: [] };
  if (terms.suspended !== undefined) {
    return {
      say: _("The section is suspended. Nothing happens until you resume it."),
      steps: [main("resume_section", _("Resume the section"))],
    };
  }
  if (session.paused !== undefined) {
    return {
      say: _("The session is paused. Open windows stand still."),
      steps: [main("resume", _("Resume the session")), suspend()],
    };
  }
  const now = atStage(scene);
  const stops = PAUSABLE.includes(session.stage ?? "lobby")
    ? [grave("pause", _("Pause")), suspend()]
    : session.stage === "ended"
      ? []
      : [suspend()];
  return { say: now.say, steps: [...signInStep(scene), ...now.steps, ...stops] };
}

function atStage(scene: Scene): Ahead {
  switch (scene.session.stage ?? "lobby") {
    case "lobby":
      return atLobby(scene);
    case "closed":
      return atClosed(scene);
    case "announced":
      return scene.terms.co_open
        ? { say: _("The bidders are to release their secrets."), steps: [main("secrets", _("Open the window for secrets"))] }
        : { say: _("The opening is to be ordered."), steps: [order(scene)] };
    case "secrets":
      return atSecrets(scene);
    case "decrypting":
      return { say: _("The custodians release their shares, then the timekeeper. You wait."), steps: [] };
    case "read_out":
    case "draw":
      return atReadOut(scene);
    case "confirm":
      return atConfirm(scene);
    case "objections":
      return atObjections(scene);
    case "minutes":
      return atMinutes(scene);
    default:
      return { say: _("The session is over. The minutes are published."), steps: [] };
  }
}

function atLobby(scene: Scene): Ahead {
  const outage = scene.terms.outage;
  if (outage?.decide_by !== undefined && outage.decision === undefined) {
    return {
      say: _("The service was away shortly before the deadline. Extend for everyone, or close."),
      steps: [
        main("outage_extend", _("Extend for everyone")),
        quiet("outage_close", _("Close now")),
      ],
    };
  }
  return { say: _("Bids are taken until the deadline; then the service closes by itself."), steps: [] };
}

function atClosed(scene: Scene): Ahead {
  const failed = scene.terms.failed;
  if (failed !== undefined && scene.terms.approved === undefined) {
    return {
      say: _("Fewer bidders than the minimum: {count} of {minimum}. The bids stay sealed.", failed),
      steps: [quiet("approve", _("Go on with an approval"))],
    };
  }
  if (scene.envelope === 2 && scene.terms.decided === undefined) {
    return { say: _("The result of the first envelope is to be recorded first."), steps: [] };
  }
  const label = _("Announce the bidders");
  const step = main("announce", label);
  if (scene.session.files !== undefined) {
    return { say: _("Read the discipline, then announce the bidders."), steps: [step] };
  }
  const blocked = _("The service is still reading the sealed files again.");
  return { say: blocked, steps: [{ ...step, blocked }] };
}

function atSecrets(scene: Scene): Ahead {
  if (scene.session.windows?.["secrets"] === undefined) {
    return { say: _("The opening is to be ordered."), steps: [order(scene)] };
  }
  const left = waitedFor(scene.session, "secrets");
  return {
    say: _("{n} bidders have not released their secret yet.", { n: left.length }),
    steps: [endWindow(left.length)],
  };
}

function atReadOut(scene: Scene): Ahead {
  const left = unread(scene.session);
  const [next] = left;
  if (next !== undefined) {
    return {
      say: _("{n} bids are to be read out.", { n: left.length }),
      steps: [
        main("read_next", _("Read out: {name}", { name: next[1].name ?? next[0].slice(0, 8) })),
        quiet("read_all", _("Read out all that are left")),
      ],
    };
  }
  if (runningDraw(scene.session) !== undefined) {
    return { say: _("The draw is going on."), steps: [] };
  }
  if (isDrawn(scene) && !isDrawDone(scene)) {
    return { say: _("All is read out. A value is to be drawn."), steps: [main("draw", _("Start the draw"))] };
  }
  const label = _("Open the window to confirm");
  return { say: _("All is read out. The bidders are to confirm their lines."), steps: [main("confirm", label)] };
}

function atConfirm(scene: Scene): Ahead {
  const left = waitedFor(scene.session, "confirm");
  if (scene.session.windows?.["confirm"] !== undefined) {
    return { say: _("{n} bidders have not confirmed yet.", { n: left.length }), steps: [endWindow(left.length)] };
  }
  const label = _("Open the window for objections");
  return { say: _("Bidders may now object."), steps: [main("objections", label)] };
}

function atObjections(scene: Scene): Ahead {
  const open = Object.values(scene.session.objections ?? {}).filter((one) => one.answer === undefined);
  if (open.length > 0) {
    return { say: _("{n} objections await your answer.", { n: open.length }), steps: [] };
  }
  if (scene.session.windows?.["objections"] !== undefined) {
    return { say: _("Objections are taken until the window ends."), steps: [] };
  }
  return { say: _("The service draws up the minutes."), steps: [] };
}

function atMinutes(scene: Scene): Ahead {
  const isSigned = Object.values(scene.session.signatures ?? {}).some((one) => one.role === "clerk");
  const end = main("end", _("End the session"));
  const drawn = hasFalseDraw(scene) ? sayFalseDraw("clerk") : undefined;
  const blocked = noticed(scene) ?? drawn ?? (isSigned ? undefined : _("A clerk signs the minutes first."));
  const ending = blocked === undefined ? end : { ...end, tone: "quiet" as const, blocked };
  const signing = main("sign", _("Sign the minutes"));
  const sign = hasSigned(scene) ? [] : [drawn === undefined ? signing : { ...signing, blocked: drawn }];
  const say = isSigned
    ? _("Supervisor and bidders may sign; then end the session.")
    : _("Read the minutes and sign them.");
  return { say, steps: [...sign, ending] };
}

function order(scene: Scene): Step {
  const step = main("order", _("Order the opening"));
  const blocked = noticed(scene);
  return blocked === undefined ? step : { ...step, blocked };
}

function noticed(scene: Scene): string | undefined {
  const open = openNotices(scene).length > 0;
  return open ? _("A supervisor's notice is to be acknowledged first.") : undefined;
}

function endWindow(left: number): Step {
  const step = quiet("end_window", _("End the window"));
  const blocked = _("It ends when everybody has acted, or its time is over.");
  return left === 0 ? step : { ...step, blocked };
}

function signInStep(scene: Scene): Step[] {
  if (hasSignedIn(scene, "clerk") || !isSignInOpen(scene)) return [];
  return [main("sign_in", _("Sign in to the session"))];
}

function suspend(): Step {
  return grave("suspend", _("Suspend the section"));
}

function main(name: StepName, label: string): Step {
  return { name, label, tone: "main" };
}

function quiet(name: StepName, label: string): Step {
  return { name, label, tone: "quiet" };
}

function grave(name: StepName, label: string): Step {
  return { name, label, tone: "grave" };
}
