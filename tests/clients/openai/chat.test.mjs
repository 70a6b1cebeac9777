// Whole answers: text, routing headers, tools, structured output, images.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { light, limit, makeClient, user, weatherTool } from './support.mjs';

const client = makeClient();
const tiers = ['light', 'standard', 'premium'];
const tasks = ['qa', 'summarize', 'extract', 'classify', 'rewrite', 'code', 'math', 'analysis', 'writing', 'chat', 'agent'];

function assertWhole(completion) {
  assert.equal(completion.object, 'chat.completion');
  assert.equal(completion.choices.length, 1);
  assert.equal(completion.choices[0].message.role, 'assistant');
  assert.ok(completion.usage.prompt_tokens > 0);
  assert.ok(completion.usage.completion_tokens > 0);
  assert.equal(completion.usage.total_tokens, completion.usage.prompt_tokens + completion.usage.completion_tokens);
}

function assertRoutingHeaders(response) {
  const header = (name) => response.headers.get(`x-triaged-${name}`);
  assert.ok(header('id'), 'x-triaged-id is there');
  assert.ok(tiers.includes(header('tier')), `x-triaged-tier is a tier, not ${header('tier')}`);
  assert.match(header('model') ?? '', /^sim\/simulated-(light|standard|premium)$/);
  assert.ok(tasks.includes(header('task')), `x-triaged-task is a task, not ${header('task')}`);
  assert.match(header('complexity') ?? '', /^\d+(\.\d+)?$/);
  assert.ok(Number(header('complexity')) <= 1, `complexity ${header('complexity')} is at most 1`);
  assert.ok(header('reason'), 'x-triaged-reason is there');
}

test('answers a chat with `model: auto` and says how it was routed', limit, async () => {
  const { data, response } = await client.chat.completions
    .create({ model: 'auto', messages: [user('What is the capital of France?')] })
    .withResponse();

  assertWhole(data);
  assert.ok(data.choices[0].message.content.length > 0);
  assert.equal(data.choices[0].finish_reason, 'stop');
  assertRoutingHeaders(response);
});

test('routes an intercepted model name, so that an application changes its base URL only', limit, async () => {
  const { data, response } = await client.chat.completions
    .create({ model: 'gpt-4o', messages: [user('Translate "good morning" into French.')] })
    .withResponse();

  assertWhole(data);
  assertRoutingHeaders(response);
});

test('serves a pinned tier and a pinned target from exactly there', limit, async () => {
  const messages = [user('Say hello.')];

  const tier = await client.chat.completions.create({ model: 'tier:standard', messages }).withResponse();
  const target = await client.chat.completions.create({ model: light, messages }).withResponse();

  assertWhole(tier.data);
  assertWhole(target.data);
  assert.equal(tier.response.headers.get('x-triaged-tier'), 'standard');
  assert.equal(target.response.headers.get('x-triaged-model'), light);
});

test('calls a tool with arguments that are JSON, and takes the result', limit, async () => {
  const question = user('What is the weather in Lisbon, in celsius?');
  const completion = await client.chat.completions.create({
    model: light,
    messages: [question],
    tools: [weatherTool],
    tool_choice: 'required',
  });

  const { message, finish_reason: reason } = completion.choices[0];
  assert.equal(reason, 'tool_calls');
  assert.equal(message.tool_calls.length, 1);
  const [call] = message.tool_calls;
  assert.equal(call.type, 'function');
  assert.equal(call.function.name, 'get_weather');
  assert.equal(typeof JSON.parse(call.function.arguments), 'object');

  const answer = await client.chat.completions.create({
    model: light,
    messages: [question, message, { role: 'tool', tool_call_id: call.id, content: '{"degrees": 24}' }],
    tools: [weatherTool],
    tool_choice: 'none',
  });
  assertWhole(answer);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.ok(answer.choices[0].message.content.length > 0);
});

test('gives a JSON object when `json_object` is asked for', limit, async () => {
  const completion = await client.chat.completions.create({
    model: light,
    messages: [user('Name three colours. Answer in JSON.')],
    response_format: { type: 'json_object' },
  });

  const value = JSON.parse(completion.choices[0].message.content);
  assert.equal(typeof value, 'object');
  assert.ok(value !== null && !Array.isArray(value));
});

const personFormat = {
  type: 'json_schema',
  json_schema: {
    name: 'person',
    strict: true,
    schema: {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
      additionalProperties: false,
    },
  },
};

test('keeps to a JSON schema, by `create` and by `parse`', limit, async () => {
  const body = { model: light, messages: [user('Invent a person.')], response_format: personFormat };

  const created = await client.chat.completions.create(body);
  const parsed = await client.chat.completions.parse(body);

  for (const completion of [created, parsed]) {
    const person = JSON.parse(completion.choices[0].message.content);
    assert.deepEqual(Object.keys(person).sort(), ['age', 'name']);
    assert.equal(typeof person.name, 'string');
    assert.ok(Number.isInteger(person.age));
  }
});

test('takes an image as a data URI', limit, async () => {
  // The smallest PNG, then a body that does not fit into one read.
  const pixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
  for (const image of [pixel, Buffer.alloc(600_000, 7).toString('base64')]) {
    const completion = await client.chat.completions.create({
      model: 'auto',
      messages: [
        user([
          { type: 'text', text: 'What is in this picture?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
        ]),
      ],
    });
    assertWhole(completion);
  }
});

test('passes text of every script on, in both directions', limit, async () => {
  const prompt = 'Übersetze: "naïve café" — 你好，世界 🙂 \u2028 "\\ \u0000" עברית';
  const completion = await client.chat.completions.create({ model: light, messages: [user(prompt)] });

  assertWhole(completion);
  assert.ok(!completion.choices[0].message.content.includes('\ufffd'));
});
