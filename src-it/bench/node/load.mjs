// A client in a process of its own: reads tasks, a line of JSON each, and answers each with a line, as LoadProcess does.
// Argument: impit or wreq-js.
import { createInterface } from 'node:readline';
import { performance } from 'node:perf_hooks';

const clients = {
  async impit() {
    const { Impit } = await import('impit');
    // takes no authority of the user's: verification is off, which costs it less than the others
    const client = new Impit({ browser: 'chrome', ignoreTlsErrors: true });
    return (uri) => client.fetch(uri);
  },
  async 'wreq-js'() {
    const { createSession } = await import('wreq-js');
    const session = await createSession({ browser: 'chrome_149', os: 'linux', insecure: true });
    return (uri) => session.fetch(uri);
  },
};

const fetch = await clients[process.argv[2]]();

/** A closed loop: each lane sends its next request as soon as its last was answered. */
async function load({ uris, concurrency, millis }) {
  const micros = [];
  let errors = 0;
  let error = null;
  let bodyBytes = 0;
  let next = 0;
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const lane = async () => {
    for (let sent = performance.now(); sent - begin < millis; sent = performance.now()) {
      try {
        const response = await fetch(uris[next++ % uris.length]);
        const body = await response.arrayBuffer();
        if (response.status !== 200) {
          throw new Error(`status ${response.status}`);
        }
        bodyBytes += body.byteLength;
        micros.push((performance.now() - sent) * 1000);
      } catch (e) {
        errors++;
        error ??= String(e);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  const seconds = (performance.now() - begin) / 1000;
  const used = process.cpuUsage(cpu);
  micros.sort((a, b) => a - b);
  const percentile = (share) => micros[Math.min(micros.length - 1, Math.floor(micros.length * share))] ?? 0;
  return {
    requests: micros.length,
    errors,
    error,
    seconds,
    cpuSeconds: (used.user + used.system) / 1e6,
    allocatedBytes: 0,
    bodyBytes,
    p50Micros: percentile(0.5),
    p99Micros: percentile(0.99),
    p999Micros: percentile(0.999),
    heapBytes: 0,
    residentBytes: 0,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await load(JSON.parse(line))) + '\n');
}
process.exit(0);
