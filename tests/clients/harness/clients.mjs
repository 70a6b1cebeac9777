// The rows of the table: a client is a test file of a suite. `dialect` is what it speaks, which decides where it can be
// pointed at the provider itself, without a gateway between: what fails there is the provider's doing, or the test's.
export const clients = [
  { name: 'openai', suite: 'openai', file: 'chat_routes.test.mjs', packages: ['openai'], dialect: 'openai' },
  { name: 'openai responses', suite: 'openai', file: 'responses_routes.test.mjs', packages: ['openai'], dialect: 'responses' },
  { name: '@anthropic-ai/sdk', suite: 'anthropic', file: 'messages.test.mjs', packages: ['@anthropic-ai/sdk'], dialect: 'anthropic' },
  { name: 'ai + @ai-sdk/openai', suite: 'frameworks', file: 'ai_openai.test.mjs', packages: ['ai', '@ai-sdk/openai'], dialect: 'responses' },
  { name: 'ai + @ai-sdk/openai-compatible', suite: 'frameworks', file: 'ai_compatible.test.mjs', packages: ['ai', '@ai-sdk/openai-compatible'], dialect: 'openai' },
  { name: 'ai + @ai-sdk/anthropic', suite: 'frameworks', file: 'ai_anthropic.test.mjs', packages: ['ai', '@ai-sdk/anthropic'], dialect: 'anthropic' },
  { name: '@langchain/openai', suite: 'frameworks', file: 'langchain_openai.test.mjs', packages: ['@langchain/openai'], dialect: 'openai' },
  { name: '@langchain/anthropic', suite: 'frameworks', file: 'langchain_anthropic.test.mjs', packages: ['@langchain/anthropic'], dialect: 'anthropic' },
  { name: '@openai/agents', suite: 'frameworks', file: 'openai_agents.test.mjs', packages: ['@openai/agents'], dialect: 'responses' },
  { name: "OpenAI's schema: chat", suite: 'schemas', file: 'openai_chat.test.mjs', packages: [], dialect: 'openai' },
  { name: "OpenAI's schema: responses", suite: 'schemas', file: 'openai_responses.test.mjs', packages: [], dialect: 'responses' },
  { name: "Anthropic's schema", suite: 'schemas', file: 'anthropic_messages.test.mjs', packages: [], dialect: 'anthropic' },
  { name: 'claude-code', suite: 'agents', file: 'claude_code.test.mjs', packages: ['@anthropic-ai/claude-code'], dialect: 'anthropic' },
  { name: 'codex', suite: 'agents', file: 'codex.test.mjs', packages: ['@openai/codex'], dialect: 'responses' },
  { name: 'opencode', suite: 'agents', file: 'opencode.test.mjs', packages: ['opencode-linux-x64'], dialect: 'openai' },
];
