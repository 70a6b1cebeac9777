// What tests of every client share: where they are pointed, and what the provider got to see.
import assert from 'node:assert/strict';

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these tests with tests/clients/run.sh`);
  return value;
}

export const base = needed('TRIAGED_URL');
export const key = needed('TRIAGED_KEY');
// The dialect of the provider, or `direct` when there is no gateway.
export const route = needed('TRIAGED_ROUTE');
export const direct = route === 'direct';

export const limit = { timeout: 30_000 };

// Options of a test: left out on routes where `why` holds, which is then the reason given.
export const except = (routes, why) => ({ ...limit, skip: routes.includes(route) ? why : false });

// A sentence of its own for each request, so that what the provider saw of it is found again.
let asked = 0;
export const unique = (text) => `${text} (request ${process.pid}-${++asked})`;

// What the provider understood of the latest request whose last question was `text`, as OpenAI's chat has it.
export async function seenUpstream(text) {
  const response = await fetch(`${needed('UPSTREAM_URL')}/__aimock/journal`);
  const entries = await response.json();
  const mine = entries.filter((entry) => JSON.stringify(entry.body ?? null).includes(text));
  assert.ok(mine.length > 0, `the provider saw '${text}'`);
  return mine.at(-1).body;
}

export async function collect(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}

// The error that `promise` ends with, which must be of class `type`.
export async function rejection(promise, type) {
  const error = await promise.then(
    () => assert.fail(`expected ${type.name}, got an answer`),
    (reason) => reason,
  );
  assert.ok(error instanceof type, `expected ${type.name}, got ${error?.constructor?.name}: ${error?.message}`);
  return error;
}

export const weatherSchema = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
  required: ['city', 'unit'],
  additionalProperties: false,
};

// The smallest PNG.
export const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
