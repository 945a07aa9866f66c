// The dashboard: reads server-sent events with fetch, which unlike EventSource can show a token, and changes the page in
// place, so that focus and reading position stay. All that comes from outside is set as text, never as markup.

import { Chart, short } from "./charts.js";

const $ = id => document.getElementById(id);
const TOKEN = "utls-crawler-token";
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15000;
const STALE_MS = 5000;
const KEPT = 300;

let points = [];
let token = readToken();
let retryMs = FIRST_RETRY_MS;
let lastEvent = 0;
let connection = null;

function readToken() {
  try { return sessionStorage.getItem(TOKEN) ?? ""; } catch { return ""; }
}

function keepToken(value) {
  token = value;
  try { sessionStorage.setItem(TOKEN, value); } catch { /* it is kept for this page alone */ }
}

function headers(more = {}) {
  return token ? { Authorization: `Bearer ${token}`, ...more } : more;
}

// ---- words

const HEALTH = {
  HEALTHY: ["ok", "Healthy"],
  OVERLOAD: ["warn", "Overload"],
  UNHEALTHY: ["bad", "Unhealthy"],
};
const HOST = { WELL: ["ok", "Well"], FAILED: ["bad", "Failed"], RECOVERING: ["warn", "Recovering"] };
const ADDRESS = {
  WELL: ["ok", "Well"],
  UNWELL: ["warn", "Unwell"],
  OUT: ["bad", "Out"],
  PROBED: ["warn", "Being tried"],
  BANNED: ["bad", "Banned"],
  EXCLUDED: ["none", "Excluded"],
};
const CONNECTION = {
  OPENING: ["none", "Opening"],
  AVAILABLE: ["ok", "Free"],
  LEASED: ["ok", "In use"],
  CHECKING: ["none", "Checked"],
  RETIRED: ["warn", "Retiring"],
};

function ms(value) {
  return value <= 0 ? "-" : value >= 10000 ? `${(value / 1000).toFixed(0)} s` : `${short(value)} ms`;
}

function time(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

function percent(share) {
  const value = share * 100;
  return `${value === 100 || value === 0 ? value : Math.min(99.9, value).toFixed(1)} %`;
}

function count(n, one, many) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

// ---- elements

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function tone(node, [kind, text]) {
  if (node.dataset.tone !== kind) node.dataset.tone = kind;
  say(node, text);
}

/** Makes the children of a list those of the items, by key: known ones stay where they are and are changed in place. */
function keyed(list, items, keyOf, create, update) {
  const known = new Map([...list.children].map(child => [child.dataset.key, child]));
  let place = list.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let child = known.get(key);
    if (child) {
      known.delete(key);
    } else {
      child = create(item);
      child.dataset.key = key;
    }
    if (child === place) place = place.nextElementSibling;
    else list.insertBefore(child, place);
    update(child, item);
  }
  for (const child of known.values()) {
    const hadFocus = child.contains(document.activeElement);
    child.remove();
    if (hadFocus) $("main").focus();
  }
}

function announce(text) {
  $("said").textContent = "";
  requestAnimationFrame(() => { $("said").textContent = text; });
}

function notice(text, kind = "bad") {
  const node = $("notice");
  node.dataset.tone = kind;
  say(node, text ?? "");
  node.hidden = !text;
}

// ---- charts

const rateChart = new Chart($("chart-rate"), {
  label: "URLs per second",
  seconds: KEPT,
  least: 5,
  series: [
    { name: "answered", tone: "a", area: true, of: point => point.ok },
    {
      name: "failed",
      tone: "b",
      area: true,
      of: point => point.failed,
      // nothing is drawn where nothing fails
      drawn: (point, i, all) => point.failed > 0 || all[i - 1]?.failed > 0 || all[i + 1]?.failed > 0,
    },
  ],
});
const timeChart = new Chart($("chart-time"), {
  label: "Latency in milliseconds",
  seconds: KEPT,
  least: 10,
  series: [
    { name: "median", tone: "a", of: point => (point.ok ? point.p50 : null) },
    { name: "p95", tone: "c", of: point => (point.ok ? point.p95 : null) },
  ],
});

function addPoints(more) {
  for (const point of more) {
    const last = points.at(-1);
    if (!last || point.second > last.second) points.push(point);
  }
  points = points.slice(-KEPT);
  rateChart.show(points);
  timeChart.show(points);
}

// ---- the parts of the page

function tiles(now) {
  const ten = points.slice(-10);
  const minute = points.slice(-60);
  const sum = (list, of) => list.reduce((total, point) => total + of(point), 0);
  const ok = sum(minute, point => point.ok);
  const failed = sum(minute, point => point.failed);
  say($("t-rate"), short(ten.length ? sum(ten, point => point.ok + point.failed) / ten.length : 0));
  say($("t-rate-sub"), `${count(now.work.total, "URL", "URLs")} since the start`);
  say($("t-ok"), ok + failed ? percent(ok / (ok + failed)) : "-");
  say($("t-ok-sub"), `${failed} failed in a minute`);
  const worst = minute.filter(point => point.ok).map(point => point.p95).sort((a, b) => a - b);
  say($("t-p95"), worst.length ? ms(worst[Math.floor((worst.length - 1) / 2)]) : "-");
  say($("t-conns"), `${now.pool.open}`);
  say($("t-conns-sub"), `of ${now.pool.max}, ${now.pool.inFlight} in flight`);
  say($("t-open"), now.work.urlsOpen.toLocaleString("en"));
  say($("t-open-sub"), `in ${count(now.work.streams, "request", "requests")}`);
  tone($("health"), HEALTH[now.status.state] ?? ["none", now.status.state]);
  const bad = now.hosts.filter(host => host.state !== "WELL");
  const why = now.status.state === "HEALTHY"
    ? bad.length ? `${bad.length === 1 ? `${bad[0].host} does` : `${bad.length} hosts do`} not answer.` : ""
    : `${HEALTH[now.status.state]?.[1] ?? now.status.state}: ${now.status.reason}.`;
  $("reason").hidden = !why;
  $("reason").dataset.tone = now.status.state === "UNHEALTHY" ? "bad" : "warn";
  say($("reason"), why);
}

function facts(node, pairs) {
  keyed(node, pairs, pair => pair[0], pair => {
    const item = make("span");
    item.append(make("b"), ` ${pair[0]}`);
    return item;
  }, (item, pair) => say(item.firstChild, pair[1]));
}

function hosts(now) {
  $("hosts-empty").hidden = now.hosts.length > 0;
  say($("hosts-count"), now.hostCount > now.hosts.length
    ? `${now.hosts.length} of ${now.hostCount}`
    : count(now.hostCount, "host", "hosts"));
  keyed($("hosts"), now.hosts, host => host.host, () => {
    const item = make("li", "host");
    const top = make("div", "host-top");
    top.append(make("span", "host-name"), make("span", "pill"));
    item.append(top, make("p", "facts"), make("p", "why"), make("ul", "addresses"));
    return item;
  }, (item, host) => {
    const [top, line, why, list] = item.children;
    say(top.children[0], host.host);
    tone(top.children[1], HOST[host.state] ?? ["none", host.state]);
    facts(line, [
      ["answered", host.requests ? percent(host.success) : "-"],
      ["mean", ms(host.latencyMs)],
      [`of ${host.max} connections`, String(host.connections)],
      ["in flight", String(host.inFlight)],
      ["waiting", String(host.waiting)],
    ]);
    why.hidden = host.state === "WELL";
    say(why, host.reason);
    list.hidden = host.addresses.length === 0;
    keyed(list, host.addresses, each => each.address, addressRow, showAddress);
  });
}

function addressRow() {
  const row = make("li", "address");
  const button = make("button", "button small act");
  button.type = "button";
  button.addEventListener("click", () => {
    if (row.dataset.banned === "true") lift(row.dataset.ip, button);
    else askToBan(row.dataset.ip, button);
  });
  row.append(make("span", "mono"), make("span", "pill"), make("span", "meta"), button);
  return row;
}

function showAddress(row, address) {
  const [name, state, meta, button] = row.children;
  say(name, address.address);
  tone(state, ADDRESS[address.state] ?? ["none", address.state]);
  say(meta, `${count(address.connections, "connection", "connections")}${address.opening ? `, ${address.opening} opening` : ""}${address.latencyMs > 0 ? `, ${ms(address.latencyMs)}` : ""}`);
  row.dataset.ip = address.ip;
  row.dataset.banned = String(address.banned);
  button.hidden = !address.ip;
  say(button, address.banned ? "Lift" : "Ban");
  button.setAttribute("aria-label", `${address.banned ? "Lift the ban of" : "Ban"} ${address.ip}`);
  button.classList.toggle("danger", !address.banned);
}

function bans(now) {
  $("bans-empty").hidden = now.bans.length > 0;
  say($("bans-count"), now.bans.length ? count(now.bans.length, "address", "addresses") : "");
  keyed($("bans"), now.bans, ban => `${ban.address} ${ban.host ?? ""}`, ban => {
    const item = make("li", "ban");
    const who = make("div", "who");
    who.append(make("div", "mono"), make("div", "why-ban"));
    const button = make("button", "button small", "Lift");
    button.type = "button";
    button.setAttribute("aria-label", `Lift the ban of ${ban.address}`);
    button.addEventListener("click", () => lift(ban.address, button));
    item.append(who, make("span", "left"), button);
    return item;
  }, (item, ban) => {
    say(item.children[0].children[0], ban.address);
    say(item.children[0].children[1], `${ban.host ? `${ban.host}: ` : "every host: "}${ban.reason}${ban.count > 1 ? `, ${ban.count} times in a row` : ""}`);
    say(item.children[1], `${time(ban.remainingSeconds)} left`);
  });
}

function profiles(now) {
  const total = now.profiles.reduce((sum, each) => sum + each.connections, 0);
  $("profiles-empty").hidden = total > 0;
  keyed($("profiles"), now.profiles, each => each.profile, each => {
    const item = make("li", "share");
    const top = make("div", "share-top");
    top.append(make("span", "mono"), make("span"));
    const meter = make("meter");
    meter.setAttribute("aria-label", `Share of ${each.profile}`);
    item.append(top, meter);
    return item;
  }, (item, each) => {
    const [top, meter] = item.children;
    say(top.children[0], each.profile);
    say(top.children[1], `${count(each.connections, "connection", "connections")}, ${percent(each.connections / total)}`);
    meter.value = each.connections / total;
  });
}

const COLUMNS = ["Host", "Address", "State", "Protocol", "Profile", "In flight", "Leases", "Age"];

function connections(now) {
  $("conns-empty").hidden = now.connections.length > 0;
  $("conns-table").hidden = now.connections.length === 0;
  say($("conns-count"), now.connectionCount > now.connections.length
    ? `${now.connections.length} of ${now.connectionCount}`
    : count(now.connectionCount, "connection", "connections"));
  keyed($("conns"), now.connections, each => each.id, () => {
    const row = make("tr");
    COLUMNS.forEach((column, i) => {
      const cell = make("td", i >= 5 ? "num" : i < 2 ? "mono" : "");
      cell.dataset.label = column;
      cell.append(make("span", i === 2 ? "pill" : ""));
      row.append(cell);
    });
    return row;
  }, (row, each) => {
    const cells = [...row.children].map(cell => cell.firstChild);
    say(cells[0], each.host);
    say(cells[1], each.remote ?? "-");
    tone(cells[2], CONNECTION[each.state] ?? ["none", each.state]);
    say(cells[3], each.protocol ?? "-");
    say(cells[4], each.profile ?? "-");
    say(cells[5], String(each.inFlight));
    say(cells[6], each.leases.toLocaleString("en"));
    say(cells[7], time(each.ageSeconds));
  });
}

function show(now) {
  addPoints(now.points);
  tiles(now);
  hosts(now);
  bans(now);
  profiles(now);
  connections(now);
  $("live").hidden = false;
}

// ---- actions

async function problemOf(response) {
  try {
    const problem = await response.json();
    return problem.detail ?? problem.title ?? `The service answered ${response.status}.`;
  } catch {
    return `The service answered ${response.status}.`;
  }
}

/** Sends an action; returns null if it was done, otherwise why not. */
async function act(method, path, body, button) {
  button.disabled = true;
  try {
    const response = await fetch(path, {
      method,
      headers: headers(body ? { "Content-Type": "application/json" } : {}),
      body: body ? JSON.stringify(body) : undefined,
    });
    if (response.status === 401) signIn("");
    return response.ok ? null : await problemOf(response);
  } catch {
    return "The service cannot be reached.";
  } finally {
    button.disabled = false;
    if (button.isConnected) button.focus();
  }
}

async function ban(address, seconds, button) {
  const problem = await act("POST", "api/bans", { address, seconds }, button);
  if (!problem) announce(`${address} is banned for ${time(seconds)}.`);
  return problem;
}

async function lift(address, button) {
  const problem = await act("DELETE", `api/bans/${encodeURIComponent(address)}`, null, button);
  if (problem) notice(problem);
  else announce(`The ban of ${address} is lifted.`);
}

function askToBan(address, button) {
  const dialog = $("confirm");
  say($("confirm-address"), address);
  dialog.returnValue = "cancel";
  dialog.onclose = async () => {
    button.focus();
    if (dialog.returnValue !== "ban") return;
    const problem = await ban(address, Number($("confirm-seconds").value), button);
    if (problem) notice(problem);
  };
  dialog.showModal();
}

$("ban").addEventListener("submit", async event => {
  event.preventDefault();
  const input = $("ban-address");
  const problem = await ban(input.value.trim(), Number($("ban-seconds").value), event.submitter);
  say($("ban-error"), problem ?? "");
  if (problem) {
    input.setAttribute("aria-invalid", "true");
    input.focus();
  } else {
    input.removeAttribute("aria-invalid");
    input.value = "";
  }
});

// ---- the feed

function link(kind, text) {
  tone($("link"), [kind, text]);
}

function signIn(text) {
  connection?.abort();
  $("live").hidden = true;
  $("sign-in").hidden = false;
  notice(text);
  tone($("health"), ["none", "Unknown"]);
  link("none", "Signed out");
  $("token").focus();
}

$("sign-in").addEventListener("submit", event => {
  event.preventDefault();
  keepToken($("token").value.trim());
  $("token").value = "";
  $("sign-in").hidden = true;
  notice(null);
  connect();
});

function take(name, data) {
  lastEvent = Date.now();
  if (name === "history") {
    // another instance, or a new start of this one, counts its seconds anew
    points = [];
    addPoints(data.points);
  } else if (name === "now") {
    show(data);
    link("ok", "Live");
    notice(null);
    retryMs = FIRST_RETRY_MS;
  }
}

/** Reads events: blocks of lines, each with a name and data, between empty lines. */
async function read(body, signal) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done || signal.aborted) return;
    text += value;
    let end = text.indexOf("\n\n");
    for (; end >= 0; end = text.indexOf("\n\n")) {
      const event = { name: "message", data: "" };
      for (const line of text.slice(0, end).split("\n")) {
        if (line.startsWith("event: ")) event.name = line.slice(7);
        else if (line.startsWith("data: ")) event.data += line.slice(6);
      }
      text = text.slice(end + 2);
      take(event.name, JSON.parse(event.data));
    }
  }
}

async function connect() {
  const mine = new AbortController();
  connection = mine;
  let why = "The service cannot be reached.";
  try {
    const response = await fetch("api/live", { headers: headers(), signal: mine.signal, cache: "no-store" });
    if (response.status === 401) {
      signIn(token ? "This token is not the service's." : "");
      return;
    }
    if (response.ok) {
      await read(response.body, mine.signal);
      why = "The service has ended the connection.";
    } else {
      why = await problemOf(response);
    }
  } catch { /* said below */ }
  if (mine.signal.aborted && connection !== mine) return;
  if (!$("sign-in").hidden) return;
  link("bad", "Disconnected");
  tone($("health"), ["none", "Unknown"]);
  notice(`${why} Trying again; the figures below are the last known.`, "warn");
  setTimeout(connect, retryMs);
  retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
}

// a connection may die without a word: what is old is said to be old
setInterval(() => {
  if (lastEvent && Date.now() - lastEvent > STALE_MS && $("link").dataset.tone === "ok") {
    link("bad", "No news");
    connection?.abort();
  }
}, 1000);

connect();
