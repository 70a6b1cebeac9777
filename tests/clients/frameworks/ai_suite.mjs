// What an application does with Vercel's `ai`, the same for every provider package.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { APICallError, generateText, jsonSchema, Output, stepCountIs, streamText, tool } from 'ai';

import { collect, limit, pixel, rejection, weatherSchema } from '../harness/route.mjs';
import { said } from '../harness/said.mjs';

export function aiSuite(model, { cut = limit } = {}) {
  const common = { model, maxRetries: 0 };
  const weather = (called) =>
    tool({
      description: 'The weather of a city.',
      inputSchema: jsonSchema(weatherSchema),
      execute: (input) => {
        called.push(input);
        return '24 degrees';
      },
    });

  test('generates text, with its usage', limit, async () => {
    const result = await generateText({ ...common, system: 'Be brief.', prompt: 'Say hello' });

    assert.equal(result.text, said.hello);
    assert.equal(result.finishReason, 'stop');
    assert.deepEqual([result.usage.inputTokens, result.usage.outputTokens], [21, 9]);
  });

  test('streams text, whole and in order', limit, async () => {
    const result = streamText({ ...common, prompt: 'Tell a long story' });
    const parts = await collect(result.textStream);

    assert.equal(parts.join(''), said.story);
    assert.ok(parts.length > 10);
    assert.equal(await result.finishReason, 'stop');
    assert.equal((await result.usage).outputTokens, 9);
  });

  for (const [name, run] of [
    ['whole', (options) => generateText(options)],
    ['streamed', async (options) => {
      const result = streamText(options);
      await collect(result.fullStream);
      return { text: await result.text, steps: await result.steps };
    }],
  ]) {
    test(`runs a loop of tools, ${name}`, limit, async () => {
      const called = [];
      const tools = { get_weather: weather(called) };
      const { text, steps } = await run({ ...common, tools, prompt: 'What is the weather in Lisbon?', stopWhen: stepCountIs(3) });

      assert.equal(text, said.lisbon);
      assert.equal(steps.length, 2);
      assert.deepEqual(called, [{ city: 'Lisbon', unit: 'celsius' }]);
    });

    test(`runs parallel calls, ${name}`, limit, async () => {
      const called = [];
      const tools = { get_weather: weather(called) };
      const { text } = await run({ ...common, tools, prompt: 'Compare Lisbon and Oslo', stopWhen: stepCountIs(3) });

      assert.equal(text, said.cities);
      assert.deepEqual(called.map(({ city }) => city).sort(), ['Lisbon', 'Oslo']);
    });
  }

  test('generates an object after a schema', limit, async () => {
    const schema = jsonSchema({
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
      additionalProperties: false,
    });
    const { output } = await generateText({ ...common, prompt: 'Invent a person', output: Output.object({ schema }) });

    assert.deepEqual(output, { name: 'Ada', age: 36 });
  });

  test('takes an image beside text', limit, async () => {
    const content = [{ type: 'text', text: 'Say hello' }, { type: 'image', image: pixel, mediaType: 'image/png' }];
    const { text } = await generateText({ ...common, messages: [{ role: 'user', content }] });

    assert.equal(text, said.hello);
  });

  test('says that an answer was cut at the limit of tokens', cut, async () => {
    const result = streamText({ ...common, prompt: 'Be cut short', maxOutputTokens: 16 });

    assert.equal((await collect(result.textStream)).join(''), said.cut);
    assert.equal(await result.finishReason, 'length');
  });

  test('raises its own error for a refusal', limit, async () => {
    const error = await rejection(generateText({ ...common, prompt: 'Be rate limited' }), APICallError);
    assert.equal(error.statusCode, 429);
    assert.ok(error.isRetryable);
  });
}
