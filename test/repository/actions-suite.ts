// Actions on both engines: queued once, sent before they run, settled when each device is done, never taken back.
import { describe, expect, test } from 'vitest';
import { DeviceId, ManifestId, newId } from '#shared/base/id.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { HOUR, open } from './actions-kit.ts';
import { wish } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import { defineSignatureTests } from './signatures-suite.ts';
import { lingerInside, type TestEngine } from './test-engine.ts';

const outcome = (
  manifest: ManifestId,
  device: DeviceId,
  state: OutcomeRecord['state'],
  more: Partial<OutcomeRecord> = {},
): OutcomeRecord => ({ type: 'outcome', manifest, device, at: 9, state, ...more });

function defineQueueTests(engine: TestEngine): void {
  describe(`the queue of actions on ${engine.name}`, () => {
    test('an action is queued, sent, answered for and settled', async () => {
      const { add, link, actions, submit, apply, queued, settled, clock, verbs } = await open(engine);
      const [a, b] = [await add(link.relay, 'a'), await add(link.relay, 'b')];
      const id = await submit([a, b]);
      expect(queued).toEqual([link.relay]);
      const [due] = await actions.due(link.relay, 10);
      expect(due?.id).toBe(id);
      expect(await actions.find(scope, id)).toMatchObject({
        id,
        name: 'command.run',
        signer: 'key',
        reason: 'test',
        createdAt: clock.now(),
        expiresAt: clock.now() + HOUR,
        state: 'sent',
        targets: 2,
        counts: { sent: 2 },
      });
      await apply([outcome(id, a, 'accepted'), outcome(id, b, 'accepted')]);
      expect(await actions.due(link.relay, 10)).toEqual([]);
      const output = { startedAt: 5, finishedAt: 8, exitCode: 0, stdout: new TextEncoder().encode('h\u00e9llo\n') };
      await apply([outcome(id, a, 'started', { startedAt: 4 }), outcome(id, b, 'started', { startedAt: 4 })]);
      await apply([outcome(id, a, 'succeeded', output)]);
      expect(settled).toEqual([]);
      await apply([outcome(id, b, 'failed', { exitCode: 3, stderr: new Uint8Array([0xff, 0x00, 0x41]) })]);
      expect(settled).toEqual([id]);
      const shown = await actions.find(scope, id);
      expect(shown).toMatchObject({ state: 'settled', counts: { succeeded: 1, failed: 1 } });
      expect(shown?.outcomes.find((one) => one.deviceId === a)).toEqual({
        deviceId: a,
        deviceName: 'a',
        state: 'succeeded',
        at: 9,
        startedAt: 5,
        finishedAt: 8,
        exitCode: 0,
        signal: null,
        reason: null,
        detail: null,
        isTruncated: false,
        stdout: 'héllo\n',
        stderr: null,
        attempts: [],
      });
      expect(shown?.outcomes.find((one) => one.deviceId === b)).toMatchObject({ startedAt: 4, stderr: '\uFFFD\0A' });
      expect((await verbs()).slice(-2)).toEqual(['action.submit', 'action.settle']);
    });

    test('an id is used once, however often and at once it is submitted', async () => {
      const { add, link, actions, sign } = await open(engine);
      const signed = sign([await add(link.relay, 'a')]);
      const tries = await Promise.allSettled(Array.from({ length: 10 }, () => actions.submit(caller, [signed])));
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      for (const one of tries)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'manifest-replayed' });
    });

    test('browsers hear of a step only from the relay that was given the action, and only when it is one', async () => {
      const { add, addRelay, link, submit, apply, moved } = await open(engine);
      const device = await add(link.relay, 'a');
      const id = await submit([device]);
      await apply([outcome(id, device, 'succeeded')], await addRelay());
      expect(moved).toEqual([]);
      await apply([outcome(id, device, 'succeeded')]);
      await apply([outcome(id, device, 'failed')]);
      expect(moved).toEqual(['succeeded']);
    });

    test('what does not fit the estate is refused whole: foreign device, foreign relay, expired, revoked', async () => {
      const { add, link, actions, sign, submit, addRelay, relays, clock } = await open(engine);
      const mine = await add(link.relay, 'a');
      const other = await addRelay();
      const foreign = await add(other.relay, 'b');
      await expect(submit([mine, foreign])).rejects.toMatchObject({ code: 'manifest-retargeted' });
      await expect(submit([mine], { relay: other.relay })).rejects.toMatchObject({ code: 'manifest-retargeted' });
      await expect(submit([mine], { exp: clock.now() })).rejects.toMatchObject({ code: 'manifest-expired' });
      const batch = [sign([mine]), sign([foreign])];
      await expect(actions.submit(caller, batch)).rejects.toMatchObject({ code: 'manifest-retargeted' });
      await relays.revoke(caller, link.relay);
      await expect(submit([mine])).rejects.toMatchObject({ code: 'conflict' });
      expect((await actions.list(scope, { limit: 10 })).items).toEqual([]);
    });

    test('what was sent and never answered for is due again on the next link; pages follow the ids', async () => {
      const { add, link, actions, submit } = await open(engine);
      const device = await add(link.relay, 'a');
      const ids = [];
      for (let i = 0; i < 3; i += 1) ids.push(await submit([device]));
      ids.sort();
      const idsOf = async (limit: number, after?: ManifestId) =>
        (await actions.due(link.relay, limit, after)).map((one) => one.id);
      expect(await idsOf(2)).toEqual(ids.slice(0, 2));
      expect(await idsOf(2, ids[1])).toEqual(ids.slice(2));
      expect(await idsOf(10)).toEqual(ids);
    });

    test('two consoles that take at once do not both find an action merely queued', async () => {
      const { add, link, actions, submit } = await open(engine);
      const id = await submit([await add(link.relay, 'a')]);
      await Promise.all([actions.due(link.relay, 10), actions.cancel(caller, scope, id)]);
      // Either it was cancelled before it was sent, or the relay is told to stop it: never both forgotten.
      const found = await actions.find(scope, id);
      const isTold = (await actions.cancelled(link.relay)).length === 1;
      expect(found?.state === 'settled').toBe(!isTold);
    });

    test('queued actions expire, sent ones are for the relay to judge', async () => {
      const { add, link, actions, submit, states, settled, clock, verbs } = await open(engine);
      const device = await add(link.relay, 'a');
      const sent = await submit([device]);
      await actions.due(link.relay, 1);
      const late = await submit([device]);
      clock.jump(HOUR);
      expect((await actions.due(link.relay, 10)).map((one) => one.id)).toEqual([sent]);
      expect(await actions.expire(clock.now())).toBe(1);
      expect(await states(late)).toEqual(['expired']);
      expect(await states(sent)).toEqual(['sent']);
      expect(settled).toEqual([late]);
      expect(await verbs()).toContain('action.expire');
      expect(await actions.expire(clock.now())).toBe(0);
    });

    test('cancelling: a queued action goes nowhere, a sent one is stopped at its relay', async () => {
      const { add, link, actions, submit, states, cancels, settled, apply } = await open(engine);
      const device = await add(link.relay, 'a');
      const queued = await submit([device]);
      await actions.cancel(caller, scope, queued);
      expect(await states(queued)).toEqual(['cancelled']);
      expect([cancels, settled]).toEqual([[], [queued]]);
      expect(await actions.due(link.relay, 10)).toEqual([]);
      const sent = await submit([device]);
      await actions.due(link.relay, 10);
      await actions.cancel(caller, scope, sent);
      await actions.cancel(caller, scope, sent);
      expect(cancels).toEqual([sent]);
      expect(await actions.cancelled(link.relay)).toEqual([sent]);
      await apply([outcome(sent, device, 'cancelled')]);
      expect(await actions.cancelled(link.relay)).toEqual([]);
      const nobody = ManifestId.parse(newId(1));
      await expect(actions.cancel(caller, scope, nobody)).rejects.toMatchObject({ code: 'not-found' });
    });

    test('what a revoked relay owes ends: never sent is cancelled, sent is unknown', async () => {
      const { add, link, actions, submit, states } = await open(engine);
      const device = await add(link.relay, 'a');
      const sent = await submit([device]);
      await actions.due(link.relay, 1);
      const queued = await submit([device]);
      await actions.abandon(link.relay);
      expect(await states(sent)).toEqual(['unknown']);
      expect(await states(queued)).toEqual(['cancelled']);
      expect((await actions.list(scope, { limit: 10 })).items.every((action) => action.state === 'settled')).toBe(true);
    });

    test('the list goes from the newest to the oldest with the devices per state', async () => {
      const { add, link, actions, submit, clock } = await open(engine);
      const device = await add(link.relay, 'a');
      const ids: ManifestId[] = [];
      for (let i = 0; i < 3; i += 1) {
        ids.unshift(await submit([device]));
        clock.jump(1);
      }
      const first = await actions.list(scope, { limit: 2 });
      const second = await actions.list(scope, { limit: 2, cursor: first.nextCursor ?? '' });
      expect([...first.items, ...second.items].map((action) => action.id)).toEqual(ids);
      expect(first.items[0]?.counts).toEqual({ queued: 1 });
      expect(second.nextCursor).toBeNull();
    });
  });
}

function defineOutcomeTests(engine: TestEngine): void {
  describe(`outcomes on ${engine.name}`, () => {
    test('a final state is never taken back, and a repeated record changes nothing', async () => {
      const { add, link, submit, apply, states } = await open(engine);
      const device = await add(link.relay, 'a');
      const id = await submit([device]);
      await apply([outcome(id, device, 'succeeded', { exitCode: 0 })]);
      for (const state of ['accepted', 'started', 'failed', 'unknown', 'succeeded'] as const)
        await apply([outcome(id, device, state, { exitCode: 9 })]);
      expect(await states(id)).toEqual(['succeeded']);
    });

    test('started after accepted after started stays started', async () => {
      const { add, link, submit, apply, states } = await open(engine);
      const device = await add(link.relay, 'a');
      const id = await submit([device]);
      await apply([outcome(id, device, 'accepted'), outcome(id, device, 'started'), outcome(id, device, 'accepted')]);
      expect(await states(id)).toEqual(['started']);
    });

    test('a device that is away waits, with what each try said, and the newest of them are kept', async () => {
      const { add, link, submit, apply, actions, settled } = await open(engine);
      const device = await add(link.relay, 'a');
      const id = await submit([device]);
      const tried = (n: number) =>
        outcome(id, device, 'waiting', {
          ...{ at: n, reason: 'unreachable', detail: `try ${n}`, attempt: { n, class: 'device', nextAt: n + 300 } },
        });
      await apply([outcome(id, device, 'accepted'), tried(1), tried(2)]);
      expect(await actions.find(scope, id)).toMatchObject({ state: 'sent', counts: { waiting: 1 } });
      for (let n = 2; n <= 25; n += 1) await apply([tried(n)]);
      const denied = { reason: 'denied', attempt: { n: 26, class: 'configuration' } } as const;
      await apply([outcome(id, device, 'failed', denied), tried(27)]);
      const [one] = (await actions.find(scope, id))?.outcomes ?? [];
      expect(one).toMatchObject({ state: 'failed', reason: 'denied' });
      expect(one?.attempts.map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, i) => i + 7));
      expect(one?.attempts[0]).toEqual({
        ...{ n: 7, at: 7, class: 'device', reason: 'unreachable', detail: 'try 7', nextAt: 307 },
      });
      expect(one?.attempts.at(-1)).toMatchObject({ n: 26, class: 'configuration', nextAt: null });
      expect(settled).toEqual([id]);
    });

    test('a relay answers only for actions it was given and devices they name', async () => {
      const { add, link, submit, apply, states, addRelay } = await open(engine);
      const device = await add(link.relay, 'a');
      const id = await submit([device]);
      await apply([outcome(id, device, 'succeeded')], await addRelay());
      await apply([outcome(id, DeviceId.parse(newId(1)), 'succeeded')]);
      await apply([outcome(ManifestId.parse(newId(2)), device, 'succeeded')]);
      expect(await states(id)).toEqual(['queued']);
    });

    test('500 devices are one settled action and one audit row; refusals of one reason are one row', async () => {
      const { devices, link, submit, apply, actions, store, settled } = await open(engine);
      const ids = await devices.createMany(
        caller,
        Array.from({ length: 500 }, (_, i) => wish(link.relay, `d${i}`)),
      );
      const id = await submit(ids);
      await apply(ids.slice(0, 400).map((device) => outcome(id, device, 'succeeded')));
      const refused = { reason: 'cap-exceeded' as const, detail: 'too many' };
      await apply(ids.slice(400).map((device) => outcome(id, device, 'refused', refused)));
      expect(settled).toEqual([id]);
      expect((await actions.list(scope, { limit: 1 })).items[0]?.counts).toEqual({ succeeded: 400, refused: 100 });
      const rows = await store.db
        .selectFrom('audit_log')
        .select(['verb', 'outcome', 'detail'])
        .where('verb', 'in', ['action.refuse', 'action.settle'])
        .orderBy('seq')
        .execute();
      expect(rows.map((row) => [row.verb, row.outcome, JSON.parse(row.detail)])).toEqual([
        [
          'action.refuse',
          'refused',
          { reason: 'cap-exceeded', devices: 100, device: expect.any(String), detail: 'too many' },
        ],
        ['action.settle', 'failed', { succeeded: 400, refused: 100 }],
      ]);
    });

    test('an answer about many devices holds its share of each output, marked as cut', async () => {
      const { devices, link, submit, apply, actions } = await open(engine);
      const ids = await devices.createMany(
        caller,
        Array.from({ length: 100 }, (_, i) => wish(link.relay, `d${i}`)),
      );
      const id = await submit(ids);
      const [device] = ids;
      if (device === undefined) throw new Error('there are a hundred');
      await apply([outcome(id, device, 'succeeded', { stdout: new Uint8Array(100_000).fill(0x41) })]);
      const shown = (await actions.find(scope, id))?.outcomes.find((one) => one.deviceId === device);
      expect(shown?.stdout).toHaveLength(Math.floor((16 * 1024 * 1024) / 200));
      expect(shown?.isTruncated).toBe(true);
    });

    test('the last two devices that finish in the same moment settle their action', async () => {
      const { add, link, submit, store, actions, settled } = await open(engine);
      const [a, b] = [await add(link.relay, 'a'), await add(link.relay, 'b')];
      const id = await submit([a, b]);
      await actions.due(link.relay, 1);
      const finish = async (device: DeviceId, onDone: () => void) =>
        await store.transaction(async (tx) => {
          await actions.applyOutcomes(tx, link, [outcome(id, device, 'succeeded')]);
          onDone();
          await lingerInside(tx);
        });
      let second: Promise<void> | undefined;
      const begun = new Promise<void>((resolve) => {
        second = finish(a, resolve);
      });
      await begun;
      await Promise.all([second, finish(b, () => undefined)]);
      expect(settled).toEqual([id]);
    });

    test('batches of one action that come over two links at once settle it once', async () => {
      const { devices, link, submit, apply, settled, actions } = await open(engine);
      const ids = await devices.createMany(
        caller,
        Array.from({ length: 40 }, (_, i) => wish(link.relay, `d${i}`)),
      );
      const id = await submit(ids);
      await Promise.all([
        ...ids.map((device) => apply([outcome(id, device, 'succeeded')])),
        ...ids.map((device) => apply([outcome(id, device, 'started')])),
      ]);
      expect(settled).toEqual([id]);
      expect((await actions.find(scope, id))?.counts).toEqual({ succeeded: 40 });
    });
  });
}

export function defineActionsTests(engine: TestEngine): void {
  defineSignatureTests(engine);
  defineQueueTests(engine);
  defineOutcomeTests(engine);
}
