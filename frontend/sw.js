// The phone's pages without a network: the last answer of each, at most a day old, marked with its time.
// Only pages and pictures that were opened here; nothing of the kiosk or the desk. Pages delete it all
// when its person signs out, or somebody else signs in (frontend/modules/offline.js).
const PAGES = "pages-1";
const FILES = "files-1";
const OLDEST = 24 * 3600 * 1000; // ms
const PHONE = /^\/(verkauf|p)(\/|$)/;
const FILE = /^\/(static|bilder)\//;
const MOST = 300; // answers kept of each kind; the oldest go first

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== self.location.origin || request.method !== "GET") return;
  if (PHONE.test(pathname) && !pathname.endsWith(".pdf")) event.respondWith(page(request));
  else if (FILE.test(pathname)) event.respondWith(file(request));
});

/** From the server while it answers; else what it said last, with the time of it. */
async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await keep(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await (await caches.open(PAGES)).match(request.url);
    if (!kept || Date.now() - Number(kept.headers.get("X-Kept-At")) > OLDEST) throw error;
    return kept;
  }
}

async function keep(request, answer) {
  const now = Date.now();
  const text = (await answer.text()).replace("<html ", `<html data-kept-at="${new Date(now).toISOString()}" `);
  const headers = { "Content-Type": "text/html; charset=utf-8", "X-Kept-At": String(now) };
  const policy = answer.headers.get("Content-Security-Policy");
  if (policy) headers["Content-Security-Policy"] = policy;
  await put(PAGES, request.url, new Response(text, { headers }));
}

async function put(name, url, answer) {
  const kept = await caches.open(name);
  await kept.delete(url); // so that it stands last
  await kept.put(url, answer);
  const all = await kept.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((old) => kept.delete(old)));
}

/** Scripts, styles and pictures carry the hash of their content: a copy is as good as the original. */
async function file(request) {
  const kept = await (await caches.open(FILES)).match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) await put(FILES, request.url, answer.clone());
  return answer;
}
