"""Every icon that is named exists in the sprite."""

import re
from pathlib import Path

from monitor.templatetags.monitor_ui import LEVELS

ROOT = Path(__file__).resolve().parents[2]
SPRITE = (ROOT / "static" / "icons" / "sprite.svg").read_text()
DRAWN = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))
NAMED = re.compile(r'{% icon "([\w-]+)"')
IN_SCRIPTS = re.compile(r'icon\("([\w-]+)"\)')


def named() -> set[str]:
    found = set(LEVELS)
    for template in (ROOT / "templates").rglob("*.html"):
        found |= set(NAMED.findall(template.read_text()))
    for script in (ROOT / "static" / "js").glob("*.js"):
        found |= set(IN_SCRIPTS.findall(script.read_text()))
    return found


def test_every_icon_is_drawn():
    assert named() - DRAWN == set()


def test_the_sprite_has_no_color_of_its_own():
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", SPRITE) == []
