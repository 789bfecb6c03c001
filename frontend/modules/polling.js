// htmx under our CSP, with ETags: a page that did not change costs one 304 and no swap.
const etags = new Map();

const isPoll = (element) => /\bevery\b/.test(element?.getAttribute?.("hx-trigger") ?? "");
const keyOf = (config) => `${config.elt?.id ?? ""} ${config.path}`;

function configure(htmx) {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false, // they would be an inline style
    selfRequestsOnly: true,
    historyCacheSize: 0, // pages of one person are not kept in the browser for the next
    refreshOnHistoryMiss: true,
    responseHandling: [
      { code: "(204|304)", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });
}

function addHeaders(event) {
  const { headers, verb, elt, path } = event.detail;
  if (verb !== "get") headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const etag = verb === "get" && isPoll(elt) && etags.get(keyOf({ elt, path }));
  if (etag) headers["If-None-Match"] = etag;
}

function keepETag(event) {
  const { xhr, requestConfig } = event.detail;
  const { elt } = requestConfig; // the event itself may come from a parent, when the element was replaced
  const etag = xhr.status === 200 && isPoll(elt) && xhr.getResponseHeader("ETag");
  if (etag) etags.set(keyOf({ elt, path: requestConfig.path }), etag);
}

/** A poll that was sent on to another page (signed out, session over) must not land inside this one. */
function reloadWhenSentAway(event) {
  const { xhr, requestConfig } = event.detail;
  if (!isPoll(requestConfig.elt) || !xhr.responseURL) return;
  if (new URL(xhr.responseURL).pathname === new URL(requestConfig.path, location.href).pathname) return;
  event.preventDefault();
  location.reload();
}

function showOffline(away) {
  const sign = document.querySelector("[data-offline]");
  if (sign) sign.hidden = !away;
}

function showError(event) {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const words = [...page.querySelectorAll("[data-error]")].map((part) => part.textContent.trim()).join(" ");
  const notice = document.createElement("div");
  notice.className = "notice notice-bad";
  notice.setAttribute("role", "alert");
  notice.textContent = words || document.body.dataset.errorText;
  let place = document.querySelector(".toasts");
  if (!place) {
    place = document.body.appendChild(document.createElement("div"));
    place.className = "toasts";
  }
  place.replaceChildren(notice);
  setTimeout(() => notice.remove(), 12_000);
}

export function polling(htmx) {
  configure(htmx);
  document.addEventListener("htmx:configRequest", addHeaders);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = event.detail; // OctoPrint forgets a request that nobody asks after: that one goes on
    if (document.hidden && isPoll(elt) && !("pollHidden" in elt.dataset)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", reloadWhenSentAway);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr.status) showOffline(false);
    keepETag(event);
  });
  document.addEventListener("htmx:sendError", () => showOffline(true));
  document.addEventListener("htmx:responseError", (event) => {
    if (isPoll(event.detail.requestConfig.elt)) showOffline(event.detail.xhr.status >= 500);
    else showError(event);
  });
}
