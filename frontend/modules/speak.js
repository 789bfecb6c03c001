// Reads the page aloud in its own language, by the voices of the device. Sentence by sentence: long texts stop early in Chromium.
const SKIP = "script, style, svg, dialog, progress, [hidden], [data-silent], .visually-hidden, [aria-hidden='true']";

export function speak() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-speak]");
    if (button) toggle(button);
  });
  window.addEventListener("pagehide", () => window.speechSynthesis?.cancel());
}

/** The button stands only where the device can speak. */
speak.show = (part) => {
  for (const button of part.querySelectorAll("[data-speak]")) button.hidden = !("speechSynthesis" in window);
};

function toggle(button) {
  if (button.getAttribute("aria-pressed") === "true") {
    speechSynthesis.cancel();
    return mark(button, false);
  }
  const sentences = textOfPage();
  mark(button, true);
  sentences.forEach((sentence, index) => say(sentence, () => index === sentences.length - 1 && mark(button, false)));
}

function say(sentence, ended) {
  const language = document.documentElement.lang.replace("-simple", "");
  const utterance = new SpeechSynthesisUtterance(sentence);
  utterance.lang = language;
  utterance.rate = 0.9;
  utterance.voice = speechSynthesis.getVoices().find((voice) => voice.lang.startsWith(language)) ?? null;
  utterance.onend = ended;
  utterance.onerror = ended;
  speechSynthesis.speak(utterance);
}

function textOfPage() {
  const open = document.querySelector("dialog[open]");
  const parts = open ? [open] : document.querySelectorAll("[data-read]");
  return [...(parts.length ? parts : document.querySelectorAll("main"))].flatMap(sentencesOf);
}

function sentencesOf(part) {
  const hidden = [...part.querySelectorAll(SKIP)].filter((element) => !element.matches("dialog[open]"));
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const lines = [];
  let block = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const words = node.textContent.replace(/\s+/g, " ").trim();
    if (!words || hidden.some((element) => element.contains(node))) continue;
    const home = node.parentElement.closest("p, h1, h2, h3, h4, li, dt, dd, td, th, label, a, button, div, legend");
    if (home === block) lines[lines.length - 1] += ` ${words}`;
    else lines.push(words);
    block = home;
  }
  return lines;
}

function mark(button, speaking) {
  button.setAttribute("aria-pressed", String(speaking));
  button.querySelector("[data-speak-start]").hidden = speaking;
  button.querySelector("[data-speak-stop]").hidden = !speaking;
}
