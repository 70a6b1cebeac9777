// Vercel's `ai` with its package for OpenAI, which speaks Responses by itself.
import { createOpenAI } from '@ai-sdk/openai';

import { base, except, key } from '../harness/route.mjs';
import { aiSuite } from './ai_suite.mjs';

aiSuite(createOpenAI({ baseURL: `${base}/v1`, apiKey: key })('gpt-5.4'), {
  cut: except(['direct', 'responses'], 'the provider does not say why'),
});
