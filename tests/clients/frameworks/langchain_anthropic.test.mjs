// LangChain's package for Anthropic.
import { ChatAnthropic } from '@langchain/anthropic';

import { base, key } from '../harness/route.mjs';
import { langchainSuite } from './langchain_suite.mjs';

langchainSuite(new ChatAnthropic({ model: 'claude-sonnet-4-6', apiKey: key, maxRetries: 0, anthropicApiUrl: base }));
