// Messages of the public Anthropic client, whatever dialect the provider speaks.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import Anthropic, { APIError, AuthenticationError, BadRequestError, RateLimitError } from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod';

import { base, collect, except, key, limit, pixel, rejection, route, seenUpstream, unique, weatherSchema } from '../harness/route.mjs';
import { said } from '../harness/said.mjs';

const client = new Anthropic({ baseURL: base, apiKey: key, maxRetries: 0, timeout: 20_000 });
const common = { model: 'claude-sonnet-4-6', max_tokens: 4096 };
const user = (content) => ({ role: 'user', content });
const weather = { name: 'get_weather', description: 'The weather of a city.', input_schema: weatherSchema };
const textOf = (message) => message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');

test('answers a message, with its usage', limit, async () => {
  const message = await client.messages.create({ ...common, messages: [user('Say hello')] });

  assert.equal(message.type, 'message');
  assert.equal(message.role, 'assistant');
  assert.deepEqual(message.content.map((block) => block.type), ['text']);
  assert.equal(textOf(message), said.hello);
  assert.equal(message.stop_reason, 'end_turn');
  assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [21, 9]);
});

test('streams events in the order of the API', limit, async () => {
  const events = await collect(await client.messages.create({ ...common, messages: [user('Say hello')], stream: true }));
  const types = events.map((event) => event.type).filter((type) => type !== 'ping');

  assert.deepEqual([...new Set(types)], ['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta', 'message_stop']);
  const deltas = events.filter((event) => event.type === 'content_block_delta');
  assert.equal(deltas.map((event) => event.delta.text).join(''), said.hello);
  const last = events.find((event) => event.type === 'message_delta');
  assert.equal(last.delta.stop_reason, 'end_turn');
  assert.equal(last.usage.output_tokens, 9);
});

test('streams a long text through the helper, whole and in order', limit, async () => {
  const deltas = [];
  const stream = client.messages.stream({ ...common, messages: [user('Tell a long story')] }).on('text', (delta) => deltas.push(delta));

  assert.equal(await stream.finalText(), said.story);
  assert.equal(deltas.join(''), said.story);
  assert.ok(deltas.length > 10);
});

test('tells the provider the system blocks, the history and the tools', limit, async () => {
  const question = unique('Say hello');
  await client.messages.create({
    ...common,
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    messages: [user('One.'), { role: 'assistant', content: 'Two.' }, user([{ type: 'text', text: question }])],
    tools: [weather],
    temperature: 0.5,
    metadata: { user_id: 'someone' },
  });
  const seen = await seenUpstream(question);

  const plain = (content) => (typeof content === 'string' ? content : content.map((part) => part.text).join(''));
  assert.deepEqual(
    seen.messages.map(({ role, content }) => [role === 'developer' ? 'system' : role, plain(content)]),
    [['system', 'Be brief.'], ['user', 'One.'], ['assistant', 'Two.'], ['user', question]],
  );
  assert.equal(seen.tools[0].function.name, 'get_weather');
  assert.equal(seen.tools[0].function.description, 'The weather of a city.');
});

test('uses a tool and takes its result', limit, async () => {
  const question = user('What is the weather in Lisbon?');
  const first = await client.messages.create({ ...common, messages: [question], tools: [weather] });

  assert.equal(first.stop_reason, 'tool_use');
  const [use] = first.content.filter((block) => block.type === 'tool_use');
  assert.equal(use.name, 'get_weather');
  assert.deepEqual(use.input, { city: 'Lisbon', unit: 'celsius' });

  const result = { type: 'tool_result', tool_use_id: use.id, content: [{ type: 'text', text: '24 degrees' }] };
  const second = await client.messages.create({
    ...common,
    messages: [question, { role: 'assistant', content: first.content }, user([result])],
    tools: [weather],
  });
  assert.equal(textOf(second), said.lisbon);
});

test('streams parallel uses apart, and takes their results, a failed one too', limit, async () => {
  const question = user('Compare Lisbon and Oslo');
  const message = await client.messages.stream({ ...common, messages: [question], tools: [weather] }).finalMessage();

  assert.equal(message.stop_reason, 'tool_use');
  const uses = message.content.filter((block) => block.type === 'tool_use');
  assert.deepEqual(uses.map((use) => use.input.city), ['Lisbon', 'Oslo']);
  assert.equal(new Set(uses.map((use) => use.id)).size, 2);

  const results = uses.map(({ id }, i) => ({ type: 'tool_result', tool_use_id: id, content: 'something', is_error: i === 1 }));
  const answer = await client.messages.create({
    ...common,
    messages: [question, { role: 'assistant', content: message.content }, user(results)],
    tools: [weather],
  });
  assert.equal(textOf(answer), said.cities);
});

// By itself the helper leaves the history to the provider (`thread`), and goes on with a whole history where it is told
// that there is no such thing. The provider here says nothing of the kind, and has no threads.
const threads = ['direct', 'anthropic'].includes(route) ? { thread: false } : {};

for (const stream of [false, true]) {
  test(`runs a loop of tools with the helper${stream ? ', streamed' : ''}`, limit, async () => {
    const called = [];
    const tool = betaZodTool({
      name: 'get_weather',
      description: 'The weather of a city.',
      inputSchema: z.object({ city: z.string(), unit: z.enum(['celsius', 'fahrenheit']) }),
      run: (input) => {
        called.push(input);
        return '24 degrees';
      },
    });
    const runner = client.beta.messages.toolRunner({ ...common, ...threads, stream, messages: [user('What is the weather in Lisbon?')], tools: [tool] });

    assert.equal(textOf(await runner.runUntilDone()), said.lisbon);
    assert.deepEqual(called, [{ city: 'Lisbon', unit: 'celsius' }]);
  });
}

test('shows what the model thought, and takes it back in the history', limit, async () => {
  const question = user('Think first');
  const body = { ...common, thinking: { type: 'enabled', budget_tokens: 1024 }, messages: [question] };
  const whole = await client.messages.create(body);
  const streamed = await client.messages.stream(body).finalMessage();

  for (const message of [whole, streamed]) {
    assert.deepEqual(message.content.map((block) => block.type), ['thinking', 'text']);
    assert.equal(message.content[0].thinking, said.thought);
    assert.equal(typeof message.content[0].signature, 'string');
    assert.equal(textOf(message), said.afterThought);
    const messages = [question, { role: 'assistant', content: message.content }, user('Say hello')];
    assert.equal(textOf(await client.messages.create({ ...body, messages })), said.hello);
  }
});

test('keeps thoughts and uses of tools together over a loop', limit, async () => {
  const question = user('Ponder Lisbon');
  const body = { ...common, thinking: { type: 'enabled', budget_tokens: 1024 }, tools: [weather] };
  const first = await client.messages.stream({ ...body, messages: [question] }).finalMessage();
  assert.deepEqual(first.content.map((block) => block.type), ['thinking', 'tool_use']);

  const result = { type: 'tool_result', tool_use_id: first.content[1].id, content: '24 degrees' };
  const messages = [question, { role: 'assistant', content: first.content }, user([result])];
  assert.equal(textOf(await client.messages.create({ ...body, messages })), said.lisbon);
});

test('parses structured output', limit, async () => {
  const Person = z.object({ name: z.string(), age: z.number().int() });
  const message = await client.messages.parse({
    ...common,
    messages: [user('Invent a person')],
    output_config: { format: zodOutputFormat(Person) },
  });

  assert.deepEqual(message.parsed_output, { name: 'Ada', age: 36 });
});

test('takes an image beside text', limit, async () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } };
  const message = await client.messages.create({ ...common, messages: [user([image, { type: 'text', text: 'Say hello' }])] });

  assert.equal(textOf(message), said.hello);
});

test('says that an answer was cut at the limit of tokens', limit, async () => {
  const body = { ...common, max_tokens: 5, messages: [user('Be cut short')] };

  assert.equal((await client.messages.create(body)).stop_reason, 'max_tokens');
  assert.equal((await client.messages.stream(body).finalMessage()).stop_reason, 'max_tokens');
});

test('counts tokens', except(['direct', 'anthropic'], 'the provider has no such endpoint'), async () => {
  const body = { model: common.model, system: 'Be brief.', messages: [user('Say hello to everybody in the room.')] };
  const few = await client.messages.countTokens(body);
  const many = await client.messages.countTokens({ ...body, messages: [user('Say hello. '.repeat(1000))], tools: [weather] });

  assert.ok(few.input_tokens >= 5 && few.input_tokens <= 60, `${few.input_tokens} tokens for a sentence`);
  assert.ok(many.input_tokens >= 1500 && many.input_tokens <= 8000, `${many.input_tokens} tokens for a thousand sentences`);
});

test("raises the client's own errors for the provider's", limit, async () => {
  const ask = (text, more = {}) => client.messages.create({ ...common, messages: [user(text)], ...more });

  const limited = await rejection(ask('Be rate limited'), RateLimitError);
  assert.equal(limited.error.type, 'error');
  assert.equal(limited.error.error.type, 'rate_limit_error');
  await rejection(ask('Be rate limited', { stream: true }), RateLimitError);
  const refused = await rejection(ask('Be refused'), BadRequestError);
  assert.equal(refused.error.error.type, 'invalid_request_error');
  assert.match(refused.message, /No such thing/);
  const broken = await rejection(ask('Be broken'), APIError);
  assert.ok(broken.status >= 500);
});

test('raises errors in its own shape for what the gateway refuses', except(['direct'], 'of the gateway only'), async () => {
  const stranger = new Anthropic({ baseURL: base, apiKey: 'not-the-key', maxRetries: 0 });
  const unknown = await rejection(stranger.messages.create({ ...common, messages: [user('Say hello')] }), AuthenticationError);
  assert.equal(unknown.error.error.type, 'authentication_error');

  const wrong = await rejection(client.messages.create({ ...common, messages: 'hello' }), BadRequestError);
  assert.equal(wrong.error.error.type, 'invalid_request_error');
  assert.match(wrong.message, /messages/);
});

test('lists models', except(['direct'], 'of the gateway only'), async () => {
  const ids = (await collect(await client.models.list())).map((one) => one.id);
  assert.ok(ids.includes('auto'), `auto is among the models of ${route}`);
});
