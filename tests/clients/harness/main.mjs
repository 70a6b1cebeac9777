// Runs suites of clients through gateways in front of providers of each dialect, and prints a table.
// Started by run.sh, which has installed what is needed: main.mjs --run DIR --binary FILE --suites a,b [--routes x,y]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { clients } from './clients.mjs';
import { key, providers, startGateway } from './gateway.mjs';
import { cell, isFailure, readCounts, render } from './table.mjs';
import { startUpstream } from './upstream.mjs';

const { values } = parseArgs({
  options: {
    run: { type: 'string' },
    binary: { type: 'string' },
    suites: { type: 'string' },
    routes: { type: 'string', default: ['direct', ...Object.keys(providers)].join(',') },
  },
});
const run = path.resolve(values.run);
const asked = values.suites.split(',');
const routes = values.routes.split(',');
const harness = import.meta.dirname;

// The environment of the tests holds nothing that could lead a client elsewhere.
function environment(route, url, upstream) {
  const { PATH, LANG } = process.env;
  return {
    PATH,
    HOME: run,
    LANG,
    TRIAGED_ROUTE: route,
    TRIAGED_URL: url,
    TRIAGED_KEY: route === 'direct' ? 'mock' : key,
    UPSTREAM_URL: upstream,
    RUN_DIR: run,
    SPECS_DIR: process.env.SPECS_DIR ?? '',
    NO_PROXY: '127.0.0.1,localhost',
  };
}

// Each client has a gateway of its own: what one makes of the provider (held back, broken) is no other's business.
async function runRouted(client, route) {
  if (route === 'direct') return runClient(client, route, upstream.url);
  const name = `${client.suite}-${path.basename(client.file, '.test.mjs')}-${route}`;
  const gateway = await startGateway(values.binary, name, route, upstream.url, run).catch((error) => {
    problems.push(error.message);
  });
  if (!gateway) return { passed: 0, failed: 1, skipped: 0 };
  const counts = await runClient(client, route, gateway.url);
  const problem = await gateway.stop();
  if (problem) problems.push(`the gateway between ${client.name} and '${route}' ${problem}`);
  return counts;
}

async function runClient(client, route, url) {
  const outcomes = path.join(run, `${client.suite}-${client.file}-${route}.jsonl`);
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  reporters.push(`--test-reporter=${path.join(harness, 'outcomes.mjs')}`, `--test-reporter-destination=${outcomes}`);
  const child = spawn(process.execPath, ['--test', ...reporters, client.file], {
    cwd: path.join(run, client.suite),
    env: environment(route, url, upstream.url),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  child.stdout.on('data', (data) => output.push(data));
  child.stderr.on('data', (data) => output.push(data));
  await once(child, 'close');
  console.log(`\n== ${client.name}, ${route === 'direct' ? 'without a gateway' : `provider dialect ${route}`}`);
  process.stdout.write(Buffer.concat(output));
  return readCounts(outcomes);
}

async function versions(client) {
  const read = async (name) => {
    const file = path.join(run, client.suite, 'node_modules', name, 'package.json');
    return JSON.parse(await readFile(file, 'utf8')).version;
  };
  return (await Promise.all(client.packages.map(read))).join(' + ');
}

// A suite, or one file of it: `agents/codex`.
const isAsked = ({ suite, file }) => asked.includes(suite) || asked.includes(`${suite}/${path.basename(file, '.test.mjs')}`);
const chosen = clients.filter(isAsked);
const results = new Map(chosen.map((client) => [client, {}]));
const problems = [];
const upstream = await startUpstream();

// Two at a time: loading a client takes longer than what it is asked to do. An agent uses all there is by itself.
const left = routes.flatMap((route) => chosen.map((client) => ({ client, route })));
async function work() {
  for (let next = left.shift(); next; next = left.shift()) {
    results.get(next.client)[next.route] = await runRouted(next.client, next.route);
  }
}
await Promise.all(chosen.some(({ suite }) => suite === 'agents') ? [work()] : [work(), work()]);
await upstream.stop();

const rows = [];
for (const client of chosen) {
  rows.push([client.name, await versions(client), ...routes.map((route) => cell(results.get(client)[route]))]);
}
console.log(`\n${render(['client', 'version', ...routes.map((route) => (route === 'direct' ? 'no gateway' : route))], rows)}\n`);

for (const problem of problems) console.log(problem);
const failures = [...results.values()].flatMap((byRoute) => Object.values(byRoute)).filter(isFailure).length;
const counts = [...results.values()].flatMap((byRoute) => Object.values(byRoute));
const sum = (name) => counts.reduce((total, one) => total + one[name], 0);
console.log(`clients: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = failures > 0 || problems.length > 0 || rows.length === 0 ? 1 : 0;
