// Bootstrap without what nothing here uses: a phone should not fetch 30 kB of rules to apply 6.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Every word written in a template or a script: a class that is in none of them is on no page. */
export async function wordsIn(...folders) {
  const words = new Set();
  for (const folder of folders) {
    for (const file of await readdir(folder, { recursive: true })) {
      if (!/\.(html|js)$/.test(file)) continue;
      const text = await readFile(join(folder, file), "utf8");
      for (const [word] of text.matchAll(/[A-Za-z][\w-]*/g)) words.add(word);
    }
  }
  return words;
}

const classes = (selector) => selector.replace(/:not\([^)]*\)/g, "").match(/\.[A-Za-z][\w-]*/g) ?? [];

function closing(css, open) {
  for (let at = open, depth = 0; at < css.length; at++) {
    if (css[at] === "{") depth++;
    if (css[at] === "}" && --depth === 0) return at;
  }
  throw new Error("purge.mjs: a rule of this style sheet has no end");
}

/** Minified CSS with only the selectors whose classes are all among `words`; @keyframes and the like stay. */
function rules(css, words) {
  let kept = "";
  for (let at = 0, open; (open = css.indexOf("{", at)) >= 0; ) {
    const close = closing(css, open);
    const head = css.slice(at, open);
    const body = css.slice(open + 1, close);
    if (/^@(media|supports)/.test(head)) {
      const inner = rules(body, words);
      if (inner) kept += `${head}{${inner}}`;
    } else {
      const used = (one) => head.startsWith("@") || classes(one).every((name) => words.has(name.slice(1)));
      const alive = head.split(/,(?![^(]*\))/).filter(used);
      if (alive.length) kept += `${alive.join(",")}{${body}}`;
    }
    at = close + 1;
  }
  return kept;
}

/** The same for a whole file: what stands before the first rule (character set, licence) stays. */
export function purged(css, words) {
  const [preface] = css.match(/^(@charset[^;]*;|\/\*[\s\S]*?\*\/|\s)*/);
  return preface + rules(css.slice(preface.length).replace(/\/\*[\s\S]*?\*\//g, ""), words);
}
