// Proves that the API is what its document says: valid OpenAPI 3.1, each route called with good and bad input, no 500, each error a problem that names its field.
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { openApiDocument } from '#console/api/openapi-document.ts';
import { OPERATIONS, type Operation } from '#console/api/operations.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { startEstate } from './composed-site.ts';
import { BAD_BODIES, badInputs } from './contract/bad-inputs.ts';
import { GOOD_INPUTS, makeWorld, type World } from './contract/good-inputs.ts';
import { inputSchemas } from './contract/input-schema.ts';
import { faultOf, namesField, RawCaller } from './contract/raw-caller.ts';

async function live(): Promise<{ world: World; caller: RawCaller; url: string }> {
  const estate = await startEstate();
  const { url, token } = await loadProfile({ data: estate.data }, {});
  return { world: await makeWorld(estate), caller: new RawCaller(url, token), url };
}

const inUrlOf =
  ({ method, path }: Operation) =>
  (field: string): boolean =>
    method === 'GET' || path.includes(`{${field}}`);

const sorted = (names: Iterable<string>) => [...names].sort((a, b) => a.localeCompare(b));

type Described = Record<string, Record<string, Record<string, unknown>>>;

test('the document is valid OpenAPI 3.1, and says of each operation what it is, where it belongs and what it asks for', async () => {
  // Through JSON, as a client reads it.
  const document = JSON.parse(JSON.stringify(await openApiDocument())) as { openapi: string; paths: Described };
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document);
  expect({ valid, errors, version: validator.version }).toMatchObject({ valid: true, version: '3.1' });
  expect(document.openapi).toMatch(/^3\.1\./);
  for (const { name, method, path } of OPERATIONS) {
    const described = document.paths[path]?.[method.toLowerCase()];
    expect([name, described]).toEqual([
      name,
      expect.objectContaining({
        operationId: name,
        summary: expect.stringMatching(/\w+ \w+/),
        tags: [expect.any(String)],
        'x-permission': expect.stringMatching(/^(public|[a-z]+\.[a-z]+)$/),
        responses: expect.objectContaining({ default: { $ref: '#/components/responses/Problem' } }),
      }),
    ]);
    const takesKey = JSON.stringify(described).includes('#/components/parameters/IdempotencyKey');
    const isSecret = JSON.stringify(described).includes('holds a secret');
    expect([name, takesKey, isSecret]).toEqual([name, method === 'POST' && !isSecret, method === 'POST' && !takesKey]);
  }
});

test('each operation has its row of good input', () => {
  expect(sorted(Object.keys(GOOD_INPUTS))).toEqual(sorted(OPERATIONS.map(({ name }) => name)));
});

test('each route answers a good input', async () => {
  const { world, caller } = await live();
  const broken: string[] = [];
  for (const operation of OPERATIONS) {
    const input = await GOOD_INPUTS[operation.name]?.(world);
    const answer = await caller.ask(operation, input ?? {});
    // A relay that is not connected is a good answer to those who ask for it.
    if (operation.name === 'relays.probe' && answer.status === 503) continue;
    // This console's configuration names no repository.
    if (operation.name === 'scripts.sync' && answer.status === 404) continue;
    // A token is in no session: what to prove oneself in is missing, and the answer says so.
    if (operation.name.startsWith('session.stepUp') && answer.text.includes('no session')) continue;
    if (answer.status >= 400) broken.push(`${operation.name}: ${answer.status} ${answer.text.slice(0, 300)}`);
  }
  expect(broken).toEqual([]);
});

test('no bad input breaks a route, and each refusal names its field', async () => {
  const { world, caller } = await live();
  const schemas = inputSchemas();
  const broken: string[] = [];
  let asked = 0;
  for (const operation of OPERATIONS) {
    const schema = schemas.get(operation.name);
    if (schema === undefined) continue;
    const good = (await GOOD_INPUTS[operation.name]?.(world)) ?? {};
    for (const { what, input, field } of badInputs(schema, good, inUrlOf(operation))) {
      if (what.endsWith(' missing') && operation.path.includes(`{${field}}`)) continue; // another path, not this one
      const answer = await caller.ask(operation, input);
      asked += 1;
      const fault = faultOf(answer);
      if (fault !== undefined) broken.push(`${operation.name}, ${what}: ${fault}`);
      else if (field !== undefined && (answer.status !== 400 || !namesField(answer, field)))
        broken.push(`${operation.name}, ${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
    }
  }
  expect(broken).toEqual([]);
  expect(asked).toBeGreaterThan(1_000);
});

test('no body breaks a route', async () => {
  const { world, caller } = await live();
  const broken: string[] = [];
  for (const operation of OPERATIONS.filter(({ method }) => method !== 'GET'))
    for (const [what, body, mustRefuse] of BAD_BODIES) {
      const path = operation.path.replace('{id}', world.device).replace('{tag}', 'nonsense');
      const answer = await caller.send(operation.method, path, body);
      const fault = faultOf(answer);
      if (fault !== undefined) broken.push(`${operation.name}, ${what}: ${fault}`);
      else if (mustRefuse && answer.status !== 400) broken.push(`${operation.name}, ${what}: ${answer.status}`);
    }
  expect(broken).toEqual([]);
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
});

test('who is not signed in gets 401 from each route, whatever they send', async () => {
  const { world, url } = await live();
  const stranger = new RawCaller(url, 'nobody');
  for (const operation of OPERATIONS.filter(({ meta }) => meta.permission !== 'public')) {
    const path = operation.path.replace('{id}', world.device).replace('{tag}', 'x');
    const body = operation.method === 'GET' ? undefined : '{"id":7,"name":[]}';
    const answer = await stranger.send(operation.method, path, body, { 'idempotency-key': 'k' });
    expect([operation.name, answer.status, faultOf(answer)]).toEqual([operation.name, 401, undefined]);
  }
});

test('what never reaches an operation is a problem too', async () => {
  const { caller, url } = await live();
  const cases: ReadonlyArray<[number, Parameters<RawCaller['send']>]> = [
    [404, ['GET', '/nothing']],
    [404, ['GET', '/devices/']],
    [405, ['PUT', '/devices', '{}']],
    [413, ['POST', '/devices', ' '.repeat(3_000_000)]],
    [413, ['POST', '/imports', ' '.repeat(18_000_000)]],
    [415, ['POST', '/devices', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }]],
    [415, ['POST', '/devices', 'x', { 'content-type': 'text/event-stream' }]],
    [415, ['POST', '/devices', '{}', { 'content-type': 'application/jsonx' }]],
    [403, ['POST', '/devices', '{}', { origin: 'https://elsewhere.example' }]],
    [400, ['GET', '/devices?limit=%ff&limit=2']],
  ];
  for (const [status, request] of cases) {
    const answer = await caller.send(...request);
    expect([request.slice(0, 2).join(' ').slice(0, 60), answer.status, faultOf(answer)]).toEqual([
      request.slice(0, 2).join(' ').slice(0, 60),
      status,
      undefined,
    ]);
  }
  const enrolment = await fetch(`${url}/enrol/v1`, { method: 'POST', body: 'x' });
  expect([enrolment.status, enrolment.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
});
