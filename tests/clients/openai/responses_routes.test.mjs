// Responses of the public OpenAI client, whatever dialect the provider speaks.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import OpenAI, { BadRequestError, RateLimitError } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';

import { base, collect, except, key, limit, pixel, rejection, seenUpstream, unique, weatherSchema } from '../harness/route.mjs';
import { said } from '../harness/said.mjs';

const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: key, maxRetries: 0, timeout: 20_000 });
const model = 'gpt-5.4';
const user = (content) => ({ role: 'user', content });
const weather = { type: 'function', name: 'get_weather', description: 'The weather of a city.', parameters: weatherSchema, strict: true };
// Where the provider's own bytes pass, and so its departures from the real API.
const passed = ['direct', 'responses'];

test('answers, with its usage', limit, async () => {
  const response = await client.responses.create({ model, input: 'Say hello', store: false });

  assert.equal(response.object, 'response');
  assert.equal(response.status, 'completed');
  assert.equal(response.output_text, said.hello);
  const { input_tokens, output_tokens, total_tokens } = response.usage;
  assert.deepEqual([input_tokens, output_tokens, total_tokens], [21, 9, 30]);
});

test('streams events in the order of the API', limit, async () => {
  const events = await collect(await client.responses.create({ model, input: 'Say hello', stream: true, store: false }));
  const types = events.map((event) => event.type);
  const deltas = events.filter((event) => event.type === 'response.output_text.delta');

  assert.equal(types[0], 'response.created');
  assert.equal(types.at(-1), 'response.completed');
  assert.equal(deltas.map((event) => event.delta).join(''), said.hello);
  const order = ['response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added'];
  order.push('response.output_text.delta', 'response.output_text.done', 'response.content_part.done');
  order.push('response.output_item.done', 'response.completed');
  assert.deepEqual([...new Set(types)], order);
  assert.equal(new Set(deltas.map((event) => event.item_id)).size, 1);
  assert.equal(events.at(-1).response.output[0].content[0].text, said.hello);
  assert.equal(events.at(-1).response.usage.total_tokens, 30);
});

test('numbers the events of a stream', except(passed, 'the provider does not'), async () => {
  const events = await collect(await client.responses.create({ model, input: 'Say hello', stream: true, store: false }));

  assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, i) => i));
});

test('streams a long text through the helper, whole and in order', limit, async () => {
  const deltas = [];
  const stream = client.responses
    .stream({ model, input: 'Tell a long story', store: false })
    .on('response.output_text.delta', (event) => deltas.push(event.delta));

  assert.equal((await stream.finalResponse()).output_text, said.story);
  assert.equal(deltas.join(''), said.story);
});

test('tells the provider the instructions, the history and the tools', limit, async () => {
  const question = unique('Say hello');
  await client.responses.create({
    model,
    instructions: 'Be brief.',
    input: [user('One.'), { role: 'assistant', content: 'Two.' }, user([{ type: 'input_text', text: question }])],
    tools: [weather],
    max_output_tokens: 77,
    store: false,
  });
  const seen = await seenUpstream(question);

  const textOf = (content) => (typeof content === 'string' ? content : content.map((part) => part.text).join(''));
  assert.deepEqual(
    seen.messages.map(({ role, content }) => [role === 'developer' ? 'system' : role, textOf(content)]),
    [['system', 'Be brief.'], ['user', 'One.'], ['assistant', 'Two.'], ['user', question]],
  );
  assert.equal(seen.tools[0].function.name, 'get_weather');
});

test('calls a tool and takes its result, without state at the provider', limit, async () => {
  const question = user('What is the weather in Lisbon?');
  const first = await client.responses.create({ model, input: [question], tools: [weather], store: false });

  const calls = first.output.filter((item) => item.type === 'function_call');
  assert.equal(calls.length, 1);
  assert.equal(calls[0].name, 'get_weather');
  assert.deepEqual(JSON.parse(calls[0].arguments), { city: 'Lisbon', unit: 'celsius' });

  const result = { type: 'function_call_output', call_id: calls[0].call_id, output: '24 degrees' };
  const second = await client.responses.create({
    model,
    input: [question, ...first.output, result],
    tools: [weather],
    store: false,
  });
  assert.equal(second.output_text, said.lisbon);
});

test('streams parallel calls apart, and takes their results', limit, async () => {
  const question = user('Compare Lisbon and Oslo');
  const stream = client.responses.stream({ model, input: [question], tools: [weather], store: false });
  const { output } = await stream.finalResponse();

  const calls = output.filter((item) => item.type === 'function_call');
  assert.deepEqual(calls.map((call) => JSON.parse(call.arguments).city), ['Lisbon', 'Oslo']);
  assert.equal(new Set(calls.map((call) => call.call_id)).size, 2);

  const copies = calls.map(({ type, call_id, name, arguments: text }) => ({ type, call_id, name, arguments: text }));
  const results = calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: '10 degrees' }));
  const answer = await client.responses.create({ model, input: [question, ...copies, ...results], tools: [weather], store: false });
  assert.equal(answer.output_text, said.cities);
});

test('parses structured output', limit, async () => {
  const Person = z.object({ name: z.string(), age: z.number().int() });
  const response = await client.responses.parse({
    model,
    input: 'Invent a person',
    text: { format: zodTextFormat(Person, 'person') },
    store: false,
  });

  assert.deepEqual(response.output_parsed, { name: 'Ada', age: 36 });
});

test('shows what the model thought, before what it said', limit, async () => {
  const body = { model, input: 'Think first', reasoning: { effort: 'low', summary: 'auto' }, store: false };
  const whole = await client.responses.create(body);
  const streamed = await client.responses.stream(body).finalResponse();

  for (const { output, output_text: text } of [whole, streamed]) {
    assert.deepEqual(output.map((item) => item.type), ['reasoning', 'message']);
    assert.equal(output[0].summary.map((part) => part.text).join(''), said.thought);
    assert.equal(text, said.afterThought);
  }
});

test('takes an image as a data URI beside text', limit, async () => {
  const content = [
    { type: 'input_text', text: 'Say hello' },
    { type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${pixel}` },
  ];
  const response = await client.responses.create({ model, input: [user(content)], store: false });

  assert.equal(response.output_text, said.hello);
});

test('says that an answer is incomplete', except(passed, 'the provider does not say why'), async () => {
  const body = { model, input: 'Be cut short', max_output_tokens: 16, store: false };
  const whole = await client.responses.create(body);
  const events = await collect(await client.responses.create({ ...body, stream: true }));

  assert.equal(events.at(-1).type, 'response.incomplete');
  for (const response of [whole, events.at(-1).response]) {
    assert.equal(response.status, 'incomplete');
    assert.equal(response.incomplete_details.reason, 'max_output_tokens');
  }
});

test('refuses to go on from a response that nobody kept', except(passed, 'the provider has state'), async () => {
  const ask = client.responses.create({ model, input: 'Say hello', previous_response_id: 'resp_1' });

  assert.equal((await rejection(ask, BadRequestError)).param, 'previous_response_id');
});

test("raises the client's own errors for the provider's", limit, async () => {
  const limited = client.responses.create({ model, input: 'Be rate limited', store: false });
  assert.ok((await rejection(limited, RateLimitError)).error?.message);
  const refused = client.responses.create({ model, input: 'Be refused', store: false, stream: true });
  assert.match((await rejection(refused, BadRequestError)).message, /No such thing/);
});
