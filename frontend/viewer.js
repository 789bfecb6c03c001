// A piece to turn: our preview format (designs/preview.py) by three.js, G-code by gcode-preview; loaded by modules/lazy.js.
import {
  AmbientLight, Box3, BufferAttribute, BufferGeometry, Color, DirectionalLight, DoubleSide, HemisphereLight, Mesh, MeshStandardMaterial, PerspectiveCamera, Scene,
  Sphere, Vector3, WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { toCreasedNormals } from "three/examples/jsm/utils/BufferGeometryUtils.js";
import { layersIn, sliderFor } from "./viewer/layers.js";
import { marksOn } from "./viewer/marks.js";

const STEP = Math.PI / 12; // one press turns by 15 degrees
const HEAD = 28; // bytes before the corners
const CREASE = 0.6; // radians: flatter edges are shaded round
const VIEW = new Vector3(0.75, 0.5, 1).normalize(); // from where the piece is seen first
const TURNS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export async function mount(figure) {
  const response = await fetch(figure.dataset.viewerUrl);
  if (!response.ok) throw new Error(`${figure.dataset.viewerUrl}: ${response.status}`);
  const canvas = figure.querySelector("canvas");
  if (figure.dataset.viewerKind === "gcode") await showGcode(figure, canvas, await response.text());
  else showMesh(figure, canvas, await response.arrayBuffer());
  figure.classList.add("is-ready");
}

async function showGcode(figure, canvas, text) {
  const preview = layersIn(canvas, text);
  const { camera, controls } = preview;
  const { center, radius } = new Box3().setFromObject(preview.scene).getBoundingSphere(new Sphere());
  controls.target.copy(center);
  camera.position.copy(center).add(VIEW.clone().multiplyScalar(distance(camera, radius)));
  controls.update();
  controlByKeys(canvas, figure, (across, down) => turn(camera, controls, across, down));
  new ResizeObserver(() => preview.resize()).observe(canvas);
  await sliderFor(figure, preview);
}

function showMesh(figure, canvas, buffer) {
  const scene = new Scene();
  const mesh = meshOf(buffer, figure.dataset.viewerColour || "#c9bfae");
  scene.add(mesh, ...lights());
  const { camera, controls, renderer } = stage(canvas, mesh);
  const draw = () => renderer.render(scene, camera);
  controls.addEventListener("change", draw);
  controlByKeys(canvas, figure, (across, down) => turn(camera, controls, across, down));
  marksOn(figure, scene, draw);
  new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = canvas;
    renderer.setSize(width, height, false);
    camera.aspect = width / height;
    camera.updateProjectionMatrix();
    draw();
  }).observe(canvas);
}

/** Millimetres with z up, centred; three.js has y up. */
function meshOf(buffer, colour) {
  const geometry = toCreasedNormals(unpacked(buffer), CREASE);
  geometry.center();
  geometry.rotateX(-Math.PI / 2);
  const material = new MeshStandardMaterial({ color: new Color(colour), roughness: 0.72, metalness: 0, side: DoubleSide });
  return new Mesh(geometry, material);
}

/** The format stands in designs/preview.py: corners in steps of a grid, triangles by corner numbers. */
function unpacked(buffer) {
  if (new TextDecoder().decode(new Uint8Array(buffer, 0, 4)) !== "MLP1") throw new Error("not a preview");
  const [corners, triangles] = new Uint32Array(buffer, 4, 2);
  const [step] = new Float32Array(buffer, 24, 1);
  const places = Float32Array.from(new Uint16Array(buffer, HEAD, 3 * corners), (steps) => steps * step);
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(places, 3));
  geometry.setIndex(new BufferAttribute(new Uint32Array(buffer, HEAD + 4 * Math.ceil(1.5 * corners), 3 * triangles), 1));
  return geometry;
}

function lights() {
  const key = new DirectionalLight("#fff4e2", 2.4);
  key.position.set(2, 3, 2.5);
  const rim = new DirectionalLight("#dfe6ff", 0.9);
  rim.position.set(-3, 1, -2);
  return [new AmbientLight("#ffffff", 0.35), new HemisphereLight("#ffffff", "#b9a98f", 0.9), key, rim];
}

function stage(canvas, mesh) {
  const { radius } = new Box3().setFromObject(mesh).getBoundingSphere(new Sphere());
  const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
  renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
  const camera = new PerspectiveCamera(30, 1, radius / 50, radius * 50);
  camera.position.copy(VIEW).multiplyScalar(distance(camera, radius));
  const controls = new OrbitControls(camera, canvas);
  controls.enablePan = false;
  controls.minDistance = radius * 1.6;
  controls.maxDistance = radius * 8;
  controls.update();
  return { camera, controls, renderer };
}

/** From how far a sphere of this radius fills the view, with a little air. */
const distance = (camera, radius) => (1.08 * radius) / Math.sin((camera.fov * Math.PI) / 360);

function turn(camera, controls, across, down) {
  const place = camera.position.clone().sub(controls.target);
  place.applyAxisAngle(new Vector3(0, 1, 0), -across * STEP);
  const side = new Vector3().crossVectors(camera.up, place).normalize();
  const tilted = place.clone().applyAxisAngle(side, -down * STEP);
  if (Math.abs(tilted.clone().normalize().y) < 0.97) place.copy(tilted);
  camera.position.copy(place.add(controls.target));
  controls.update();
}

function controlByKeys(canvas, figure, turnBy) {
  canvas.addEventListener("keydown", (event) => {
    if (!(event.key in TURNS)) return;
    event.preventDefault();
    turnBy(...TURNS[event.key]);
  });
  figure.querySelector(".viewer-turn").hidden = false;
  figure.addEventListener("click", (event) => {
    const button = event.target.closest("[data-viewer-turn]");
    if (button) turnBy(Number(button.dataset.viewerTurn) * 2, 0);
  });
}
