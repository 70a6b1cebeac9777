// LangChain's package for OpenAI.
import { ChatOpenAI } from '@langchain/openai';

import { base, key } from '../harness/route.mjs';
import { langchainSuite } from './langchain_suite.mjs';

langchainSuite(new ChatOpenAI({ model: 'gpt-5.4', apiKey: key, maxRetries: 0, configuration: { baseURL: `${base}/v1` } }));
