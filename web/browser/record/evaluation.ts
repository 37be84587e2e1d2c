/** What an evaluation leaves on the record, and what its members sign; read, never judged. */

import { item, scoringRule } from "./scoring_rule.ts";
import {
  account,
  flag,
  hash,
  id,
  line,
  list,
  millis,
  numberText,
  object,
  oneOf,
  prose,
  section,
  signed,
  size,
  text,
  whole,
} from "./shapes.ts";

const v = oneOf(1);
const seat = text(/^[1-9][0-9]{0,2}$/u);
const ofSeat = { section, seat };
const bid = id;
const alias = text(/^[A-Z]{1,3}$/u);
const ofClarification = { section, clarification: id };
const ofCorrection = { section, correction: id };
const ofReevaluation = { section, reevaluation: id };
const amount = whole(1, 2 ** 53 - 1);
const reason = text(/^[\s\S]{1,1000}$/u);
const checked = { ...ofClarification, "due?": millis, "returned?": line };
const round = whole(1, 100);
const member = object({ seat, place: line, account, capacity: oneOf("expert", "tenderer") });
const opinion = oneOf("agrees", "dissents");

/** The form of the body of every event of an evaluation. */
export const EVALUATION_EVENTS = {
  "evaluation.stage_decided": object({ section, envelope: signed }),
  "evaluation.rule_set": object({ section, rule: scoringRule }),
  "evaluation.committee_convened": object({ section, members: list(member), bids: list(bid), "shown_by?": oneOf("name", "seat") }),
  "evaluation.member_signed_in": object({ ...ofSeat, envelope: signed }),
  "evaluation.ties_declared": object({ ...ofSeat, ties: list(line) }),
  "evaluation.member_confirmed": object(ofSeat),
  "evaluation.member_withdrew": object({ ...ofSeat, account, reason: prose }),
  "evaluation.member_replaced": object({ section, member, reason: prose }),
  "evaluation.chair_ballot_cast": object({ ...ofSeat, round, choice: seat }),
  "evaluation.chair_elected": object(ofSeat),
  "evaluation.chair_tied": object({ section, round, seats: list(seat) }),
  "evaluation.bid_reviewed": object({
    ...ofSeat,
    bid,
    verdicts: list(object({ item, passed: flag, "reason?": line })),
  }),
  "evaluation.vote_opened": object({ section, bid, item }),
  "evaluation.vote_cast": object({ ...ofSeat, bid, item, passes: flag }),
  "evaluation.bid_rejected": object({
    section,
    bid,
    ground: oneOf(
      "unsigned",
      "consortium",
      "unqualified",
      "several_bids",
      "price_limit",
      "unresponsive",
      "collusion",
    ),
    items: list(item),
  }),
  "evaluation.review_closed": object({ section }),
  "evaluation.clarification_drafted": object({
    ...ofClarification,
    seat,
    bid,
    text: prose,
    period: millis,
  }),
  "evaluation.clarification_agreed": object({ ...ofClarification, seat }),
  "evaluation.clarification_dropped": object({ ...ofClarification, seat }),
  "evaluation.question_checked": object(checked),
  "evaluation.clarification_answered": object({ ...ofClarification, envelope: signed }),
  "evaluation.answer_checked": object(checked),
  "evaluation.answer_judged": object({ ...ofClarification, seat, accepts: flag }),
  "evaluation.clarification_expired": object(ofClarification),
  "evaluation.competition_judged": object({ ...ofSeat, lacking: flag, reason }),
  "evaluation.correction_proposed": object({
    ...ofCorrection,
    seat,
    bid,
    ground: oneOf("opening_list", "words", "decimal", "unit_price"),
    price: amount,
    reason,
    period: millis,
  }),
  "evaluation.correction_voted": object({ ...ofCorrection, seat, agrees: flag }),
  "evaluation.correction_asked": object({ ...ofCorrection, due: millis }),
  "evaluation.correction_answered": object({ ...ofCorrection, accepts: flag, envelope: signed }),
  "evaluation.correction_expired": object(ofCorrection),
  "evaluation.prices_checked": object({ section }),
  "evaluation.aliases_drawn": object({
    section,
    draw: id,
    salt: id,
    aliases: list(object({ alias, bid })),
  }),
  "evaluation.marks_submitted": object({ ...ofSeat, envelope: signed }),
  "evaluation.marks_locked": object({ section }),
  "evaluation.report_drawn_up": object({ section, facts: hash, pdf: hash, pdf_size: size }),
  "evaluation.report_signed": object({ ...ofSeat, opinion, envelope: signed }),
  "evaluation.report_finished": object({ section, unsigned: list(seat) }),
  "evaluation.reevaluation_ordered": object({
    ...ofReevaluation,
    ground: oneOf("objective", "extreme", "criteria", "calculation"),
    reason,
    cells: list(object({ bid, item })),
    "objection?": id,
  }),
  "evaluation.marks_given_again": object({ ...ofReevaluation, seat, envelope: signed }),
  "evaluation.remarks_locked": object(ofReevaluation),
  "evaluation.reevaluation_dropped": object({ ...ofReevaluation, reason }),
  "evaluation.publication_withdrawn": object(ofReevaluation),
  "evaluation.publication_restored": object({ ...ofReevaluation, until: millis }),
  "evaluation.candidates_published": object({ section, envelope: signed }),
  "evaluation.result_objected": object({
    section,
    objection: id,
    organisation: id,
    text: prose,
    due: millis,
  }),
  "evaluation.result_objection_answered": object({ section, objection: id, answer: prose }),
  "evaluation.awarded": object({ section, bid, "reason?": prose }),
  "evaluation.paused": object({
    section,
    cause: oneOf("lunch", "overnight", "fault"),
    reason,
    salt: hash,
    state: hash,
  }),
  "evaluation.resumed": object({ section, state: hash, shift: millis }),
  "evaluation.state_differed": object({ section, state: hash }),
  "evaluation.said": object({ ...ofSeat, text: reason }),
};

const given = list(object({ item, mark: numberText }));
const message = { v, project: id, ...ofSeat };

/** The form of every message a member of a committee signs, and of a bidder's answer to it. */
export const EVALUATION_MESSAGES = {
  commitment: object({ ...message, text: hash }),
  "score-sheet": object({
    ...message,
    rule: hash,
    marks: list(object({ bid, items: given })),
    "blind?": object({ draw: id, marks: list(object({ alias, items: given })) }),
  }),
  "clarification-answer": object({
    v,
    project: id,
    ...ofClarification,
    question: hash,
    text: prose,
    "attachments?": list(object({ name: line, sha256: hash, size })),
  }),
  "correction-answer": object({ v, project: id, ...ofCorrection, bid, price: amount, accepts: flag }),
  remarks: object({
    ...message,
    reevaluation: id,
    rule: hash,
    marks: list(object({ bid, item, mark: numberText, "reason?": reason })),
  }),
  report: object({ ...message, facts: hash, pdf: hash, opinion, "reasons?": prose }),
  candidates: object({
    v,
    project: id,
    section,
    facts: hash,
    until: millis,
    candidates: list(
      object({
        place: whole(1, 1000),
        bid,
        organisation: id,
        name: line,
        price: line,
        total: line,
      }),
    ),
    "reason?": oneOf("no_valid_bid", "competition_lacking", "rule_inapplicable"),
    "reevaluation?": id,
    "replaces?": hash,
  }),
};
