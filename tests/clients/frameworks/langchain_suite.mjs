// What an application does with LangChain, the same for every provider package.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { z } from 'zod';

import { collect, limit, pixel, seenUpstream, unique } from '../harness/route.mjs';
import { said } from '../harness/said.mjs';

export function langchainSuite(model) {
  const weather = tool(() => '24 degrees', {
    name: 'get_weather',
    description: 'The weather of a city.',
    schema: z.object({ city: z.string(), unit: z.enum(['celsius', 'fahrenheit']) }),
  });

  test('invokes a model, with its usage', limit, async () => {
    const answer = await model.invoke([new SystemMessage('Be brief.'), new HumanMessage('Say hello')]);

    assert.equal(answer.text, said.hello);
    assert.deepEqual([answer.usage_metadata.input_tokens, answer.usage_metadata.output_tokens], [21, 9]);
  });

  test('streams a long text, whole and in order', limit, async () => {
    const chunks = await collect(await model.stream('Tell a long story'));

    assert.equal(chunks.map((chunk) => chunk.text).join(''), said.story);
    assert.ok(chunks.length > 10);
  });

  test('tells the provider the instructions and the tools', limit, async () => {
    const question = unique('Say hello');
    await model.bindTools([weather]).invoke([new SystemMessage('Be brief.'), new HumanMessage(question)]);
    const seen = await seenUpstream(question);

    assert.deepEqual(seen.messages.map(({ role }) => role.replace('developer', 'system')), ['system', 'user']);
    assert.equal(seen.tools[0].function.name, 'get_weather');
  });

  for (const streamed of [false, true]) {
    test(`calls tools in parallel and takes their results${streamed ? ', streamed' : ''}`, limit, async () => {
      const bound = model.bindTools([weather]);
      const ask = async (messages) => {
        if (!streamed) return bound.invoke(messages);
        const chunks = await collect(await bound.stream(messages));
        return chunks.reduce((sum, chunk) => sum.concat(chunk));
      };
      const messages = [new HumanMessage('Compare Lisbon and Oslo')];
      const first = await ask(messages);

      assert.deepEqual(first.tool_calls.map(({ args }) => args.city), ['Lisbon', 'Oslo']);
      const results = await Promise.all(first.tool_calls.map((call) => weather.invoke(call)));
      assert.ok(results.every((result) => result instanceof ToolMessage));
      assert.equal((await ask([...messages, first, ...results])).text, said.cities);
    });
  }

  test('gives structured output after a schema', limit, async () => {
    const Person = z.object({ name: z.string(), age: z.number().int() });
    const person = await model.withStructuredOutput(Person, { name: 'person', method: 'jsonSchema' }).invoke('Invent a person');

    assert.deepEqual(person, { name: 'Ada', age: 36 });
  });

  test('takes an image beside text', limit, async () => {
    const content = [
      { type: 'text', text: 'Say hello' },
      { type: 'image', source_type: 'base64', mime_type: 'image/png', data: pixel },
    ];
    assert.equal((await model.invoke([new HumanMessage({ content })])).text, said.hello);
  });

  test('raises an error with the status for a refusal', limit, async () => {
    await assert.rejects(model.invoke('Be rate limited'), (error) => error.status === 429);
  });
}
