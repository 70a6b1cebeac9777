// Answers of /v1/messages, whole and streamed, against Anthropic's published schema.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { except, key, weatherSchema } from '../harness/route.mjs';
import { assertAnswer, events, post, published } from './check.mjs';

const problems = published('anthropic');
const weather = { name: 'get_weather', input_schema: weatherSchema };
const headers = { 'x-api-key': key, 'anthropic-version': '2023-06-01' };
const ask = (content, more = {}) =>
  post('/v1/messages', { model: 'claude-sonnet-4-6', max_tokens: 4096, messages: [{ role: 'user', content }], tools: [weather], ...more }, headers);
// Where the provider's own bytes pass.
const written = except(['direct', 'anthropic'], 'the provider leaves members out');

for (const question of ['Say hello', 'Compare Lisbon and Oslo', 'Think first', 'Be cut short']) {
  test(`a whole answer to '${question}' is of the schema`, written, async () => {
    const answer = await ask(question);
    assertAnswer(answer, /^application\/json/);
    assert.deepEqual(problems('Message', JSON.parse(answer.text)), []);
  });

  test(`each event of a stream for '${question}' is of the schema`, written, async () => {
    const answer = await ask(question, { stream: true });
    assertAnswer(answer, /^text\/event-stream/);
    const seen = events(answer.text);
    assert.ok(seen.length > 5);
    for (const { event, data } of seen) {
      const value = JSON.parse(data);
      assert.equal(event, value.type);
      if (value.type !== 'ping') assert.deepEqual(problems('MessageStreamEvent', value), [], data);
    }
  });
}

test('an error is of the schema', written, async () => {
  const { status, text } = await ask('Be refused');
  assert.equal(status, 400);
  assert.deepEqual(problems('ErrorResponse', JSON.parse(text)), []);
});
