// Streamed answers: text, usage, tools, leaving early, many at once, and streams that break.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { APIError } from 'openai';

import { collect, faulty, finishReasonsOf, light, limit, makeClient, premium, textOf, user, weatherTool } from './support.mjs';

const client = makeClient();

async function wholeText(model, prompt) {
  const completion = await client.chat.completions.create({ model, messages: [user(prompt)] });
  return completion.choices[0].message.content;
}

async function streamed(model, prompt, options = {}) {
  return collect(await client.chat.completions.create({ model, messages: [user(prompt)], stream: true, ...options }));
}

test('streams the same text that it gives whole, and ends it once', limit, async () => {
  const prompt = 'Explain what a proxy does, in two sentences.';
  const chunks = await streamed(light, prompt);

  assert.ok(chunks.length > 2, 'the answer came in pieces');
  assert.equal(textOf(chunks), await wholeText(light, prompt));
  assert.deepEqual(finishReasonsOf(chunks), ['stop']);
  for (const chunk of chunks) {
    assert.equal(chunk.object, 'chat.completion.chunk');
    assert.equal(chunk.id, chunks[0].id);
  }
});

test('shows no usage that was not asked for', limit, async () => {
  for (const options of [{}, { stream_options: { include_usage: false } }]) {
    const chunks = await streamed('auto', 'Count to five.', options);

    assert.ok(chunks.length > 2);
    for (const chunk of chunks) {
      assert.equal(chunk.usage ?? null, null);
      assert.equal(chunk.choices.length, 1);
    }
  }
});

test('shows the usage in the last chunk when it was asked for', limit, async () => {
  const chunks = await streamed(light, 'Count to five.', { stream_options: { include_usage: true } });

  const last = chunks.at(-1);
  assert.deepEqual(last.choices, []);
  assert.ok(last.usage.prompt_tokens > 0);
  assert.ok(last.usage.completion_tokens > 0);
  assert.equal(last.usage.total_tokens, last.usage.prompt_tokens + last.usage.completion_tokens);
  for (const chunk of chunks.slice(0, -1)) assert.equal(chunk.usage ?? null, null);
  assert.deepEqual(finishReasonsOf(chunks), ['stop']);
});

test('says in the headers of a stream how it was routed', limit, async () => {
  const { data, response } = await client.chat.completions
    .create({ model: 'auto', messages: [user('Name a river.')], stream: true })
    .withResponse();

  for (const name of ['id', 'tier', 'model', 'task', 'complexity', 'reason']) {
    assert.ok(response.headers.get(`x-triaged-${name}`), `x-triaged-${name} is there`);
  }
  assert.match(response.headers.get('content-type'), /^text\/event-stream/);
  assert.ok(textOf(await collect(data)).length > 0);
});

test('streams a tool call whose arguments come together as JSON', limit, async () => {
  const chunks = await streamed(light, 'What is the weather in Oslo, in celsius?', {
    tools: [weatherTool],
    tool_choice: 'required',
  });

  const deltas = chunks.flatMap((chunk) => chunk.choices[0]?.delta?.tool_calls ?? []);
  assert.ok(deltas.length > 1, 'the call came in pieces');
  assert.ok(deltas.every((delta) => delta.index === 0));
  assert.ok(deltas[0].id);
  assert.equal(deltas[0].function.name, 'get_weather');
  const text = deltas.map((delta) => delta.function?.arguments ?? '').join('');
  assert.equal(typeof JSON.parse(text), 'object');
  assert.deepEqual(finishReasonsOf(chunks), ['tool_calls']);
});

test("satisfies the client's own accumulator", limit, async () => {
  const prompt = 'Describe a lighthouse.';
  const stream = client.chat.completions.stream({
    model: light,
    messages: [user(prompt)],
    stream_options: { include_usage: true },
  });

  const completion = await stream.finalChatCompletion();

  assert.equal(completion.choices[0].message.content, await wholeText(light, prompt));
  assert.equal(completion.choices[0].finish_reason, 'stop');
  assert.ok(completion.usage.total_tokens > 0);
});

test('lets a client leave in the middle of a stream and serves the next requests', limit, async () => {
  for (let round = 0; round < 3; ++round) {
    const controller = new AbortController();
    const stream = await client.chat.completions.create(
      { model: premium, messages: [user('Write a long essay on the history of timekeeping.')], stream: true },
      { signal: controller.signal },
    );
    const seen = [];
    for await (const chunk of stream) {
      seen.push(chunk);
      if (chunk.choices[0]?.delta?.content) controller.abort();
    }

    assert.ok(textOf(seen).length > 0, 'content had begun');
    assert.deepEqual(finishReasonsOf(seen), [], 'the stream had not come to its end');
    assert.ok((await wholeText(light, `Say hello, round ${round}.`)).length > 0);
  }
});

test('lets a client leave by breaking out of its loop', limit, async () => {
  const stream = await client.chat.completions.create({
    model: premium,
    messages: [user('Write a long essay on the history of maps.')],
    stream: true,
  });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta?.content) break;
  }

  assert.ok((await wholeText(light, 'Say hello.')).length > 0);
});

test('keeps streams that run side by side apart', limit, async () => {
  const prompts = Array.from({ length: 8 }, (_, i) => `Tell me something about the number ${i + 10}.`);

  const texts = await Promise.all(prompts.map(async (prompt) => textOf(await streamed(light, prompt))));

  for (const [i, prompt] of prompts.entries()) assert.equal(texts[i], await wholeText(light, prompt));
});

test('never presents a stream that broke as a success', limit, async () => {
  const seen = [];
  const read = async () => {
    const stream = await client.chat.completions.create({
      model: faulty('cut'),
      messages: [user('Describe a mountain.')],
      stream: true,
    });
    for await (const chunk of stream) seen.push(chunk);
  };

  await assert.rejects(read, APIError);
  assert.deepEqual(finishReasonsOf(seen), []);
});
