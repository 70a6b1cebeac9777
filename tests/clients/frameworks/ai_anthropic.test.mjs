// Vercel's `ai` with its package for Anthropic.
import { createAnthropic } from '@ai-sdk/anthropic';

import { base, key } from '../harness/route.mjs';
import { aiSuite } from './ai_suite.mjs';

aiSuite(createAnthropic({ baseURL: `${base}/v1`, apiKey: key })('claude-sonnet-4-6'));
