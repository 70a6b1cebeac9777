// The provider behind the gateway: aimock, which speaks OpenAI's, Anthropic's, Google's and Amazon's APIs on one port
// and answers by what the last user message says. Nobody who wrote the gateway wrote it.
//
// Where it departs from the real APIs, as of 1.43.0, so that nobody takes these for truth:
// - Gemini: a turn with calls ends with `FUNCTION_CALL`, not `STOP`; calls carry an id only where the fixture gives one;
//   thoughts have no signature; no `modelVersion`, `responseId` or `thoughtsTokenCount`; tools with
//   `parametersJsonSchema` are seen without parameters.
// - Anthropic: `message_start` and answers lack the classes of cached tokens, there is no `ping` and no
//   `/v1/messages/count_tokens` (404), no `anthropic-version` is asked for, and `thread` is not seen.
// - OpenAI Responses: events have no `sequence_number`, responses few of the members that are always there, and one that
//   was cut does not say why; custom tools are not seen; `text.format` is not looked at.
// - OpenAI embeddings: floats, whatever `encoding_format` asks for.
// - Bedrock: a text block has a `contentBlockStart`, usage no classes of cached tokens; signatures are not checked.
// - Keys, models, limits of sampling parameters and the order of messages are not checked anywhere.
import { LLMock } from '@copilotkit/aimock';

import { agentFixtures } from './agent_fixtures.mjs';
import { said } from './said.mjs';

const usage = { prompt_tokens: 21, completion_tokens: 9, input_tokens: 21, output_tokens: 9 };

const weather = (id, city) => ({ id, name: 'get_weather', arguments: JSON.stringify({ city, unit: 'celsius' }) });

function chatFixtures() {
  const asked = (userMessage, response, more = {}) => ({ match: { userMessage, ...more }, response: { usage, ...response } });
  // It may be asked again at once: what comes after a wait is not what these tests are about.
  const failing = (userMessage, status, error) => ({ match: { userMessage }, response: { error, status, retryAfter: 0 } });
  const firstly = { hasToolResult: false };
  const thenceforth = { hasToolResult: true };
  return [
    asked('Say hello', { content: said.hello }),
    asked('weather in Lisbon', { toolCalls: [weather('call_lisbon', 'Lisbon')] }, firstly),
    asked('weather in Lisbon', { content: said.lisbon }, thenceforth),
    asked('Compare Lisbon and Oslo', { toolCalls: [weather('call_a', 'Lisbon'), weather('call_b', 'Oslo')] }, firstly),
    asked('Compare Lisbon and Oslo', { content: said.cities }, thenceforth),
    asked('Invent a person', { content: said.person }),
    asked('Think first', { content: said.afterThought, reasoning: said.thought, reasoningSignature: 'c2lnbmF0dXJl' }),
    asked('Ponder Lisbon', { toolCalls: [weather('call_p', 'Lisbon')], reasoning: said.thought, reasoningSignature: 'c2lnbmF0dXJl' }, firstly),
    asked('Ponder Lisbon', { content: said.lisbon }, thenceforth),
    asked('Tell a long story', { content: said.story }),
    asked('Be cut short', { content: said.cut, finishReason: 'length' }),
    failing('Be rate limited', 429, { message: 'Slow down.', type: 'rate_limit_error' }),
    failing('Be broken', 500, { message: 'It broke.', type: 'api_error' }),
    failing('Be refused', 400, { message: 'No such thing.', type: 'invalid_request_error' }),
    { match: { inputText: /embed me/ }, response: { embedding: [0.25, -0.5, 0.125, 1] } },
  ];
}

export async function startUpstream() {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', chunkSize: 16, logLevel: 'silent', strict: true });
  for (const fixture of [...agentFixtures(), ...chatFixtures()]) mock.addFixture(fixture);
  await mock.start();
  return mock;
}
