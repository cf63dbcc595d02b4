/* What was typed and is not stored yet: kept on this device alone, for one person.

   A draft: { key, user, subject, label, path, at, state, fields }. key is the form's own,
   so that two tabs keep two drafts and a set sent twice is one set; subject is
   "02-014.set"; state "typed" or "waiting" (sent, and not answered). A tab holds the
   lock of its draft while it is open: nobody else restores or sends it. */

const PREFIX = "monitor.draft.";
const SHIFT = 12 * 3600e3;

export const user = () => document.body.dataset.user ?? "";
const name = (key) => `${PREFIX}${key}`;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function everyone() {
  try {
    const names = Object.keys(localStorage).filter((one) => one.startsWith(PREFIX));
    return names.map((one) => [one, parsed(localStorage.getItem(one))]);
  } catch {
    return []; /* A device that keeps nothing. */
  }
}

/* The drafts of whoever is signed in, the newest first. */
export function drafts() {
  const mine = everyone().map(([, draft]) => draft);
  return mine.filter((draft) => draft?.user === user()).sort((a, b) => b.at - a.at);
}

/* False where the device keeps nothing, or no more. */
export function keep(draft) {
  try {
    localStorage.setItem(name(draft.key), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function stored(key) {
  return everyone().find(([one]) => one === name(key))?.[1] ?? null;
}

export function forget(key) {
  try {
    localStorage.removeItem(name(key));
  } catch {
    /* Nothing was kept. */
  }
}

/* What nobody sent in a shift goes; what was sent and not answered stays. */
export function forgetOld() {
  for (const [one, draft] of everyone()) {
    const old = !draft || Date.now() - draft.at > SHIFT;
    if (old && draft?.state !== "waiting") localStorage.removeItem(one);
  }
}

/* Calls act(true) while this tab alone holds the draft, act(false) if another does. */
export function alone(key, act) {
  if (!navigator.locks) return act(true);
  return navigator.locks.request(name(key), { ifAvailable: true }, (lock) => act(Boolean(lock)));
}

/* True when this tab took the draft; it keeps it until it is closed. */
export function take(key) {
  return new Promise((resolve) => {
    alone(key, (free) => {
      resolve(free);
      return free ? new Promise(() => {}) : undefined;
    });
  });
}
