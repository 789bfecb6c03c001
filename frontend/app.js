// Everything a page needs beside its HTML. Each module works on whatever is on the page and also on what htmx swaps in.
import htmx from "htmx.org";
import { backAndPrint } from "./modules/pages.js";
import { cameras } from "./modules/camera.js";
import { dialogs } from "./modules/dialog.js";
import { facets } from "./modules/facets.js";
import { idle } from "./modules/idle.js";
import { keypad } from "./modules/keypad.js";
import { keys } from "./modules/keys.js";
import { lazyModules } from "./modules/lazy.js";
import { offline } from "./modules/offline.js";
import { polling } from "./modules/polling.js";
import { scanner } from "./modules/scanner.js";
import { speak } from "./modules/speak.js";
import { stepper } from "./modules/stepper.js";
import { tags } from "./modules/tags.js";
import { undo } from "./modules/undo.js";
import { upload } from "./modules/upload.js";

polling(htmx);
backAndPrint();
dialogs();
facets();
keypad();
keys();
scanner();
speak();
stepper();
upload(htmx);
idle();
offline();
htmx.onLoad((part) => {
  cameras(part);
  lazyModules(part);
  tags(part);
  undo(part);
  speak.show(part);
});
