"""What a User-Agent is told as: a few words, never its own."""

import pytest

from web.devices import told

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (f"{CHROME} Safari/537.36", "Chrome 142, Linux"),
        (
            f"{CHROME.replace('X11; Linux x86_64', 'Windows NT 10.0')} Edg/142.0",
            "Edge 142, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari 18, iOS",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/1 Mobile MicroMessenger/8.0", "WeChat 8, Android"),
        ("python-httpx/0.28.1", "python-httpx/0.28.1"),
        ("Mozilla/5.0 (compatible)", ""),
        ("<b>evil</b> " * 100, ""),
        ("", ""),
    ],
)
def test_a_user_agent_is_told_in_a_few_words(said: str, expected: str) -> None:
    assert told(said) == expected
