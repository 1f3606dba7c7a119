// Our client against answers that real Windows hosts gave: the same questions in meaning, the same output and exit codes.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { meaningOf, Recorded } from '#test/fixtures/recording.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { WsmanDouble } from '#test/fixtures/wsman-double.ts';
import { exchangeOver } from './exchange.ts';
import { NS } from './namespaces.ts';
import { WinrsShell } from './shell.ts';
import { childOf, childrenOf, readXml, type XmlElement } from './xml-read.ts';

const never = new AbortController().signal;

function replaying(name: string) {
  const recorded = new Recorded(name);
  const double = new WsmanDouble(recorded.answer);
  const connection = double.connect();
  const exchange = exchangeOver({
    post: (body, options, signal) => connection.post(body, options, signal),
    random: seededBytes(9),
    name: 'recorded',
  });
  const clock = new FakeClock();
  // Silence was recorded without its time.
  const quick = {
    ...clock,
    monotonic: () => clock.monotonic(),
    now: () => clock.now(),
    sleep: () => Promise.resolve(),
  };
  const deps = { control: exchange, receive: exchange, clock: quick, name: 'recorded' };
  return { recorded, double, exchange, deps };
}

const bodyOf = (envelope: XmlElement) => childOf(envelope, NS.soap, 'Body')?.children[0];
const actionOf = (envelope: XmlElement) => meaningOf(envelope).action.replace(/^.*\//, '');

/** Does what the recorded client did: the same command, the same input, the same end. */
async function replay(name: string) {
  const { recorded, double, deps } = replaying(name);
  const of = (action: string) => recorded.requests.filter((each) => actionOf(each) === action);
  const shell = await WinrsShell.open(deps);
  if (!shell.ok) throw new Error(shell.detail);
  const [line] = of('Command').map(bodyOf);
  const program = childOf(line, NS.shell, 'Command')?.text ?? '';
  const args = childrenOf(line, NS.shell, 'Arguments').map(({ text }) => text);
  const command = await shell.value.start(program, args, 'pipe');
  if (!command.ok) throw new Error(command.detail);
  for (const send of of('Send')) {
    const stream = childOf(bodyOf(send), NS.shell, 'Stream');
    const isEnd = stream?.attributes.get('End') === 'True';
    await command.value.send(Buffer.from(stream?.text ?? '', 'base64'), isEnd, never);
  }
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const chunks = command.value.output(never);
  let next = await chunks.next();
  for (; next.done !== true; next = await chunks.next()) output[next.value.stream].push(next.value.bytes);
  if (of('Signal').length > 0) expect(await command.value.signal('ctrlC')).toBe(true);
  expect(await shell.value.delete()).toBe(true);
  const asked = double.requests.map(({ xml }) => readXml(xml));
  const { stdout, stderr } = output;
  return { recorded, asked, end: next.value, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) };
}

test.each([
  ['winrs_standard', 'hi\r\n'],
  ['winrs_unicode', 'こんにちは\n'],
  ['winrs_send', 'output 1\noutput 2\n'],
  ['winrs_operation_timeout', 'hi\nhi again\n'],
])('%s is replayed to its output, and asked in the same meaning', async (name, text) => {
  const { recorded, asked, end, stdout, stderr } = await replay(name);
  expect(stdout.toString()).toBe(text);
  expect(stdout).toEqual(recorded.recordedOutput('stdout'));
  expect(stderr).toEqual(recorded.recordedOutput('stderr'));
  expect(end).toEqual({ ok: true, value: { kind: 'exit', code: recorded.recordedExit() } });
  expect(asked.map(meaningOf)).toEqual(recorded.requests.map(meaningOf));
  expect(recorded.unused).toEqual([]);
});

test('winrs_bad_cmd_id: a command that is gone is a failure, and its shell is deleted', async () => {
  const { recorded, asked, end, stdout } = await replay('winrs_bad_cmd_id');
  expect(end).toMatchObject({ ok: false, reason: 'lost' });
  expect(stdout).toHaveLength(0);
  // The recorded client asked for an id that it had made up; ours does not.
  expect(asked.map((each) => meaningOf(each).action)).toEqual(recorded.requests.map((each) => meaningOf(each).action));
  expect(recorded.unused).toEqual([]);
});

test('client_execute_ps_failure: a shell of another kind gives its bytes and its end by the same answers', async () => {
  const { recorded, end, stdout, stderr } = await replay('client_execute_ps_failure');
  expect(end).toEqual({ ok: true, value: { kind: 'exit', code: recorded.recordedExit() } });
  expect(stdout.length).toBeGreaterThan(8_000);
  expect(stdout).toEqual(recorded.recordedOutput('stdout'));
  expect(stderr).toHaveLength(0);
  // What its session said beside the command is left: our shells have no sessions.
  expect(recorded.unused.map(({ action }) => action)).toEqual([`${NS.shell}/Receive`, `${NS.shell}/Receive`]);
});

test('wsman_update_envelope_size_500: a host takes envelopes of the size that we ask for', async () => {
  const { exchange, double } = replaying('wsman_update_envelope_size_500');
  const resource = 'http://schemas.microsoft.com/wbem/wsman/1/config';
  const call = { action: `${NS.transfer}/Get`, resource, body: '', timeoutMs: 20_000, isRepeatable: true };
  const answer = await exchange.ask(call, never);
  const config = answer.ok ? answer.value : undefined;
  const kilobytes = Number(childOf(config, resource, 'MaxEnvelopeSizekb')?.text);
  const asked = /MaxEnvelopeSize[^>]*>(\d+)</.exec(double.requests[0]?.xml ?? '')?.[1];
  expect(Number(asked)).toBe(kilobytes * 1_024);
  expect(childOf(config, resource, 'MaxTimeoutms')?.text).toBe('60000');
});
