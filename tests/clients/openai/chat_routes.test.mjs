// Chat completions and embeddings of the public OpenAI client, whatever dialect the provider speaks.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import OpenAI, { APIError, BadRequestError, InternalServerError, RateLimitError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';

import { base, collect, direct, except, key, limit, pixel, rejection, route, seenUpstream, unique, weatherSchema } from '../harness/route.mjs';
import { said } from '../harness/said.mjs';

const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: key, maxRetries: 0, timeout: 20_000 });
const model = 'gpt-5.4';
const user = (content) => ({ role: 'user', content });
const weather = { type: 'function', function: { name: 'get_weather', description: 'The weather of a city.', parameters: weatherSchema } };
const Person = z.object({ name: z.string(), age: z.number().int() });

test('answers a chat, with its usage', limit, async () => {
  const completion = await client.chat.completions.create({ model, messages: [user('Say hello')] });

  assert.equal(completion.object, 'chat.completion');
  assert.equal(completion.choices[0].message.role, 'assistant');
  assert.equal(completion.choices[0].message.content, said.hello);
  assert.equal(completion.choices[0].finish_reason, 'stop');
  const { prompt_tokens, completion_tokens, total_tokens } = completion.usage;
  assert.deepEqual([prompt_tokens, completion_tokens, total_tokens], [21, 9, 30]);
});

test('streams a chat, and its usage last', limit, async () => {
  const stream = await client.chat.completions.create({
    model,
    messages: [user('Say hello')],
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await collect(stream);

  assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join(''), said.hello);
  assert.deepEqual(chunks.flatMap((chunk) => chunk.choices).map((choice) => choice.finish_reason).filter(Boolean), ['stop']);
  assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1);
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.equal(chunks.at(-1).usage.total_tokens, 30);
  assert.equal(chunks.filter((chunk) => chunk.usage).length, 1);
});

test('keeps usage out of a stream that did not ask for it', limit, async () => {
  const chunks = await collect(await client.chat.completions.create({ model, messages: [user('Say hello')], stream: true }));

  assert.ok(chunks.every((chunk) => !chunk.usage && chunk.choices.length === 1));
});

test('streams a long text through the helper, whole and in order', limit, async () => {
  const deltas = [];
  const runner = client.chat.completions
    .stream({ model, messages: [user('Tell a long story')] })
    .on('content', (delta) => deltas.push(delta));

  assert.equal(await runner.finalContent(), said.story);
  assert.equal(deltas.join(''), said.story);
  assert.ok(deltas.length > 10);
});

test('tells the provider the instructions, the history, the limits and the tools', limit, async () => {
  const question = unique('Say hello');
  await client.chat.completions.create({
    model,
    messages: [{ role: 'system', content: 'Be brief.' }, user('One.'), { role: 'assistant', content: 'Two.' }, user(question)],
    max_completion_tokens: 77,
    temperature: 0.5,
    tools: [weather],
  });
  const seen = await seenUpstream(question);

  const textOf = (content) => (typeof content === 'string' ? content : content.map((part) => part.text).join(''));
  assert.deepEqual(
    seen.messages.map(({ role, content }) => [role === 'developer' ? 'system' : role, textOf(content)]),
    [['system', 'Be brief.'], ['user', 'One.'], ['assistant', 'Two.'], ['user', question]],
  );
  assert.equal(seen.temperature ?? 0.5, 0.5);
  assert.equal(seen.tools[0].function.name, 'get_weather');
  assert.equal(seen.tools[0].function.description, 'The weather of a city.');
});

test('calls a tool and takes its result', limit, async () => {
  const question = user('What is the weather in Lisbon?');
  const first = await client.chat.completions.create({ model, messages: [question], tools: [weather] });

  const { message, finish_reason: reason } = first.choices[0];
  assert.equal(reason, 'tool_calls');
  assert.equal(message.tool_calls.length, 1);
  assert.equal(message.tool_calls[0].type, 'function');
  assert.equal(message.tool_calls[0].function.name, 'get_weather');
  assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { city: 'Lisbon', unit: 'celsius' });

  const second = await client.chat.completions.create({
    model,
    messages: [question, message, { role: 'tool', tool_call_id: message.tool_calls[0].id, content: '24 degrees' }],
    tools: [weather],
  });
  assert.equal(second.choices[0].message.content, said.lisbon);
});

test('streams parallel calls apart, and takes their results', limit, async () => {
  const question = user('Compare Lisbon and Oslo');
  const runner = client.chat.completions.stream({ model, messages: [question], tools: [weather] });
  const { message, finish_reason: reason } = (await runner.finalChatCompletion()).choices[0];

  assert.equal(reason, 'tool_calls');
  const cities = message.tool_calls.map((call) => JSON.parse(call.function.arguments).city);
  assert.deepEqual(cities, ['Lisbon', 'Oslo']);
  assert.equal(new Set(message.tool_calls.map((call) => call.id)).size, 2);

  const results = message.tool_calls.map(({ id }, i) => ({ role: 'tool', tool_call_id: id, content: `${24 - 20 * i} degrees` }));
  const { tool_calls } = message;
  const answer = await client.chat.completions.create({
    model,
    messages: [question, { role: 'assistant', content: null, tool_calls }, ...results.reverse()],
    tools: [weather],
  });
  assert.equal(answer.choices[0].message.content, said.cities);
});

for (const stream of [false, true]) {
  test(`runs a loop of tools with the helper${stream ? ', streamed' : ''}`, limit, async () => {
    const called = [];
    const runner = client.chat.completions.runTools({
      model,
      stream,
      messages: [user('What is the weather in Lisbon?')],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            parameters: weatherSchema,
            parse: JSON.parse,
            function: (input) => {
              called.push(input);
              return '24 degrees';
            },
          },
        },
      ],
    });

    assert.equal(await runner.finalContent(), said.lisbon);
    assert.deepEqual(called, [{ city: 'Lisbon', unit: 'celsius' }]);
  });
}

test('parses structured output', limit, async () => {
  const completion = await client.chat.completions.parse({
    model,
    messages: [user('Invent a person')],
    response_format: zodResponseFormat(Person, 'person'),
  });

  assert.deepEqual(completion.choices[0].message.parsed, { name: 'Ada', age: 36 });
});

test('takes an image as a data URI beside text', limit, async () => {
  const content = [
    { type: 'text', text: 'Say hello' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
  ];
  const completion = await client.chat.completions.create({ model, messages: [user(content)] });

  assert.equal(completion.choices[0].message.content, said.hello);
});

test('says that an answer was cut at the limit of tokens', limit, async () => {
  const body = { model, messages: [user('Be cut short')], max_completion_tokens: 5 };
  const whole = await client.chat.completions.create(body);
  const chunks = await collect(await client.chat.completions.create({ ...body, stream: true }));

  assert.equal(whole.choices[0].finish_reason, 'length');
  assert.deepEqual(chunks.map((chunk) => chunk.choices[0]?.finish_reason).filter(Boolean), ['length']);
});

test("raises the client's own errors for the provider's", limit, async () => {
  const ask = (text, more = {}) => client.chat.completions.create({ model, messages: [user(text)], ...more });

  const limited = await rejection(ask('Be rate limited'), RateLimitError);
  assert.ok(limited.error?.message);
  await rejection(ask('Be rate limited', { stream: true }), RateLimitError);
  const refused = await rejection(ask('Be refused'), BadRequestError);
  assert.match(refused.message, /No such thing/);
  const broken = await rejection(ask('Be broken'), direct ? InternalServerError : APIError);
  assert.ok(broken.status >= 500);
});

// The client asks for base64 when it is not told otherwise; the provider here answers with floats whatever is asked.
const embeds = ['direct', 'openai', 'responses'];
test('embeds texts where the provider can, and says clearly where it cannot', limit, async () => {
  const create = () => client.embeddings.create({ model: 'text-embedding-3-small', input: ['embed me', 'and me'], encoding_format: 'float' });
  if (!embeds.includes(route)) {
    const error = await rejection(create(), APIError);
    assert.ok(error.status >= 400 && error.status < 500, `a client's error, not ${error.status}`);
    assert.ok(error.error?.message);
    return;
  }
  const { data } = await create();
  assert.deepEqual(data.map(({ index }) => index), [0, 1]);
  assert.deepEqual(data[0].embedding, [0.25, -0.5, 0.125, 1]);
});

test('lists models', except(['direct'], 'of the gateway only'), async () => {
  const ids = (await collect(await client.models.list())).map((one) => one.id);
  assert.ok(ids.includes('auto'));
});
