// Behind each new login over plain HTTP a machine is asked who it is; what came about meanwhile is asked about next time.
import { expect, test } from 'vitest';
import type { CimSource } from '#relay/transport/cim.ts';
import { fail } from '#shared/base/outcome.ts';
import { type ComposedClasses, composedCim } from '#test/fixtures/composed-cim.ts';
import { KeylessGuard } from './keyless-guard.ts';

const OWN = '4c4c4544-0046-3510-8052-b4c04f4a3032';
const OTHER = '564d1234-0046-3510-8052-b4c04f4a3032';
const { signal } = new AbortController();
const noop = (): void => undefined;

const machine = (UUID: string): ComposedClasses => ({
  Win32_ComputerSystem: [{ Name: 'FS01' }],
  Win32_ComputerSystemProduct: [{ UUID }],
});

/** A client whose machine and count of logins a test changes; `onAsk` runs in the midst of a question. */
function guarded() {
  const state = { logins: 1, answers: composedCim(machine(OWN)), onAsk: noop, isOther: false };
  const cim: CimSource = {
    async *instances(query, limits, stop) {
      state.onAsk();
      return yield* state.answers.instances(query, limits, stop);
    },
  };
  const client = {
    cim,
    get logins() {
      return state.logins;
    },
    run: () => Promise.resolve(fail('unsupported', 'no script is needed')),
    close: () => Promise.resolve(),
  };
  const onOther = () => {
    state.isOther = true;
  };
  return { state, guard: new KeylessGuard({ name: 'w-1', client, identity: { smbiosUuid: OWN, macs: [] }, onOther }) };
}

test('nobody is asked while there is no new login, and the same machine is let pass behind one', async () => {
  const { state, guard } = guarded();
  state.onAsk = () => expect.unreachable('asked without a new login');
  expect(await guard.check(signal)).toBeUndefined();
  state.onAsk = noop;
  state.logins = 2;
  expect(await guard.check(signal)).toBeUndefined();
});

test('a login that comes about while the machine is asked is not taken for one that was asked about', async () => {
  const { state, guard } = guarded();
  state.logins = 2;
  state.onAsk = () => {
    state.logins = 3;
  };
  expect(await guard.check(signal)).toBeUndefined();
  state.answers = composedCim(machine(OTHER));
  expect(await guard.check(signal)).toMatchObject({ ok: false, reason: 'identity-changed' });
  expect(state.isOther).toBe(true);
});
