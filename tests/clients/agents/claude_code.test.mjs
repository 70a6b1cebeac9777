// Claude Code, printing: a loop in which it writes a file.
import path from 'node:path';
import { test } from 'node:test';

import { base, key } from '../harness/route.mjs';
import { packages, patient, platform, writesFile } from './agent.mjs';

test('writes a file', patient, () =>
  writesFile((task, home) => ({
    command: path.join(packages, '@anthropic-ai', `claude-code-${platform}`, 'claude'),
    args: ['-p', task, '--model', 'claude-sonnet-4-6', '--dangerously-skip-permissions'],
    env: {
      ANTHROPIC_BASE_URL: base,
      ANTHROPIC_API_KEY: key,
      CLAUDE_CONFIG_DIR: path.join(home, '.claude'),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      // It skips permissions for root in a sandbox only.
      IS_SANDBOX: '1',
    },
  })));
