// The list of models, and failures as the client's own error classes.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai';

import { collect, faulty, light, limit, makeClient, user } from './support.mjs';

const client = makeClient();
const messages = [user('Say hello.')];

// What the error carries beside its class comes from the body: `{"error": {message, type, param, code}}`.
async function rejection(promise, type) {
  const error = await promise.then(
    () => assert.fail(`expected ${type.name}, got an answer`),
    (reason) => reason,
  );
  assert.ok(error instanceof type, `expected ${type.name}, got ${error?.constructor?.name}: ${error?.message}`);
  assert.ok(error.error?.message, 'the body says what happened');
  return error;
}

test('lists the names that `model` may have', limit, async () => {
  const models = await collect(await client.models.list());

  const ids = models.map((model) => model.id);
  for (const id of ['auto', 'tier:light', 'tier:standard', 'tier:premium', 'gpt-4o', light]) {
    assert.ok(ids.includes(id), `${id} is listed`);
  }
  assert.equal(new Set(ids).size, ids.length, 'each once');
  assert.ok(models.every((model) => model.object === 'model' && Number.isInteger(model.created)));
});

// The client percent-encodes the slash and the colon.
test('retrieves one model by its name, slash and colon included', limit, async () => {
  for (const id of ['auto', 'tier:light', light]) {
    const model = await client.models.retrieve(id);
    assert.equal(model.id, id);
    assert.equal(model.object, 'model');
  }
});

test('raises NotFoundError for a model that is not there', limit, async () => {
  const retrieved = await rejection(client.models.retrieve('no-such-model'), NotFoundError);
  const asked = await rejection(client.chat.completions.create({ model: 'no-such-model', messages }), NotFoundError);

  for (const error of [retrieved, asked]) {
    assert.equal(error.status, 404);
    assert.equal(error.code, 'model_not_found');
    assert.match(error.message, /no-such-model/);
  }
});

test('raises AuthenticationError for a wrong key, before anything else is looked at', limit, async () => {
  const stranger = makeClient({ apiKey: 'not-the-key' });

  const asked = await rejection(stranger.chat.completions.create({ model: 'auto', messages }), AuthenticationError);
  const streamed = await rejection(
    stranger.chat.completions.create({ model: 'auto', messages, stream: true }),
    AuthenticationError,
  );
  const listed = await rejection(
    stranger.models.list().then((page) => page),
    AuthenticationError,
  );

  for (const error of [asked, streamed, listed]) {
    assert.equal(error.status, 401);
    assert.equal(error.code, 'invalid_api_key');
    assert.ok(!error.message.includes('not-the-key'), 'the key is not repeated');
  }
});

test('raises BadRequestError that names the parameter', limit, async () => {
  const cases = [
    [{ model: 'auto' }, 'messages'],
    [{ model: 'auto', messages: 'hello' }, 'messages'],
    [{ model: 'auto', messages: [] }, 'messages'],
    [{ model: 'auto', messages, max_tokens: 'many' }, 'max_tokens'],
    [{ model: 'auto', messages, stream: 'yes' }, 'stream'],
  ];
  for (const [body, param] of cases) {
    const error = await rejection(client.chat.completions.create(body), BadRequestError);
    assert.equal(error.status, 400);
    assert.equal(error.type, 'invalid_request_error');
    assert.equal(error.param, param);
  }
});

test('raises RateLimitError when the provider answers 429 to the end', limit, async () => {
  const error = await rejection(
    client.chat.completions.create({ model: faulty('status=429'), messages }),
    RateLimitError,
  );

  assert.equal(error.status, 429);
});

test('raises InternalServerError when the provider answers 500 to the end, streamed or not', limit, async () => {
  for (const stream of [false, true]) {
    const error = await rejection(
      client.chat.completions.create({ model: faulty('status=500'), messages, stream }),
      InternalServerError,
    );
    assert.ok(error.status >= 500);
  }
});

test('goes on serving after all that', limit, async () => {
  const completion = await client.chat.completions.create({ model: 'auto', messages });

  assert.equal(completion.choices[0].finish_reason, 'stop');
});
