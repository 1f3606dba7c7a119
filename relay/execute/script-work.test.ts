// Hooks run in their order, what failed is rolled back once, and no end is told better than it was.
import { expect, test } from 'vitest';
import type { RunRequest, RunResult, Session } from '#relay/transport/transport.ts';
import { newId, ScriptId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { ScriptSpec } from '#shared/model/script.ts';
import { draftScript } from '#shared/seal/script-draft.ts';
import { scriptText } from '#shared/seal/script-seal.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { sampleManifest } from '#test/fixtures/sample-trust.ts';
import { shellSession } from '#test/fixtures/shell-session.ts';
import { prepareScript } from './script-work.ts';

const ended = (code: number): Outcome<RunResult> =>
  succeed({
    end: { kind: 'exit', code },
    ...{ stdout: new Uint8Array(), stderr: new Uint8Array(), isTruncated: false, hasOpenChild: false, durationMs: 0 },
  });

const HOOKS = { before: 'BEFORE', rollback: 'ROLLBACK', after: 'AFTER' };

interface Setup {
  ends?: Readonly<Record<string, Outcome<RunResult>>>;
  spec?: ScriptSpec;
  system?: Session['system'];
  /** How long each step takes. */
  stepMs?: number;
  totalMs?: number;
}

async function act({ ends = {}, spec = HOOKS, system = 'linux', stepMs = 0, totalMs = 60_000 }: Setup) {
  const clock = new FakeClock();
  const steps: string[] = [];
  const requests: RunRequest[] = [];
  const session: Session = {
    ...shellSession(),
    system,
    run: async (request) => {
      const step = ['BEFORE', 'MAIN', 'ROLLBACK', 'AFTER'].find((word) => request.script.includes(word)) ?? 'none';
      steps.push(step);
      requests.push(request);
      await clock.advance(stepMs);
      return ends[step] ?? ended(0);
    },
  };
  const place = { id: ScriptId.parse(newId(1)), version: 1 };
  const script = scriptText(draftScript({ file: 'a.sh', text: 'MAIN', spec: { timeoutS: 10, ...spec } }, place));
  const manifest = sampleManifest({ caps: { timeoutMs: totalMs, outputBytes: 1_024, concurrency: 1 } });
  const [target] = manifest.targets;
  if (target === undefined) throw new Error('no target');
  const action = { name: 'script.try' as const, arguments: { script, hash: 'a'.repeat(64), values: {} } };
  const order = { manifest, target, session, action, variables: undefined };
  const ready = prepareScript(order, clock, new AbortController().signal);
  const outcome = ready.ok ? await ready.value(1) : ready;
  return { steps: steps.join(' '), requests, outcome };
}

test('hooks run around it, and the last is told how it went', async () => {
  const { steps, outcome, requests } = await act({});
  expect(steps).toBe('BEFORE MAIN AFTER');
  expect(outcome).toMatchObject({ state: 'succeeded', exitCode: 0 });
  expect(outcome).not.toHaveProperty('detail');
  expect(requests[2]?.script).toContain("RMM_OUTCOME='succeeded'");
  expect(requests[1]?.script).not.toContain('RMM_OUTCOME');
});

test('when the first hook fails nothing else runs', async () => {
  const { steps, outcome } = await act({ ends: { BEFORE: ended(3) } });
  expect(steps).toBe('BEFORE');
  expect(outcome).toMatchObject({ state: 'failed', exitCode: 3, detail: expect.stringContaining('nothing else ran') });
});

test.each([
  ['fails', ended(5)],
  ['takes too long', fail('timed-out', 'no end within 10000 ms')],
])('what %s is rolled back, and has failed all the same', async (_, end) => {
  const { steps, outcome } = await act({ ends: { MAIN: end } });
  expect(steps).toBe('BEFORE MAIN ROLLBACK AFTER');
  expect(outcome).toMatchObject({ state: 'failed', detail: expect.stringContaining('rolled back') });
});

test('a rollback that fails is told', async () => {
  const { outcome } = await act({ ends: { MAIN: ended(5), ROLLBACK: ended(6) } });
  expect(outcome).toMatchObject({ exitCode: 5, detail: 'rolling back did not succeed: exit 6' });
});

test.each(['lost', 'cancelled'] as const)('what is %s is touched no more', async (reason) => {
  const { steps, outcome } = await act({ ends: { MAIN: fail(reason, 'gone') } });
  expect(steps).toBe('BEFORE MAIN');
  expect(outcome).toMatchObject({ detail: expect.stringContaining('not rolled back') });
  expect(outcome).toMatchObject({ state: reason === 'lost' ? 'unknown' : 'cancelled' });
});

test('a last hook that fails makes the whole a failure', async () => {
  const { outcome } = await act({ ends: { AFTER: ended(4) } });
  expect(outcome).toMatchObject({ state: 'failed', exitCode: 4 });
});

test('each step has the time of the script, all have that of the order', async () => {
  const { steps, requests, outcome } = await act({ stepMs: 9_000, totalMs: 15_000 });
  expect(requests.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 6_000]);
  expect(steps).toBe('BEFORE MAIN');
  expect(outcome).toMatchObject({ state: 'failed', detail: expect.stringContaining('the time of the order was over') });
});

test.each<[Session['system'], ScriptSpec['shell'], boolean]>([
  ['linux', 'bash', true],
  ['macos', 'python3', true],
  ['windows', 'powershell', true],
  ['windows', 'cmd', true],
  ['windows', 'sh', false],
  ['linux', 'cmd', false],
  ['unknown', 'sh', false],
])('%s runs %s: %s', async (system, shell, is) => {
  const { outcome, steps } = await act({ system, spec: { shell } });
  expect(steps).toBe(is ? 'MAIN' : '');
  if (!is) expect(outcome).toMatchObject({ ok: false, reason: 'unsupported' });
});
