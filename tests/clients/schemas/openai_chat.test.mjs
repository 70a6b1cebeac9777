// Answers of /v1/chat/completions, whole and streamed, against OpenAI's published schema.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { except, limit, weatherSchema } from '../harness/route.mjs';
import { assertAnswer, bearer, events, post, published } from './check.mjs';

const problems = published('openai');
const weather = { type: 'function', function: { name: 'get_weather', parameters: weatherSchema } };
const ask = (content, more = {}) =>
  post('/v1/chat/completions', { model: 'gpt-5.4', messages: [{ role: 'user', content }], tools: [weather], ...more }, bearer);

for (const question of ['Say hello', 'Compare Lisbon and Oslo', 'Think first', 'Be cut short']) {
  test(`a whole answer to '${question}' is of the schema`, limit, async () => {
    const answer = await ask(question);
    assertAnswer(answer, /^application\/json/);
    assert.deepEqual(problems('CreateChatCompletionResponse', JSON.parse(answer.text)), []);
  });

  test(`each event of a stream for '${question}' is of the schema`, limit, async () => {
    const answer = await ask(question, { stream: true, stream_options: { include_usage: true } });
    assertAnswer(answer, /^text\/event-stream/);
    const seen = events(answer.text);
    assert.equal(seen.at(-1).data, '[DONE]');
    assert.ok(seen.length > 3);
    for (const { data } of seen.slice(0, -1)) {
      assert.deepEqual(problems('CreateChatCompletionStreamResponse', JSON.parse(data)), [], data);
    }
  });
}

test('an error is of the schema', limit, async () => {
  const { status, text } = await ask('Be refused');
  assert.equal(status, 400);
  assert.deepEqual(problems('ErrorResponse', JSON.parse(text)), []);
});

test('the list of models is of the schema', except(['direct'], 'of the gateway only'), async () => {
  const response = await fetch(`${process.env.TRIAGED_URL}/v1/models`, { headers: bearer });
  assert.deepEqual(problems('ListModelsResponse', await response.json()), []);
});
