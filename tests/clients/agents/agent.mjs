// A coding agent in a folder of its own: what it is started with, what it left behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { fileText } from '../harness/agent_fixtures.mjs';

// Agents load much before they ask anything.
export const patient = { timeout: 240_000 };

export const packages = path.join(import.meta.dirname, 'node_modules');

// Where the binary of `name` is: in the package for this platform, of which the agent's own package has one each.
export const platform = `linux-${process.arch}`;

// Runs an agent that is asked to write a file, and checks that it did. `start` gets the task and the agent's home, and
// says what to run. A proxy that is not there stands before everything but loopback.
export async function writesFile(start) {
  const home = await mkdtemp(path.join(process.env.RUN_DIR, 'agent-home.'));
  const work = await mkdtemp(path.join(process.env.RUN_DIR, 'agent-work.'));
  const file = path.join(work, 'greeting.txt');
  const { command, args, env = {}, files = {} } = start(`Write a greeting into the file ${file}`, home);
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(work, name), text);

  const nowhere = 'http://127.0.0.1:9';
  const child = spawn(command, args, {
    cwd: work,
    env: {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: home,
      HTTP_PROXY: nowhere,
      HTTPS_PROXY: nowhere,
      NO_PROXY: '127.0.0.1,localhost',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  child.stdout.on('data', (data) => said.push(data));
  child.stderr.on('data', (data) => said.push(data));
  const giveUp = setTimeout(() => child.kill('SIGKILL'), patient.timeout - 10_000);
  const [code] = await once(child, 'close');
  clearTimeout(giveUp);

  const output = Buffer.concat(said).toString();
  assert.equal(code, 0, output);
  assert.equal(await readFile(file, 'utf8').catch((error) => error.code), fileText, output);
  assert.match(output, /The greeting is in the file\./);
}
