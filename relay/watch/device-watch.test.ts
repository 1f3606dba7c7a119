// A device goes down after two failures, up at the first success, and each change is told once.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import type { FailureReason } from '#shared/base/outcome.ts';
import { type RelayEventRecord, StateRecord } from '#shared/model/record.ts';
import { DeviceWatch } from './device-watch.ts';

const device = DeviceId.parse('01900000-0000-7000-8000-000000000001');

class Watched {
  readonly states: StateRecord[] = [];
  readonly events: RelayEventRecord[] = [];
  readonly watch = new DeviceWatch({
    onState: (record) => this.states.push(StateRecord.parse(record)),
    onEvent: (record) => this.events.push(record),
  });
  #at = 0;

  see(...seen: Array<'ok' | FailureReason | number>): this {
    for (const one of seen) {
      this.#at += 1;
      const told = { device, at: this.#at, durationMs: 1, lagMs: 0 };
      if (one === 'ok') this.watch.observe({ ...told, ok: true, clockSkewMs: undefined });
      else if (typeof one === 'number') this.watch.observe({ ...told, ok: true, clockSkewMs: one });
      else this.watch.observe({ ...told, ok: false, reason: one, detail: 'why'.repeat(1_000) });
    }
    return this;
  }

  get told(): string[] {
    return this.states.map(({ at, status, reason }) => `${at} ${status} ${reason ?? ''}`.trim());
  }
}

test.each<[string, Array<'ok' | FailureReason>, string[]]>([
  ['one success is up, told once', ['ok', 'ok', 'ok'], ['1 up']],
  ['one failure of the line is no news', ['ok', 'timed-out', 'ok', 'lost', 'ok'], ['1 up']],
  [
    'two in a row are down, the first success is up',
    ['ok', 'timed-out', 'lost', 'lost', 'ok'],
    ['1 up', '3 down lost', '5 up'],
  ],
  ['a device never seen goes down too', ['unreachable', 'unreachable'], ['2 down unreachable']],
  ['a wrong credential needs no second opinion', ['ok', 'denied', 'ok'], ['1 up', '2 down denied', '3 up']],
  [
    'another identity is a status of its own',
    ['ok', 'identity-changed', 'identity-changed', 'ok'],
    ['1 up', '2 identity-changed identity-changed', '4 up'],
  ],
  ['a new reason for being down is told', ['ok', 'lost', 'lost', 'denied'], ['1 up', '3 down lost', '4 down denied']],
])('%s', (_what, seen, told) => {
  expect(new Watched().see(...seen).told).toEqual(told);
});

test('a device that left the roster begins anew', () => {
  const watched = new Watched().see('ok');
  watched.watch.forget(device);
  expect(watched.watch.status(device)).toBe('unknown');
  expect(watched.see('ok').told).toEqual(['1 up', '2 up']);
});

test('a clock far off is told once, and once when it is right again', () => {
  const watched = new Watched().see(1_000, 299_000, 600_000, 601_000, 290_000, -200_000, -301_000);
  expect(watched.events.map(({ at, severity, detail }) => `${at} ${severity} ${detail.split(': ')[1]}`)).toEqual([
    "3 warning its clock is 600 s ahead of the relay's",
    "6 info its clock agrees with the relay's again",
    "7 warning its clock is 301 s behind the relay's",
  ]);
});

test('a state that could not be written is told with the next outcome', () => {
  const told: string[] = [];
  let isFull = true;
  const watch = new DeviceWatch({
    onState: ({ status }) => {
      if (isFull) throw new Error('full');
      told.push(status);
    },
    onEvent: () => undefined,
  });
  const see = () => watch.observe({ device, at: 1, durationMs: 1, lagMs: 0, ok: true, clockSkewMs: undefined });
  expect(see).toThrow('full');
  isFull = false;
  see();
  see();
  expect(told).toEqual(['up']);
});
