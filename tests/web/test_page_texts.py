"""What pages say stands in the catalogue: in templates, in the browser's code, and by kind."""

import re
from pathlib import Path
from typing import get_args

import pytest

from opening.commands import Window
from opening.events import FormProblem, SpoilCause
from opening.participants import Role
from opening.state import Stage
from project.phases import Phase
from rooms.views import ROWS
from web import texts

WEB = Path(__file__).parents[2] / "web"
IN_TEMPLATES = re.compile(r'\b_\("((?:[^"\\]|\\.)*)"')
IN_CODE = re.compile(r'\b_\(\s*"((?:[^"\\]|\\.)*)"')
AS_VALUE = re.compile(r'"(Time left[^"]*)"')


def said() -> set[str]:
    templates = (path.read_text() for path in WEB.glob("templates/*.html"))
    code = [path.read_text() for path in WEB.glob("browser/*/*.ts")]
    found = {one for text in templates for one in IN_TEMPLATES.findall(text)}
    found |= {one for text in code for one in IN_CODE.findall(text)}
    found |= {one for text in code for one in AS_VALUE.findall(text)}
    return {one for one in found if not one.endswith(" ")}


def by_kind() -> set[str]:
    words = {
        f"event {name.partition('/')[0]}" for name, row in ROWS.items() if row.now or row.later
    }
    words |= {f"stage {one}" for one in get_args(Stage)}
    words |= {f"phase {one}" for one in Phase}
    words |= {f"role {one}" for one in (*get_args(Role), "service", "account")}
    words |= {f"window {one}" for one in get_args(Window)}
    words |= {f"cause {one}" for one in get_args(SpoilCause)}
    problems = get_args(FormProblem.model_fields["problem"].annotation)
    return words | {f"problem {one}" for one in problems}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_everything_the_pages_say_is_in_the_catalogue(language: texts.Language) -> None:
    wanted = said() | by_kind()
    assert len(wanted) > 200
    assert wanted - texts.sentences(language).keys() == set()


def test_no_text_stands_in_a_template_outside_the_catalogue() -> None:
    bare = re.compile(r">[^<>{}]*[A-Za-z\u4e00-\u9fff]{3,}[^<>{}]*<")
    found = [
        f"{path.name}: {match.group()}"
        for path in WEB.glob("templates/*.html")
        for match in bare.finditer(re.sub(r"{[#%].*?[#%]}", "", path.read_text(), flags=re.DOTALL))
    ]
    assert found == []


def test_no_text_that_keeps_its_line_breaks_begins_with_one() -> None:
    # `.prose` is `white-space: pre-line`: a break after the tag is an empty line on the screen
    broken = re.compile(r'class="(?:[^"]* )?prose(?: [^"]*)?"[^>]*>\s*\n')
    paths = [*WEB.glob("templates/*.html"), *WEB.glob("browser/*/*.ts")]
    found = [path.name for path in paths if broken.search(path.read_text())]
    assert found == []
