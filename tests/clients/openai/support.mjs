// What the tests share: the client as an application would make it, and small readers of its answers.
import OpenAI from 'openai';

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these tests with tests/clients/run.sh`);
  return value;
}

// The public client with its own retries off: one call is one request, so that a test sees the first answer.
export function makeClient(options = {}) {
  return new OpenAI({
    baseURL: `${needed('TRIAGED_URL')}/v1`,
    apiKey: needed('TRIAGED_KEY'),
    maxRetries: 0,
    timeout: 20_000,
    ...options,
  });
}

// Pinned targets of the configuration that run.sh writes.
export const light = 'sim/simulated-light';
export const premium = 'sim/simulated-premium';
export const faulty = (fault) => `${light}+${fault}`;

export const limit = { timeout: 30_000 };

export const user = (content) => ({ role: 'user', content });

export async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

export function textOf(chunks) {
  return chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('');
}

export function finishReasonsOf(chunks) {
  return chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.finish_reason)).filter((reason) => reason);
}

export const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['city', 'unit'],
      additionalProperties: false,
    },
  },
};
