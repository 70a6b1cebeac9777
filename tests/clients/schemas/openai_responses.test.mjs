// Answers of /v1/responses, whole and streamed, against OpenAI's published schema.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { except, weatherSchema } from '../harness/route.mjs';
import { assertAnswer, bearer, events, post, published } from './check.mjs';

const problems = published('openai');
const weather = { type: 'function', name: 'get_weather', parameters: weatherSchema, strict: true };
const ask = (input, more = {}) => post('/v1/responses', { model: 'gpt-5.4', input, tools: [weather], store: false, ...more }, bearer);
// Where the provider's own bytes pass.
const written = except(['direct', 'responses'], 'the provider leaves members out');

for (const question of ['Say hello', 'Compare Lisbon and Oslo', 'Think first', 'Be cut short']) {
  test(`a whole answer to '${question}' is of the schema`, written, async () => {
    const answer = await ask(question);
    assertAnswer(answer, /^application\/json/);
    assert.deepEqual(problems('Response', JSON.parse(answer.text)), []);
  });

  test(`each event of a stream for '${question}' is of the schema`, written, async () => {
    const answer = await ask(question, { stream: true });
    assertAnswer(answer, /^text\/event-stream/);
    const seen = events(answer.text);
    assert.ok(seen.length > 5);
    for (const { event, data } of seen) {
      const value = JSON.parse(data);
      assert.equal(event, value.type);
      assert.deepEqual(problems('ResponseStreamEvent', value), [], data);
    }
  });
}

test('an error is of the schema', written, async () => {
  const { status, text } = await ask('Be refused');
  assert.equal(status, 400);
  assert.deepEqual(problems('ErrorResponse', JSON.parse(text)), []);
});
