/* Sends a draft once more, as often as it takes: its key makes the repeats harmless.

   The answer is one of
     { outcome: "saved", url }      stored, now or before
     { outcome: "refused" }         the server has something to say about a field
     { outcome: "signed-out" }
     { outcome: "unreachable" }     no answer: to be tried again
     { outcome: "failed", status }  an answer that trying again will not change */

const PATIENCE = 20_000;
const AGAIN = [502, 503, 504];

export async function send(draft) {
  if (!navigator.onLine) return { outcome: "unreachable" };
  try {
    const first = await post(draft, token());
    return first.status === 403 ? again(draft) : first;
  } catch {
    return { outcome: "unreachable" };
  }
}

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];

/* A page that was open while the person signed in anew has an old token. */
async function again(draft) {
  const page = await fetch(draft.path, { redirect: "manual" });
  if (page.type === "opaqueredirect") return { outcome: "signed-out" };
  const parsed = new DOMParser().parseFromString(await page.text(), "text/html");
  return post(draft, parsed.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
}

async function post(draft, csrf) {
  const answer = await fetch(draft.path, {
    method: "POST",
    body: new URLSearchParams(draft.fields),
    headers: { "X-CSRFToken": csrf, "X-Draft": "1" },
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.ok) return { outcome: "saved", url: (await answer.json()).url };
  if (answer.type === "opaqueredirect") return { outcome: "signed-out" };
  if (answer.status === 422) return { outcome: "refused" };
  if (AGAIN.includes(answer.status)) return { outcome: "unreachable" };
  return { outcome: "failed", status: answer.status };
}

/* Calls act soon, then more and more seldom, and at once when the network is back or
   the device wakes up; until act resolves to true. */
export function untilDone(act) {
  let pause = 2000;
  let timer = 0;
  let busy = false;
  const done = () => {
    clearTimeout(timer);
    removeEventListener("online", attempt);
    document.removeEventListener("visibilitychange", attempt);
  };
  async function attempt() {
    if (busy || document.hidden) return;
    busy = true;
    clearTimeout(timer);
    const finished = await act();
    busy = false;
    if (finished) return done();
    pause = Math.min(pause * 1.5, 15_000);
    timer = setTimeout(attempt, pause);
  }
  addEventListener("online", attempt);
  document.addEventListener("visibilitychange", attempt);
  timer = setTimeout(attempt, pause);
}
