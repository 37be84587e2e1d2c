import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard, get_args, get_type_hints

import pytest

from evaluation import correction, report, review, summary
from evaluation.clarification import LONGEST, SHORTEST, Status
from evaluation.committee import Standing
from evaluation.events import CorrectionGround, Ground
from evaluation.pause_events import PauseCause
from evaluation.reevaluation_events import Fault
from evaluation.scoring.library import LIBRARY
from evaluation.scoring.marks import Finding
from evaluation.scoring.rule import Deviation, Part, Tie
from evaluation.values import Capacity
from opening.bid_form import Problem
from opening.commands import Window
from opening.events import BidSpoiled, SpoilCause
from opening.messages import CeremonyAbort
from opening.participants import Role
from opening.state import SealedBid, Stage
from opening.transcripts import Step
from project.events import OutageDecided, RecordViewed
from project.phases import Phase, ProjectPhase
from registry.events import RegistryRole
from rooms.evaluation import Step as Progress
from rooms.notices import TOLD
from rooms.views import ROWS
from verifier.report import Obstacle
from web import texts

ROOT = Path(__file__).parents[2]
PACKAGES = ("record", "registry", "opening", "evaluation", "project", "rooms", "web")
KINDS = ("Refused", "NotAllowed", "NotFound", "OutOfOrder", "TooLate", "NotValid", "Busy")
CODE = re.compile(r"[a-z]+\.[a-z0-9_]+")
NAMED_HERE = ("ceremony_deal", "ceremony_certify", "due_24", "due_1")
"""What inboxes say of a ceremony's steps and of deadlines."""
CHECKS = {
    found
    for path in (ROOT / "verifier").rglob("*.py")
    for found in re.findall(r'"(V\d+\.\w+)"', path.read_text(encoding="utf-8"))
}
"""The numbers of the verifier's checks."""
TABLES = {
    "project/phases.py": {"bids.closed", "project.head_published"},
    "web/problems.py": {"web.internal", "web.no_such_method", "web.no_such_page"},
}
"""Codes that stand in a table, or beside an answer that is made without a refusal."""
DOCUMENTS = ("minutes", "receipt_pdf", "report_again", "report_pdf", "report_prices")
"""Modules of `web` that make documents of sentences."""
SCORING = "".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "evaluation/scoring").glob("*.py")
)
SUMS = {
    *re.findall(r'(?:\.note\(|\._mean\(\w+,)\s*"(\w+)"', SCORING),
    *(f"percents_{one}" for one in get_args(Deviation.model_fields["counted"].annotation)[1:]),
}
"""What values of a proof sheet are called; per cents that count exactly are not one."""
PRICE_NUMBERS = tuple(
    re.findall(
        r'^  "(\w+)",$',
        (ROOT / "web/browser/committee/rule.ts").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)
"""The numbers of a price part that the form of a rule names."""
ON_A_PAGE = re.compile(r"""(?<!\w)_\(\s*["'`]([^"`]+?)["'`](?!\s*~)\s*[,)]""")
FAMILIES = {
    "spoiled": get_args(SpoilCause),
    "status": get_args(get_type_hints(SealedBid)["status"]),
    "form": get_args(Problem),
    "role": (*get_args(Role), *get_args(RegistryRole)),
    "window": get_args(Window),
    "stage": get_args(Stage),
    "step": get_args(Step),
    "clarification": get_args(Status),
    "correction": get_args(correction.Status),
    "corrects": get_args(CorrectionGround),
    "pause": get_args(PauseCause),
    "reevaluation": get_args(Fault),
    "span": ("days", "hours", "minutes"),
    "phase": (*Phase, *ProjectPhase),
    "missing": ("members", "distinct keys"),
    "cause": (*get_args(SpoilCause), *get_args(CeremonyAbort.model_fields["cause"].annotation)),
    "blame": get_args(BidSpoiled.model_fields["blame"].annotation),
    "outcome": get_args(BidSpoiled.model_fields["blame"].annotation),
    "decision": get_args(OutageDecided.model_fields["decision"].annotation),
    "subject": get_args(RecordViewed.model_fields["subject"].annotation),
    "problem": get_args(Problem),
    "bid": get_args(get_type_hints(SealedBid)["status"]),
    "inbox": (*{one.kind for one in TOLD.values()}, *NAMED_HERE),
    "event": tuple(row.partition("/")[0] for row in ROWS),
    "verified": tuple(CHECKS),
    "because": get_args(Obstacle),
    "ground": get_args(Ground),
    "opinion": get_args(report.Opinion),
    "capacity": get_args(Capacity),
    "standing": get_args(Standing),
    "verdict": get_args(review.Outcome),
    "part": get_args(Part),
    "tie": get_args(Tie),
    "unpriced": get_args(summary.Unpriced),
    "invalid": ("above_limit",),
    "finding": get_args(get_type_hints(Finding)["kind"]),
    "impossible": (
        "competition_lacking",
        *re.findall(r'ScoringImpossible\(\s*"(\w+)"', SCORING),
    ),
    "sum": tuple(SUMS),
    "progress": get_args(Progress),
    "awaits": get_args(Progress),
    "family": tuple(LIBRARY),
    "about": tuple(LIBRARY),
    "price": PRICE_NUMBERS,
    "rule": tuple(re.findall(r'RuleProblem\(\s*"(\w+)"', SCORING)),
}
"""First word of a sentence's name -> what may follow it."""


def sentences(language: texts.Language) -> dict[tuple[str | None, str], str]:
    return {
        (one.context, str(one.id)): str(one.string) for one in texts.catalogue(language) if one.id
    }


def facts_of(sentence: str) -> set[str]:
    return set(re.findall(r"{(\w*)}", sentence))


def trees() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def kinds() -> set[str]:
    """Return the names of all classes of refusals, those that modules make for themselves too."""
    found = set(KINDS)
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                found |= {node.name for base in node.bases if name_of(base) in found}
    return found


def name_of(node: ast.expr) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def refusals() -> Iterator[tuple[str, set[str]]]:
    """Yield every code with the names of its facts, at each place that refuses with it."""
    wanted = kinds()
    for _, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or name_of(node.func) not in wanted or not node.args:
                continue
            code = node.args[0]
            if isinstance(code, ast.Constant):
                yield str(code.value), {keyword.arg or "" for keyword in node.keywords}


def test_every_code_of_the_tree_has_a_sentence_and_none_is_left_over() -> None:
    codes = {code for code, _ in refusals()}.union(*TABLES.values())
    assert len(codes) > 250
    for language in texts.LANGUAGES:
        known = {name for context, name in sentences(language) if context == "refusal"}
        assert codes - known == set()
        assert known - codes == {"unknown"}


def test_codes_in_tables_are_still_there() -> None:
    for path, codes in TABLES.items():
        constants = {
            node.value
            for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant)
        }
        assert codes <= constants


def test_a_sentence_tells_only_facts_that_every_refusal_with_its_code_has() -> None:
    said = sentences("en")
    for code, facts in refusals():
        if "" not in facts:
            assert facts_of(said["refusal", code]) <= facts, code


def test_both_catalogues_say_the_same_things_with_the_same_facts() -> None:
    chinese, english = (sentences(language) for language in texts.LANGUAGES)
    assert chinese.keys() == english.keys()
    for name in chinese:
        assert facts_of(chinese[name]) == facts_of(english[name]), name
        assert chinese[name]
        assert english[name]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_nothing_is_said_twice(language: texts.Language) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in texts.sources(language))
    names = re.findall(r'^(?:msgctxt "\w+"\n)?msgid "[^"].*$', text, re.MULTILINE)
    assert not [name for name, times in Counter(names).items() if times > 1]


def test_chinese_sentences_have_chinese_marks_and_end_with_one() -> None:
    for (context, name), said in sentences("zh-CN").items():
        assert not re.search(r"[\u4e00-\u9fff}”）][,;:!?]|[,;:!?(][\u4e00-\u9fff{“]", said), name
        assert context is None or said.endswith("。"), name


def test_english_refusals_are_whole_sentences() -> None:
    for (context, name), said in sentences("en").items():
        assert context is None or (said.endswith(".") and not said[0].islower()), name


def test_what_a_refused_bid_is_told_begins_without_facts() -> None:
    for language in texts.LANGUAGES:
        for context, code in sentences(language):
            if context == "refusal" and code.startswith(("bids.", "opening.not_bound")):
                first = texts.reason(language, code)
                assert first
                if code in refused_on_record():
                    assert "…" not in first, code


def refused_on_record() -> set[str]:
    """Return the codes with which a signed bid can be refused."""
    named = "".join(
        ast.get_docstring(node) or ""
        for path in ("opening/bids.py", "opening/checks_bids.py")
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name in {"admit_bid", "check_admit"}
    )
    return set(CODE.findall(named))


@pytest.mark.parametrize("module", DOCUMENTS)
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_documents_say_nothing_that_the_catalogue_lacks(
    language: texts.Language, module: str
) -> None:
    known = {name for context, name in sentences(language) if context is None}
    tree = ast.parse((ROOT / "web" / f"{module}.py").read_text(encoding="utf-8"))
    literals, families = said_by(tree)
    assert len(literals) > 10
    assert literals - known == set()
    assert families <= FAMILIES.keys()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_families_of_sentences_are_whole(language: texts.Language) -> None:
    known = {name for context, name in sentences(language) if context is None}
    wanted = {f"{first} {rest}" for first, family in FAMILIES.items() for rest in family}
    checks = ("event evaluation.question_checked", "event evaluation.answer_checked")
    remarks = {
        "paused",
        "resumed",
        *(f"{one}/returned" for one in checks),
        *(f"extended/{window}" for window in get_args(Window)),
    }
    assert (wanted | remarks) - known == set()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_pages_say_nothing_that_the_catalogue_lacks(language: texts.Language) -> None:
    known = {name for context, name in sentences(language) if context is None}
    pages = [*(ROOT / "web/templates").rglob("*.html"), *(ROOT / "web/browser").rglob("*.ts")]
    said = {
        found[1]
        for path in pages
        for found in ON_A_PAGE.finditer(path.read_text(encoding="utf-8"))
        if "${" not in found[1]
    }
    assert len(said) > 100
    assert said - known == set()


def said_by(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return the literal sentences of a module and the first words of those it puts together."""
    literals: set[str] = set()
    families: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.GeneratorExp | ast.ListComp) and says_each(node.elt):
            names = node.generators[0].iter
            literals |= {str(one.value) for one in ast.walk(names) if isinstance(one, ast.Constant)}
        if not is_say(node):
            continue
        match node.args[0]:
            case ast.Constant(value=str(sentence)):
                literals.add(sentence)
            case (
                ast.JoinedStr(values=[ast.Constant(value=str(first)), *_])
                | ast.BinOp(left=ast.Constant(value=str(first)))
            ):
                families.add(first.strip())
            case _:
                pass
    return literals, families


def says_each(node: ast.AST) -> bool:
    """Tell whether a sentence is said that the loop names, not one written there."""
    return is_say(node) and not isinstance(node.args[0], ast.Constant)


def is_say(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and name_of(node.func) == "say"


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_nothing_is_fuzzy(language: texts.Language) -> None:
    assert not [one.id for one in texts.catalogue(language) if one.id and one.fuzzy]


def test_facts_are_put_in_by_name_and_nothing_else_is_looked_up() -> None:
    said = texts.refusal("en", "web.too_many_requests", {"seconds": 3})
    assert said == "Too many requests. Try again in 3 seconds."
    assert "…" in texts.refusal("en", "web.too_many_requests", {})


def test_facts_are_told_in_words() -> None:
    late = texts.refusal("en", "bids.late", {"deadline": 0, "received": 61_000})
    assert "1970-01-01 08:00:00 UTC+8" in late
    assert "1970-01-01 08:01:01 UTC+8" in late
    assert "custodian" in texts.refusal("en", "opening.not_bound", {"role": "custodian"})
    assert "密钥保管人" in texts.refusal("zh-CN", "opening.not_bound", {"role": "custodian"})
    roles = {"roles": ["bidder", "clerk"]}
    assert "：投标人、主持人。" in texts.refusal("zh-CN", "draw.party_missing", roles)
    assert "1,048,576 bytes" in texts.refusal("en", "bids.too_large", {"max_size": 1 << 20})
    assert "“Taking bids”" in texts.refusal("en", "project.wrong_phase", {"phase": "open"})
    assert "“odd”" in texts.refusal("en", "project.wrong_phase", {"phase": "odd"})
    step = texts.refusal("zh-CN", "clarification.wrong_step", {"status": "sent"})
    assert "“已发出，待答复”" in step
    period = {"shortest": SHORTEST, "longest": LONGEST}
    assert "5 分钟至 7 天之间" in texts.refusal("zh-CN", "clarification.period", period)
    assert "5 minutes and 7 days" in texts.refusal("en", "clarification.period", period)
    over = texts.refusal("en", "clarification.expired", {"due": 0})
    assert "1970-01-01 08:00:00 UTC+8" in over
    unfinished = {"bids": ["ab" * 16, "cd" * 16]}
    assert "：abababab、cdcdcdcd。" in texts.refusal("zh-CN", "review.unfinished", unfinished)
    wrong = {"problems": ["sum_not_full", "slope_open above"]}
    said = texts.refusal("zh-CN", "evaluation.rule_wrong", wrong)
    assert "不等于满分、只有最后一个扣分区间可以不设上限（above）" in said
    assert "json" in texts.refusal("en", "command.malformed", {"problems": ["json"]})


@pytest.mark.parametrize(
    ("party", "told"), [(0, "the timekeeper"), (2, "custodian 2"), (-1, "a party")]
)
def test_parties_of_a_ceremony_are_told_by_what_they_are(party: int, told: str) -> None:
    assert f"({told}: share)" in texts.refusal(
        "en", "ceremony.proof", {"party": party, "fault": "share"}
    )


def test_a_moment_beyond_all_years_is_told_as_the_last() -> None:
    assert "9999-12-31" in texts.refusal("en", "bids.late", {"deadline": 1 << 52})


def test_a_reason_is_what_happened_and_no_more() -> None:
    assert texts.reason("zh-CN", "bids.late") == "在投标截止时间之后送达，依法拒收。"
    assert (
        texts.reason("en", "uploads.version") == "This version of tus is not supported; use 1.0.0."
    )


def test_a_code_without_a_sentence_is_said_in_general_words() -> None:
    assert texts.refusal("en", "odd.one", {}) == "The request was refused (code odd.one)."


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "zh-CN"),
        ("en", "en"),
        ("en-GB,en;q=0.8", "en"),
        ("zh-TW", "zh-CN"),
        ("fr, en;q=0.5, zh;q=0.7", "zh-CN"),
        ("fr, de", "zh-CN"),
        ("en;q=x", "zh-CN"),
        ("en;q=0", "zh-CN"),
    ],
)
def test_the_language_is_the_one_wanted_most(accepted: str, expected: str) -> None:
    assert texts.choose(accepted, "zh-CN") == expected
