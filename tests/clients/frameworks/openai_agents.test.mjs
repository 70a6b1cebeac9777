// OpenAI's framework for agents, by Responses (as it does by itself) and by chat.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Agent, OpenAIProvider, Runner, tool } from '@openai/agents';
import { z } from 'zod';

import { base, collect, key, limit } from '../harness/route.mjs';
import { said } from '../harness/said.mjs';

function makeAgent(called) {
  const weather = tool({
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: z.object({ city: z.string(), unit: z.enum(['celsius', 'fahrenheit']) }),
    execute: (input) => {
      called.push(input);
      return '24 degrees';
    },
  });
  return new Agent({ name: 'Meteorologist', instructions: 'Be brief.', model: 'gpt-5.4', tools: [weather] });
}

for (const useResponses of [true, false]) {
  const by = useResponses ? 'responses' : 'chat';
  const modelProvider = new OpenAIProvider({ apiKey: key, baseURL: `${base}/v1`, useResponses });
  const runner = new Runner({ modelProvider, tracingDisabled: true });

  test(`answers, by ${by}`, limit, async () => {
    const result = await runner.run(makeAgent([]), 'Say hello');
    assert.equal(result.finalOutput, said.hello);
  });

  test(`runs a loop of tools, by ${by}`, limit, async () => {
    const called = [];
    const result = await runner.run(makeAgent(called), 'What is the weather in Lisbon?');

    assert.equal(result.finalOutput, said.lisbon);
    assert.deepEqual(called, [{ city: 'Lisbon', unit: 'celsius' }]);
  });

  test(`streams a loop of tools, by ${by}`, limit, async () => {
    const called = [];
    const result = await runner.run(makeAgent(called), 'Compare Lisbon and Oslo', { stream: true });
    const events = await collect(result);
    await result.completed;

    assert.equal(result.finalOutput, said.cities);
    assert.deepEqual(called.map(({ city }) => city).sort(), ['Lisbon', 'Oslo']);
    assert.ok(events.some((event) => event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta'));
  });

  test(`gives structured output, by ${by}`, limit, async () => {
    const outputType = z.object({ name: z.string(), age: z.number().int() });
    const agent = new Agent({ name: 'Inventor', instructions: 'Be brief.', model: 'gpt-5.4', outputType });

    assert.deepEqual((await runner.run(agent, 'Invent a person')).finalOutput, { name: 'Ada', age: 36 });
  });
}
