// Vercel's `ai` with its package for everything that speaks OpenAI's chat.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';

import { base, key } from '../harness/route.mjs';
import { aiSuite } from './ai_suite.mjs';

const provider = createOpenAICompatible({
  name: 'triaged',
  baseURL: `${base}/v1`,
  apiKey: key,
  includeUsage: true,
  supportsStructuredOutputs: true,
});
aiSuite(provider('gpt-5.4'));
