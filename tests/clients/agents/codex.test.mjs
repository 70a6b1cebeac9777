// Codex, executing: a loop in which it writes a file.
import path from 'node:path';
import { test } from 'node:test';

import { base, key } from '../harness/route.mjs';
import { packages, patient, writesFile } from './agent.mjs';

const provider = `{name="triaged", base_url="${base}/v1", env_key="TRIAGED_KEY", wire_api="responses"}`;

test('writes a file', patient, () =>
  writesFile((task, home) => ({
    command: process.execPath,
    args: [
      path.join(packages, '@openai/codex/bin/codex.js'),
      'exec',
      '--skip-git-repo-check',
      '--dangerously-bypass-approvals-and-sandbox',
      '--model=gpt-5.4',
      ...['model_provider=triaged', `model_providers.triaged=${provider}`, 'check_for_update_on_startup=false', 'analytics.enabled=false'].flatMap(
        (setting) => ['-c', setting],
      ),
      task,
    ],
    env: { CODEX_HOME: home, TRIAGED_KEY: key },
  })));
