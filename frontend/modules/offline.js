// The phone without a network: pages keep their last answer and say how old it is; counts wait and are sent later.
// A phone goes from hand to hand: what one person opened is deleted for the next, what one counted only they send.
const KEY = "waiting-counts";
const OWNER = "pages-kept-for";
const AGAIN = 5000; // ms; a phone says that it is online before anything comes through
const LONGEST = 7 * 24 * 3600 * 1000; // ms; older counts are refused (LONGEST_WAIT_S of makerlab/sales/forms.py)
const NEVER = [403, 404, 409, 410, 422]; // answers after which a count is not sent again
let sending = false;
const note = () => document.querySelector("[data-without-network]");
const keptAt = () => document.documentElement.dataset.keptAt;

/** The account of a page: "" when nobody is signed in, undefined when the page does not say (an error). */
const person = (page = document) => page.documentElement.dataset.person;

export function offline() {
  const forgotten = forgetOthers();
  document.addEventListener("submit", leave);
  if (!note()) return;
  giveUp();
  show();
  if (!("serviceWorker" in navigator) || !document.body.matches(".face-phone")) return;
  navigator.serviceWorker.register("/sw.js");
  document.addEventListener("submit", keepCount);
  window.addEventListener("online", send);
  setInterval(send, AGAIN);
  Promise.all([navigator.serviceWorker.ready, forgotten]).then(fetchAhead);
  send();
}

/** Pages and pictures of whoever had this phone before, also when they did not sign out. */
async function forgetOthers() {
  if (keptAt() || person() === undefined || localStorage.getItem(OWNER) === person()) return;
  await forget();
  localStorage.setItem(OWNER, person());
}

/** From the page itself: no worker stands behind a page that was reloaded past it. */
async function forget() {
  if (!("caches" in window)) return;
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}

/** Nothing stays for the next person, but counts that nobody else may send: whoever leaves them is asked. */
function leave(event) {
  const form = event.target.closest("form[data-sign-out]");
  if (!form) return;
  event.preventDefault();
  const box = note()?.querySelector("[data-leaving]");
  if (!box || !waiting().some(isMine)) return signOut(form);
  box.hidden = false;
  box.querySelector("button").onclick = () => signOut(form);
  box.querySelector("button").focus();
}

async function signOut(form) {
  try {
    await forget();
  } finally {
    form.submit(); // asks no listener again
  }
}

/** Who will count without a network needs the pages before: those of [data-ahead] are fetched once, quietly. */
async function fetchAhead() {
  if (keptAt()) return;
  for (const link of document.querySelectorAll("[data-ahead] a")) {
    try {
      await (await fetch(link.href, { credentials: "same-origin" })).text(); // whole, or the request never ends
    } catch {
      return;
    }
  }
}

const waiting = () => JSON.parse(localStorage.getItem(KEY) ?? "[]");
const isMine = (count) => count.person === person();

function keep(counts) {
  if (counts.length) localStorage.setItem(KEY, JSON.stringify(counts));
  else localStorage.removeItem(KEY);
  show();
}

const drop = (count) => keep(waiting().filter((other) => other.at !== count.at));

/** What waited too long can be sent by nobody: said once, to whoever is here. */
function giveUp() {
  for (const count of waiting().filter((count) => Date.now() - count.at > LONGEST)) {
    alertOf(count);
    drop(count);
  }
}

/** A count goes out by itself: when that fails it waits here, and the form's token lets it count once. */
async function keepCount(event) {
  const form = event.target.closest("form[data-keep]");
  if (!form || event.submitter?.dataset.step) return;
  event.preventDefault();
  const fields = new FormData(form);
  fields.set("form_token", freshToken()); // a kept page is shown again: its own token has counted already
  const count = { person: person(), url: form.action, words: form.dataset.keep, at: Date.now(), fields: [...fields] };
  try {
    const answer = await post(count, document.querySelector('meta[name="csrf-token"]').content);
    if (answer.ok && person(pageOf(await answer.text())) === count.person) return void (location.href = answer.url);
  } catch {
    // no network: it waits as well
  }
  keep([...waiting(), count]); // also when the page was too old to count by, or nobody is signed in any more
  await send();
  if (note().querySelector("[data-refused]").hidden) history.back();
}

const pageOf = (text) => new DOMParser().parseFromString(text, "text/html");
const freshToken = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Throws when no server answers. A refusal (422, 409) is an answer. */
async function post(count, token) {
  const body = new URLSearchParams(count.fields.filter(([name]) => name !== "csrf_token"));
  body.set("csrf_token", token);
  const passed = Math.round((Date.now() - count.at) / 1000);
  if (passed > 0) body.set("seconds_ago", passed);
  return fetch(count.url, { method: "POST", body, credentials: "same-origin" });
}

/** One after the other, with the token of a page fetched anew: the old one may be stale. */
async function send() {
  if (sending) return;
  sending = true;
  await sendAll();
  sending = false;
}

async function sendAll() {
  for (const count of waiting().filter(isMine)) {
    try {
      const status = await sendOne(count);
      if (!status) return show();
      if (status >= 400 && !NEVER.includes(status)) return show();
      drop(count);
      if (status >= 400) alertOf(count);
    } catch {
      return show();
    }
  }
}

/** The status that answered it; 0 when it has to wait: there is still no network, or somebody else is signed in. */
async function sendOne(count) {
  const answer = await fetch(count.url, { cache: "no-store", credentials: "same-origin" });
  if (answer.headers.has("X-Kept-At")) return 0; // the worker's copy
  if (!answer.ok) return answer.status;
  const page = pageOf(await answer.text());
  if (person(page) !== count.person) return 0;
  return (await post(count, page.querySelector('meta[name="csrf-token"]').content)).status;
}

function alertOf(count) {
  const line = note().querySelector("[data-refused]");
  line.hidden = false;
  line.querySelector("ul").append(lineOf(count));
  note().hidden = false;
}

const lineOf = (count) => Object.assign(document.createElement("li"), { textContent: count.words });

function list(name, counts) {
  const part = note().querySelector(name);
  part.hidden = !counts.length;
  part.querySelector("ul").replaceChildren(...counts.map(lineOf));
}

function show() {
  const old = note().querySelector("[data-kept]");
  old.hidden = !keptAt();
  if (keptAt()) old.querySelector("time").textContent = new Date(keptAt()).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  list("[data-waiting]", waiting().filter(isMine));
  list("[data-others]", waiting().filter((count) => !isMine(count)));
  note().hidden = ![...note().children].some((part) => !part.hidden);
}
