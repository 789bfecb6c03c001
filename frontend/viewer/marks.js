// Problems drawn on the piece: the file of designs/check/marks.py as thick lines and points, seen through the piece.
import { BufferAttribute, BufferGeometry, Color, Group, Points, PointsMaterial } from "three";
import { LineMaterial } from "three/examples/jsm/lines/LineMaterial.js";
import { LineSegments2 } from "three/examples/jsm/lines/LineSegments2.js";
import { LineSegmentsGeometry } from "three/examples/jsm/lines/LineSegmentsGeometry.js";

const HEAD = 24; // bytes before the coordinates
const KINDS = ["open_edges", "touching_edges", "mixed_orientation", "dust"]; // in the order of the file
const THICK = 4; // pixels
const DOT = 12;

/** Wires the button of a figure: the marks are fetched when somebody wants to see them. */
export function marksOn(figure, scene, draw) {
  const box = figure.querySelector("[data-viewer-marks]");
  if (!box) return;
  const button = box.querySelector("[data-viewer-toggle]");
  const legend = box.querySelector(".marks");
  let group;
  box.hidden = false;
  button.addEventListener("click", async () => {
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(shown));
    legend.hidden = !shown;
    if (shown && !group) scene.add((group = await fetched(box.dataset.viewerMarks, legend)));
    if (group) group.visible = button.getAttribute("aria-pressed") === "true";
    draw();
  });
}

async function fetched(url, legend) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const buffer = await response.arrayBuffer();
  if (new TextDecoder().decode(new Uint8Array(buffer, 0, 4)) !== "MLK1") throw new Error("not marks");
  const counts = new Uint32Array(buffer, 4, 4);
  const group = new Group();
  let place = HEAD;
  KINDS.forEach((kind, number) => {
    const numbers = counts[number] * (kind === "dust" ? 3 : 6);
    const item = legend.querySelector(`[data-mark="${kind}"]`);
    if (numbers && item) {
      const colour = new Color(getComputedStyle(item).getPropertyValue("--mark").trim());
      const places = new Float32Array(buffer, place, numbers);
      group.add(kind === "dust" ? dots(places, colour) : lines(places, colour));
    }
    place += 4 * numbers;
  });
  group.rotateX(-Math.PI / 2);
  return group;
}

/** Never hidden by the piece: a hole at the back is a hole. */
function lines(places, color) {
  const geometry = new LineSegmentsGeometry().setPositions(places);
  const drawn = new LineSegments2(geometry, new LineMaterial({ color, linewidth: THICK, depthTest: false, transparent: true }));
  drawn.renderOrder = 1;
  return drawn;
}

function dots(places, color) {
  const geometry = new BufferGeometry().setAttribute("position", new BufferAttribute(places, 3));
  const drawn = new Points(geometry, new PointsMaterial({ color, size: DOT * devicePixelRatio, sizeAttenuation: false, depthTest: false, transparent: true }));
  drawn.renderOrder = 1;
  return drawn;
}
