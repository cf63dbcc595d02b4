"""How soon a reviewer can work: `python -m tests.benchmarks.episode [sqlite|postgres]`.

An episode in a cycle of 2,000 instants, in Chromium: from the press on its link until
the chart is drawn and the page answers, and how long a redraw of every panel takes when
the chart is zoomed. Then 5,000 points a panel, drawn and zoomed without the server.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import uuid4

from tests.benchmarks.stage import on_both_engines

INSTANTS = 2_000
ROUNDS = 7
CHROMIUM = "/usr/bin/chromium"
MINUTE = timedelta(minutes=1)
READY = "() => document.querySelectorAll('.chart-host canvas').length > 4"
ZOOM = """() => {
  const region = document.querySelector('[data-chart-region]');
  const began = performance.now();
  for (let i = 0; i < 10; i++) {
    const key = i % 2 ? '-' : '+';
    region.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  }
  return (performance.now() - began) / 10;
}"""
MANY = """async (points) => {
  const node = document.getElementById('chart-data');
  const data = JSON.parse(node.textContent);
  const end = Date.parse(data.now) / 1000;
  const at = Array.from({ length: points }, (_, i) => end - (points - i) * 60);
  const marked = at.flatMap((_, i) => (i % 97 ? [] : [[i, 'warning']]));
  data.sets = { at, by: at.map(() => ''), values: {}, past: {}, not_done: {} };
  for (const panel of data.panels.filter((one) => one.v && !one.at)) {
    const [low, high] = panel.range;
    panel.v = at.map((_, i) => low + (high - low) * (0.5 + 0.3 * Math.sin(i / 40)));
    panel.v2 = panel.key === 'BP' ? at.map(() => low + 10) : undefined;
    data.sets.past[panel.key] = Object.fromEntries(marked);
  }
  node.textContent = JSON.stringify(data);
  document.querySelector('[data-chart-stage]').replaceChildren();
  const script = document.querySelector('script[src*="chart.js"]').src;
  const began = performance.now();
  await import(`${script}?again`);
  return performance.now() - began;
}"""


def fill(ward: Any) -> int:
    """A cycle with so many sets, the last of them a fever; the id of its episode."""
    from monitor import clock, flow
    from monitor.bedside.models import Observation, Reading
    from monitor.episodes.models import Episode
    from tests import acts

    ward.admit("B-001", 0)
    cycle, by = ward.cycles["B-001"], ward.cast.reyes
    start = ward.now - INSTANTS * MINUTE
    sets = [
        Observation(
            cycle=cycle,
            observed_at=start + n * MINUTE,
            recorded_at=start + n * MINUTE,
            recorded_by=by,
            key=uuid4(),
        )
        for n in range(INSTANTS - 1)
    ]
    typed = acts.readings(acts.WELL)
    Reading.objects.bulk_create(
        [
            Reading(
                observation=one,
                recorded_at=one.recorded_at,
                recorded_by=by,
                **columns(new),
            )
            for one in Observation.objects.bulk_create(sets, batch_size=500)
            for new in typed
        ],
        batch_size=500,
    )
    with clock.freeze(ward.now + MINUTE):
        told = {"cycle": cycle, "by": by, "key": uuid4()}
        flow.record_set(observed_at=ward.now, readings=acts.readings(acts.LOW), **told)
    return Episode.objects.filter(cycle=cycle, topic="crs").latest("pk").pk


def columns(new: Any) -> dict[str, Any]:
    """What a reading is kept as, of one read from a form."""
    names = ("item", "number", "choice", "unit", "typed", "typed_unit")
    return {name: getattr(new, name) for name in names}


def served() -> tuple[Any, str]:
    """The program behind a socket of its own, in this process, as `demo` serves it.

    A browser keeps the scripts and styles from its first page on, as it does there.
    """
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    server = create_server(get_wsgi_application(), port=0)
    threading.Thread(target=server.run, daemon=True).start()
    return server, f"http://127.0.0.1:{server.effective_port}"


def main(engine: str) -> None:
    from django.conf import settings

    from monitor import clock
    from tests.benchmarks.saves import Ward

    ward = Ward()
    pk = fill(ward)
    client = ward.client()
    client.force_login(ward.cast.okafor)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    _server, base = served()
    print(f"{engine}: a cycle of {INSTANTS} instants, {os.getloadavg()[0]:.1f} load")
    with clock.freeze(ward.now + 2 * MINUTE):
        # In a thread of its own: it keeps a loop, which Django will not work beside.
        worker = threading.Thread(target=browse, args=(base, pk, cookie))
        worker.start()
        worker.join()


def browse(base: str, pk: int, cookie: str) -> None:
    from django.conf import settings
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": cookie, "url": base}])
        page = context.new_page()
        address = f"{base}/episodes/{pk}/"
        opened = [usable(page, address) for _round in range(ROUNDS + 1)][1:]
        wall, server = (median(part) for part in zip(*opened, strict=True))
        print(f"  usable after {1000 * wall:.0f} ms, processor {1000 * server:.0f} ms")
        print(f"  zoomed: every panel redrawn in {page.evaluate(ZOOM):.0f} ms")
        print(f"  5,000 points a panel drawn in {page.evaluate(MANY, 5_000):.0f} ms")
        print(f"  zoomed: every panel redrawn in {page.evaluate(ZOOM):.0f} ms")
        browser.close()


def usable(page: Any, address: str) -> tuple[float, float]:
    """Seconds from asking for the page until its chart is drawn, and the decision's

    form, which is in the page before it, can be filled in; and of the server's
    processor, which this process is.
    """
    begun, worked = time.perf_counter(), time.process_time()
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_function(READY)
    return time.perf_counter() - begun, time.process_time() - worked


if __name__ == "__main__":
    on_both_engines("tests.benchmarks.episode", main)
