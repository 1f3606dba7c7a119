// A console that is away is told once, then only what is new, over restarts and flapping links; what was told here carries it.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RouteId } from '#shared/base/id.ts';
import type { LocalRoute } from '#shared/model/watch-policy.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import type { Mail } from '#shared/send/mail.ts';
import type { SendOutcome } from '#shared/send/send-outcome.ts';
import { SAMPLE_TIME, sampleDevice } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { WatchKit } from '#test/fixtures/watch-kit.ts';
import { LocalTell } from './local-tell.ts';

const route: LocalRoute = {
  ...{ id: RouteId.parse('0190a000-0000-7000-8012-000000000001'), name: 'on call', atLeast: 'high', afterMs: 60_000 },
  mail: { host: 'mail.lan', port: 25, security: 'none', from: 'relay@site.example', to: ['oncall@site.example'] },
};
const MINUTE = 60_000;

class Cut {
  readonly kit = new WatchKit(onTestFinished, { devices: 9, parents: { 3: 2 } });
  readonly mails: Mail[] = [];
  isAway = false;
  /** Mails that the server does not take. */
  refusals = 0;
  tries = 0;
  readonly #file = path.join(tempFolder(onTestFinished), 'watch-local.json');
  tell = this.#open();

  restart(): void {
    this.tell = this.#open();
  }

  /** Looks every five seconds. */
  async pass(ms: number): Promise<this> {
    for (let at = 0; at < ms; at += 5_000) {
      await this.kit.clock.advance(5_000);
      await this.tell.look();
    }
    return this;
  }

  get subjects(): string[] {
    return this.mails.map(({ subject }) => subject);
  }

  #open(): LocalTell {
    const { kit, mails } = this;
    return new LocalTell({
      ...{
        clock: kit.clock,
        random: () => 0.99,
        log: silentLogger,
        file: this.#file,
        relay: 'fra-1',
        ledger: kit.ledger,
      },
      routes: () => [route],
      isConsoleAway: () => this.isAway,
      nameOf: ({ device }) => `device ${Number(device.slice(-12))}`,
      send: async (_route, mail): Promise<SendOutcome> => {
        this.tries += 1;
        if (this.tries <= this.refusals) return { ok: false, isLasting: false, detail: '451 later' };
        mails.push(mail);
        return { ok: true, detail: 'taken' };
      },
    });
  }
}

test('one mail once the console is away for as long as the route says; what opened before was the console’s to tell', async () => {
  const cut = new Cut();
  cut.kit.dies(1);
  await cut.pass(MINUTE);
  cut.isAway = true;
  await cut.pass(50_000);
  cut.kit.dies(4);
  expect(cut.mails).toEqual([]);
  await cut.pass(60 * MINUTE);
  expect(cut.subjects).toEqual(['[fra-1] the console is away, 2 open here']);
  const [mail] = cut.mails;
  expect(mail?.text).toContain('since 2026-11-22 00:01 UTC');
  expect(mail?.text).toMatch(/critical: device 1: .*known to the console/);
  expect(mail?.text).toMatch(/critical: device 4: .*since 2026-11-22 00:01 UTC\)/);
  const told = cut.kit.findings().filter(({ toldAt }) => toldAt !== undefined);
  expect(told.map(({ device, state }) => [device, state])).toEqual([[sampleDevice(4), 'change']]);
});

test('what opened on a link that was silent already never reached the console, and is ours to tell', async () => {
  const cut = new Cut();
  await cut.pass(2 * MINUTE);
  cut.kit.dies(4);
  await cut.pass(15_000);
  cut.isAway = true;
  await cut.pass(2 * MINUTE);
  expect(cut.mails[0]?.text).not.toContain('known to the console');
  expect(cut.kit.findings().filter(({ toldAt }) => toldAt !== undefined)).toMatchObject([{ device: sampleDevice(4) }]);
});

test('a console that is away is told although nothing is wrong; later only what is new, together, five minutes apart', async () => {
  const cut = new Cut();
  cut.isAway = true;
  await cut.pass(2 * MINUTE);
  expect(cut.subjects).toEqual(['[fra-1] the console is away']);
  cut.kit.dies(4);
  await cut.pass(MINUTE);
  cut.kit.dies(5);
  await cut.pass(10 * MINUTE);
  cut.kit.dies(6);
  await cut.pass(30 * MINUTE);
  expect(cut.subjects.slice(1)).toEqual([
    '[fra-1] 2 more, the console is still away',
    expect.stringContaining('Device does not answer'),
  ]);
  expect(new Set(cut.mails.map(({ id }) => id)).size).toBe(3);
  expect(new Set(cut.mails.map(({ thread }) => thread)).size).toBe(1);
});

test('children of an outage, and what is below the route, are no mail', async () => {
  const cut = new Cut();
  cut.isAway = true;
  await cut.pass(2 * MINUTE);
  cut.kit.answers(2, 3).dies(2).dies(3);
  await cut.pass(20 * MINUTE);
  expect(cut.mails).toHaveLength(2);
  expect(cut.mails[1]?.text).not.toContain('device 3');
});

test('a relay that is restarted in an outage does not tell it again; a link that flaps is one outage', async () => {
  const cut = new Cut();
  cut.isAway = true;
  await cut.pass(2 * MINUTE);
  cut.restart();
  await cut.pass(2 * MINUTE);
  for (let i = 0; i < 10; i += 1) {
    cut.isAway = false;
    await cut.pass(30_000);
    cut.isAway = true;
    await cut.pass(2 * MINUTE);
  }
  expect(cut.mails).toHaveLength(1);
  cut.isAway = false;
  await cut.pass(2 * MINUTE);
  cut.isAway = true;
  await cut.pass(10 * MINUTE);
  expect(cut.mails).toHaveLength(2);
  expect(cut.mails[1]?.thread).not.toBe(cut.mails[0]?.thread);
});

test('a day of new trouble is 24 mails at most', async () => {
  const cut = new Cut();
  cut.isAway = true;
  for (let i = 0; i < 100; i += 1) {
    cut.kit.answers(4).dies(4);
    await cut.pass(6 * MINUTE);
  }
  expect(cut.mails).toHaveLength(24);
});

test('a mail server that refuses is asked again, more seldom each time, and nothing counts as told', async () => {
  const cut = new Cut();
  cut.refusals = 4;
  cut.isAway = true;
  cut.kit.dies(4);
  await cut.pass(3 * MINUTE);
  expect(cut.kit.findings().every(({ toldAt }) => toldAt === undefined)).toBe(true);
  await cut.pass(30 * MINUTE);
  expect(cut.mails).toHaveLength(1);
  expect(cut.tries).toBe(5);
});

test('a link that is up within half a minute of a start is no outage', async () => {
  const cut = new Cut();
  const at = cut.kit.clock.now();
  expect(at).toBe(SAMPLE_TIME);
  cut.isAway = true;
  await cut.pass(25_000);
  cut.isAway = false;
  await cut.pass(10 * MINUTE);
  expect(cut.mails).toEqual([]);
});
