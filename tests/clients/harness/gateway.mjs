// A gateway in front of one provider: its configuration, its process, its address.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

// Instrumented builds start slowly; a healthy one answers within a fraction of this.
const startMs = 30_000;
const stopMs = 20_000;

export const key = 'key-of-the-client-test';

// The dialects of providers that the gateway is put in front of: what the configuration says, and a model that a client
// of that provider would name.
export const providers = {
  openai: { model: 'gpt-5.4', lines: (url) => [`base_url: ${url}/v1`, 'dialect: openai', 'api_key: mock'] },
  responses: {
    model: 'gpt-5.4',
    lines: (url) => [`base_url: ${url}/v1`, 'dialect: openai', 'native: [responses]', 'api_key: mock'],
  },
  anthropic: { model: 'claude-sonnet-4-6', lines: (url) => [`base_url: ${url}/v1`, 'dialect: anthropic', 'api_key: mock'] },
  gemini: { model: 'gemini-2.5-pro', lines: (url) => [`base_url: ${url}/v1beta`, 'dialect: gemini', 'api_key: mock'] },
  bedrock: {
    model: 'anthropic.claude-sonnet-4-6',
    lines: (url) => [
      `base_url: ${url}`,
      'dialect: bedrock',
      'aws: {region: us-east-1, access_key_id: AKIDEXAMPLE, secret_access_key: mock}',
    ],
  },
};

// Whatever model a client names is served by the one provider there is, so that clients keep their own model names.
function configuration(name, route, upstream, run) {
  const { model, lines } = providers[route];
  const embeddings = ['openai', 'responses'].includes(route) ? 'embeddings: [upstream/text-embedding-3-small]\n' : '';
  return `version: 1
server:
  listen: 127.0.0.1:0
  admin: 127.0.0.1:0
  workers: 2
  drain: 5s
  api_keys: ["${key}"]
providers:
  upstream:
${lines(upstream).map((line) => `    ${line}`).join('\n')}
${embeddings}tiers:
  - name: only
    targets: ["upstream/${model}"]
routing:
  default_tier: only
  intercept: ["*"]
retry:
  backoff: 10ms
  backoff_max: 50ms
ledger:
  path: "${path.join(run, `${name}.db`)}"
log:
  access: "${path.join(run, `${name}.access.log`)}"
`;
}

// `name` is what its files in the folder `run` begin with.
export async function startGateway(binary, name, route, upstream, run) {
  const config = path.join(run, `${name}.yaml`);
  await writeFile(config, configuration(name, route, upstream, run));
  const child = spawn(binary, ['serve', '--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = [];
  const log = createWriteStream(path.join(run, `${name}.err`));
  child.stderr.on('data', (data) => {
    errors.push(data);
    log.write(data);
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const address = new Promise((resolve) => {
    lines.on('line', (line) => {
      const found = /^triaged: api on (http\S+)/.exec(line);
      if (found) resolve(found[1]);
    });
  });
  const url = await Promise.race([address, ended.then(() => null), after(startMs)]);
  if (!url) {
    child.kill('SIGKILL');
    throw new Error(`the gateway in front of '${route}' did not start:\n${Buffer.concat(errors)}`);
  }
  return {
    url,
    // Asks it to end, and says what is wrong with how it did; nothing if it ended well.
    async stop() {
      child.kill('SIGTERM');
      const outcome = await Promise.race([ended, after(stopMs)]);
      if (!outcome) child.kill('SIGKILL');
      const [code, signal] = outcome ?? (await ended);
      return code === 0 ? null : `ended with ${signal ?? code}:\n${Buffer.concat(errors).toString().slice(-4000)}`;
    },
  };
}

function after(ms) {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());
}
