// The phone without a network: pages keep their last answer and say how old it is; counts wait and are sent later.
const KEY = "waiting-counts";
const AGAIN = 5000; // ms; a phone says that it is online before anything comes through
let sending = false;
const note = () => document.querySelector("[data-without-network]");

export function offline() {
  if (!note() || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/sw.js");
  document.addEventListener("submit", keepCount);
  document.addEventListener("submit", forget);
  window.addEventListener("online", send);
  setInterval(send, AGAIN);
  navigator.serviceWorker.ready.then(fetchAhead);
  show();
  send();
}

/** Who will count without a network needs the pages before: those of [data-ahead] are fetched once, quietly. */
async function fetchAhead() {
  if (document.documentElement.dataset.keptAt) return;
  for (const link of document.querySelectorAll("[data-ahead] a")) {
    try {
      await fetch(link.href, { credentials: "same-origin" });
    } catch {
      return;
    }
  }
}

const waiting = () => JSON.parse(localStorage.getItem(KEY) ?? "[]");

function keep(counts) {
  if (counts.length) localStorage.setItem(KEY, JSON.stringify(counts));
  else localStorage.removeItem(KEY);
  show();
}

/** The next person on this phone finds nothing of the last one. */
function forget(event) {
  if (!event.target.action.endsWith("/logout")) return;
  localStorage.removeItem(KEY);
  navigator.serviceWorker.controller?.postMessage("forget");
}

/** A count goes out by itself: when that fails it waits here, and the form's token lets it count once. */
async function keepCount(event) {
  const form = event.target.closest("form[data-keep]");
  if (!form || event.submitter?.dataset.step) return;
  event.preventDefault();
  const fields = new FormData(form);
  fields.set("form_token", freshToken()); // a kept page is shown again: its own token has counted already
  const count = { url: form.action, words: form.dataset.keep, at: Date.now(), fields: [...fields] };
  try {
    const answer = await post(count, document.querySelector('meta[name="csrf-token"]').content);
    location.href = answer.url;
  } catch {
    keep([...waiting(), count]);
    history.back();
  }
}

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
  for (const count of waiting()) {
    try {
      const page = await fetch(count.url, { cache: "no-store", credentials: "same-origin" });
      if (page.headers.has("X-Kept-At")) return show(); // the worker's copy: there is still no network
      const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector('meta[name="csrf-token"]');
      if (!token || new URL(page.url).pathname !== new URL(count.url).pathname) return show(); // sign in first
      const answer = await post(count, token.content);
      const refused = answer.status >= 400 && answer.status < 500;
      if (!answer.ok && !refused) return show();
      keep(waiting().filter((other) => other.at !== count.at));
      if (refused) alertOf(count);
    } catch {
      return show();
    }
  }
}

function alertOf(count) {
  const line = note().querySelector("[data-refused]");
  line.hidden = false;
  line.querySelector("ul").append(Object.assign(document.createElement("li"), { textContent: count.words }));
}

function show() {
  const box = note();
  const keptAt = document.documentElement.dataset.keptAt;
  const counts = waiting();
  const old = box.querySelector("[data-kept]");
  old.hidden = !keptAt;
  if (keptAt) old.querySelector("time").textContent = new Date(keptAt).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const list = box.querySelector("[data-waiting]");
  list.hidden = !counts.length;
  list.querySelector("ul").replaceChildren(...counts.map((count) => Object.assign(document.createElement("li"), { textContent: count.words })));
  box.hidden = !keptAt && !counts.length && box.querySelector("[data-refused]").hidden;
}
