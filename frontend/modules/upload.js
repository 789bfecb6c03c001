// A file dropped or chosen, sent with a progress bar. Without JavaScript the same form posts itself.
export function upload(htmx) {
  document.addEventListener("dragover", (event) => markOver(event, true));
  document.addEventListener("dragleave", (event) => markOver(event, false));
  document.addEventListener("drop", drop);
  document.addEventListener("change", (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (place) place.querySelector("[data-drop-name]").textContent = [...event.target.files].map((file) => file.name).join(", ");
  });
  // A picture from the camera is sent as soon as it is taken.
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-send]") && event.target.files.length) event.target.form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (!form) return;
    event.preventDefault();
    send(form, event.submitter, htmx);
  });
}

function markOver(event, over) {
  const place = event.target.closest?.("[data-drop]");
  if (!place) return;
  event.preventDefault();
  place.classList.toggle("is-over", over);
}

function drop(event) {
  const place = event.target.closest?.("[data-drop]");
  if (!place) return;
  event.preventDefault();
  place.classList.remove("is-over");
  const field = place.querySelector("input[type=file]");
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function send(form, submitter, htmx) {
  const xhr = new XMLHttpRequest();
  const buttons = [...form.querySelectorAll("button")];
  const free = () => buttons.forEach((button) => (button.disabled = false));
  const body = new FormData(form, submitter);
  buttons.forEach((button) => (button.disabled = true));
  showProgress(form, 0);
  xhr.upload.addEventListener("progress", (event) => showProgress(form, event.lengthComputable ? event.loaded / event.total : null));
  xhr.addEventListener("load", () => showAnswer(xhr, htmx));
  xhr.addEventListener("error", () => {
    free();
    form.querySelector("[data-upload-text]").textContent = document.body.dataset.errorText;
  });
  xhr.open(form.method, form.action);
  xhr.send(body);
}

function showProgress(form, share) {
  const line = form.querySelector("[data-upload-progress]");
  if (!line) return;
  line.hidden = false;
  const bar = line.querySelector("progress");
  if (share === null || share === 1) bar.removeAttribute("value"); // sent; now the server reads it
  else bar.value = share * 100;
  line.querySelector("[data-upload-text]").textContent = share === 1 ? line.dataset.uploadChecking : share === null ? "…" : `${Math.round(share * 100)} %`;
}

/** The answer is a page, the form again or the next one: it takes the place of this one. */
function showAnswer(xhr, htmx) {
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) return location.reload();
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  if (xhr.responseURL !== location.href) history.pushState({}, "", xhr.responseURL);
  htmx.process(main);
  htmx.trigger(main, "htmx:load"); // so that views and charts in it come to life
  main.querySelector("[aria-invalid], h1")?.scrollIntoView({ block: "center" });
}
window.addEventListener("popstate", () => location.reload());
