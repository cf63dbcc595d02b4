/* On every page: drafts go when what they hold has been stored (<... data-clear-draft=
   "KEY">) or the person signs out; a set that was sent and not answered is sent from
   here, whichever page is open. What happens is said in [data-kept-sets]. */

import { alone, drafts, forget, forgetOld, stored } from "./draft-store.js";
import { send, untilDone } from "./draft-send.js";

const region = document.querySelector("[data-kept-sets]");
const onEntry = document.querySelector("form[data-entry]");
const waiting = () => drafts().filter((draft) => draft.state === "waiting");

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  if (drafts().length && !confirm(region.dataset.leaveWords)) return event.preventDefault();
  drafts().forEach((draft) => forget(draft.key));
});

forgetOld();
for (const done of document.querySelectorAll("[data-clear-draft]")) forget(done.dataset.clearDraft);

function say(draft, words, url, link) {
  const id = `kept-${draft.key}`;
  const line = document.getElementById(id) ?? document.createElement("p");
  const text = words.replace("%s", draft.label);
  if (line.id === id && line.dataset.said === text) return;
  line.id = id;
  line.dataset.said = text;
  line.replaceChildren(text, " ");
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.className = "btn btn-44";
  anchor.textContent = link;
  line.append(anchor);
  region.append(line);
}

async function sendOne(draft) {
  const { waitingWords, openWords, sentWords, seeWords, refusedWords } = region.dataset;
  const answer = await send(draft);
  if (answer.outcome === "saved") {
    forget(draft.key);
    return say(draft, sentWords, answer.url, seeWords);
  }
  if (answer.outcome === "unreachable") return say(draft, waitingWords, draft.path, openWords);
  say(draft, refusedWords, draft.path, openWords);
}

/* One tab sends: the one that holds the draft, else whichever comes first. */
async function sendAll() {
  for (const draft of waiting()) {
    await alone(draft.key, async (free) => {
      if (free && stored(draft.key)) await sendOne(draft);
    });
  }
  return waiting().length === 0;
}

if (region && !onEntry && waiting().length) {
  sendAll().then((done) => done || untilDone(sendAll));
}
