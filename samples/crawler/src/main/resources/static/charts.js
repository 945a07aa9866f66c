// Charts of the last minutes in SVG: drawn once, then changed in place. Read by pointer or by arrow keys.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 190;
const TOP = 8;
const BOTTOM = 22;
const LEFT = 38;
const RIGHT = 4;

/** How much time is shown: the least that holds all there is; and what its axis names, in seconds before now. */
const SPANS = [
  [60, [15, 30, 45]],
  [120, [30, 60, 90]],
  [300, [60, 120, 180, 240]],
];

function element(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (parent) parent.append(node);
  return node;
}

/** The least of 1, 2, 5 times a power of ten, and at least `least`, that is not below the value. */
export function niceCeiling(value, least) {
  const wanted = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  for (const step of [1, 2, 5, 10]) {
    if (step * power >= wanted) return step * power;
  }
  return wanted;
}

export function short(number) {
  if (number >= 10000) return `${Math.round(number / 1000)}k`;
  if (number >= 100 || Number.isInteger(number)) return String(Math.round(number));
  return number.toFixed(number >= 10 ? 0 : 1);
}

/**
 * @param host the element to draw in
 * @param options label, seconds, least (of the axis), series: [{name, tone, area, of: point => number | null, and
 *     optionally drawn: (point, index, points) => whether its line is drawn there}]
 */
export class Chart {
  constructor(host, options) {
    this.host = host;
    this.options = options;
    this.points = [];
    this.picked = null;
    this.svg = element("svg", { role: "img", tabindex: "0", preserveAspectRatio: "none" });
    this.grid = element("g", { "aria-hidden": "true" }, this.svg);
    this.shapes = options.series.map(series => ({
      series,
      area: series.area ? element("path", { class: `area ${series.tone}` }, this.svg) : null,
      line: element("path", { class: `line ${series.tone}` }, this.svg),
    }));
    this.mark = element("line", { class: "mark", visibility: "hidden" }, this.svg);
    this.legend = document.createElement("p");
    this.legend.className = "legend";
    this.values = options.series.map(series => {
      const item = document.createElement("span");
      const key = document.createElement("span");
      key.className = `key ${series.tone}`;
      const value = document.createElement("b");
      item.append(key, `${series.name} `, value);
      this.legend.append(item);
      return value;
    });
    this.when = document.createElement("span");
    this.when.className = "when";
    this.legend.append(this.when);
    host.append(this.svg, this.legend);
    this.svg.addEventListener("pointermove", event => this.pickAt(event.offsetX));
    this.svg.addEventListener("pointerleave", () => this.pick(null));
    this.svg.addEventListener("blur", () => this.pick(null));
    this.svg.addEventListener("keydown", event => this.key(event));
    new ResizeObserver(() => this.draw()).observe(host);
  }

  show(points) {
    this.points = points;
    this.draw();
  }

  key(event) {
    const last = this.span().seconds - 1;
    const step = { ArrowLeft: 1, ArrowRight: -1, PageUp: 30, PageDown: -30 }[event.key];
    if (event.key === "Escape") this.pick(null);
    else if (event.key === "Home") this.pick(last);
    else if (event.key === "End") this.pick(0);
    else if (step !== undefined) this.pick(Math.min(last, Math.max(0, (this.picked ?? 0) + step)));
    else return;
    event.preventDefault();
  }

  pickAt(x) {
    const share = (x - LEFT) / Math.max(1, this.width() - LEFT - RIGHT);
    const last = this.span().seconds - 1;
    this.pick(Math.min(last, Math.max(0, Math.round((1 - share) * last))));
  }

  /** @param ago how many seconds before the newest; null for the newest, without a mark */
  pick(ago) {
    this.picked = ago;
    this.read();
  }

  span() {
    const wanted = Math.min(this.points.length, this.options.seconds);
    const [seconds, marks] = SPANS.find(([most]) => wanted <= most) ?? SPANS.at(-1);
    return { seconds: Math.min(seconds, this.options.seconds), marks };
  }

  width() {
    return Math.max(160, this.host.clientWidth);
  }

  x(ago) {
    const last = this.span().seconds - 1;
    return LEFT + (1 - ago / last) * (this.width() - LEFT - RIGHT);
  }

  draw() {
    const { seconds, series, least } = this.options;
    const points = this.points.slice(-seconds);
    let highest = 0;
    for (const point of points) {
      for (const each of series) highest = Math.max(highest, each.of(point) ?? 0);
    }
    const top = niceCeiling(highest, least);
    const width = this.width();
    const y = value => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.grid.replaceChildren();
    for (const share of [0, 0.5, 1]) {
      const at = y(share * top);
      element("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: at, y2: at }, this.grid);
      element("text", { x: LEFT - 7, y: at + 4, "text-anchor": "end" }, this.grid).textContent = short(share * top);
    }
    for (const ago of [0, ...this.span().marks]) {
      const text = ago === 0 ? "now" : ago % 60 === 0 ? `-${ago / 60} min` : `-${ago} s`;
      const anchor = ago === 0 ? "end" : "middle";
      element("text", { x: this.x(ago), y: HEIGHT - 6, "text-anchor": anchor }, this.grid).textContent = text;
    }
    for (const { series: each, area, line } of this.shapes) {
      let path = "";
      let fill = "";
      let run = [];
      const endRun = () => {
        if (run.length) {
          // a single second has no length: a point is drawn
          path += `M${run.join("L")}${run.length === 1 ? "h0.01" : ""}`;
          fill += `M${run[0].split(" ")[0]} ${y(0)}L${run.join("L")}L${run.at(-1).split(" ")[0]} ${y(0)}Z`;
        }
        run = [];
      };
      points.forEach((point, i) => {
        const value = each.of(point);
        if (value === null || (each.drawn && !each.drawn(point, i, points))) endRun();
        else run.push(`${this.x(points.length - 1 - i).toFixed(1)} ${y(value).toFixed(1)}`);
      });
      endRun();
      line.setAttribute("d", path);
      if (area) area.setAttribute("d", fill);
    }
    this.read();
  }

  read() {
    const index = this.points.length - 1 - (this.picked ?? 0);
    const point = this.points[index];
    const words = this.options.series.map((series, i) => {
      const value = point ? series.of(point) : null;
      const text = value === null ? "-" : short(value);
      this.values[i].textContent = text;
      return `${series.name} ${text}`;
    });
    this.when.textContent = this.picked ? `${this.picked} s ago` : "";
    this.svg.setAttribute(
      "aria-label",
      `${this.options.label}, ${this.picked ? `${this.picked} seconds ago` : "now"}: ${words.join(", ")}. Arrow keys read earlier seconds.`,
    );
    if (this.picked) {
      const x = this.x(this.picked);
      this.mark.setAttribute("x1", x);
      this.mark.setAttribute("x2", x);
      this.mark.setAttribute("y1", TOP);
      this.mark.setAttribute("y2", HEIGHT - BOTTOM);
    }
    this.mark.setAttribute("visibility", this.picked ? "visible" : "hidden");
  }
}
