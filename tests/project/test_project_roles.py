from pathlib import Path

from project.roles import render

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


def test_the_page_of_roles_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == render()
