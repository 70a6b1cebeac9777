// opencode, running once: a loop in which it writes a file, by each dialect that it can be told to speak.
import path from 'node:path';
import { test } from 'node:test';

import { base, key } from '../harness/route.mjs';
import { packages, patient, platform, writesFile } from './agent.mjs';

const clients = [
  { npm: '@ai-sdk/openai-compatible', model: 'gpt-5.4' },
  { npm: '@ai-sdk/openai', model: 'gpt-5.4' },
  { npm: '@ai-sdk/anthropic', model: 'claude-sonnet-4-6' },
];

for (const { npm, model } of clients) {
  test(`writes a file, by ${npm}`, patient, () =>
    writesFile((task) => ({
      command: path.join(packages, `opencode-${platform}`, 'bin/opencode'),
      args: ['run', task],
      env: {
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
      },
      files: {
        'opencode.json': JSON.stringify({
          model: `triaged/${model}`,
          small_model: `triaged/${model}`,
          permission: 'allow',
          autoupdate: false,
          share: 'disabled',
          provider: { triaged: { npm, options: { baseURL: `${base}/v1`, apiKey: key }, models: { [model]: {} } } },
        }),
      },
    })));
}
