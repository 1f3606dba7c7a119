// `bench -- terminal`: from a key in a real Chromium to a real sshd and back over a line of 20 ms; what a flood takes of memory; how soon who may no more is out.
import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { attachSession, openSession } from '#console/cli/open-session.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { SessionArguments } from '#shared/model/session.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { openTerminal, Screen } from '#test/e2e/terminal-rig.ts';
import { screenText } from '#test/web/page-terminal.ts';
import type { Bench } from './bench.ts';
import { processUse } from './process-meter.ts';
import { median, percentile, rounded } from './statistics.ts';
import { type BenchHouse, benchHouse } from './terminal-house.ts';

/** Each way. */
const DELAY_MS = 10;
/** A fast typist's. */
const KEY_EVERY_MS = 60;

/** From the moment the browser has the key to the one in which its letter stands in the page; one waits for another where they overtake. */
const METER = `
  const rows = document.querySelector('.xterm-rows');
  const shown = () => rows.textContent.split('x').length - 1;
  globalThis.rmmEchoes = [];
  const waiting = [];
  let pressed = shown();
  addEventListener('keydown', ({ key, timeStamp }) => {
    if (key === 'x') waiting.push({ at: timeStamp, place: (pressed += 1) });
  }, true);
  new MutationObserver(() => {
    const stand = shown();
    while (waiting.length > 0 && waiting[0].place <= stand) rmmEchoes.push(performance.now() - waiting.shift().at);
  }).observe(rows, { subtree: true, childList: true, characterData: true });
`;

/** One round: nothing else is on the screen, and `cat` gives back what the terminal echoes anyway. */
async function echoes(page: Page, keys: number): Promise<number[]> {
  await page.evaluate('rmmEchoes.length = 0');
  for (let count = 0; count < keys; count += 1) {
    await page.keyboard.press('x');
    await systemClock.sleep(KEY_EVERY_MS);
  }
  for (let tries = 0; tries < 100; tries += 1) {
    const times = await page.evaluate<number[]>('rmmEchoes');
    if (times.length === keys) return times;
    await systemClock.sleep(50);
  }
  throw new Error('a letter did not come back');
}

async function typed({ page, proxy }: BenchHouse, isQuick: boolean, say: (line: string) => void) {
  await page.keyboard.type('clear; cat\n');
  await systemClock.sleep(1_000);
  await page.evaluate(METER);
  proxy.set({ delayMs: DELAY_MS });
  const keys = isQuick ? 20 : 100;
  const rounds: number[] = [];
  for (let round = 0; round < (isQuick ? 2 : 5); round += 1) {
    rounds.push(percentile(await echoes(page, keys), 0.95));
    say(`round ${round + 1}: p95 ${rounded(rounds.at(-1) ?? Number.NaN)} ms`);
  }
  proxy.set({ delayMs: 0 });
  return { keys: keys * rounds.length, echoP95Ms: rounded(median(rounds)) };
}

/** What console and relay have more at their worst than before the flood: processes of their own, and the client is this one. */
async function flood(house: BenchHouse, megabytes: number) {
  const screen = await Screen.attach(house, await openTerminal(house));
  const used = () => ({ console: processUse(house.pids.console).rssMb, relay: processUse(house.pids.relay).rssMb });
  // First ten megabytes: buffers, heap and compiled code that stay are there, and what is counted is what a flood adds.
  await screen.type('head -c 10000000 /dev/zero | tr "\\0" x; echo wa""rm\n');
  await screen.until(/warm/, 60_000);
  const before = used();
  const most = { ...before };
  const until = screen.bytes + megabytes * 1_000_000;
  await screen.type(`head -c ${megabytes}000000 /dev/zero | tr "\\0" x; echo do""ne\n`);
  while (screen.bytes < until) {
    await systemClock.sleep(20);
    const now = used();
    most.console = Math.max(most.console, now.console);
    most.relay = Math.max(most.relay, now.relay);
  }
  await screen.until(/done/, 60_000);
  await screen.type('exit\n');
  await screen.ended;
  return { console: most.console - before.console, relay: most.relay - before.relay };
}

type WithoutKey = SessionArguments extends infer T ? (T extends unknown ? Omit<T, 'key'> : never) : never;

/** The shell's own process: sshd is on this machine. */
function shellOf(shown: string): string {
  const pid = /pid=(\d+)=/.exec(shown)?.[1];
  if (pid === undefined || !existsSync(`/proc/${pid}`)) throw new Error(`no shell in ${JSON.stringify(shown)}`);
  return pid;
}

/** Somebody's terminal, files and tunnel, and their page, when what they came in by ends: until the last is out and its shell is gone. */
async function revoked(house: BenchHouse): Promise<number> {
  const { context, target, relayKey, page, sshd } = house;
  const { api } = context;
  const bounds = { idleMs: 600_000, maxBytes: 1024 ** 3 };
  const terminal = await Screen.attach(house, await openTerminal(house));
  await terminal.type('echo pid=$$=\n');
  await terminal.until(/pid=\d+=/);
  const wishes: WithoutKey[] = [
    { kind: 'files', ...bounds },
    { kind: 'tunnel', ...bounds, port: sshd.port },
  ];
  const others = [];
  for (const args of wishes) {
    const session = await openSession(context, { target, relayKey, args, timeoutMs: 600_000, reason: 'bench' });
    others.push(await attachSession(context, session, { begin: new Uint8Array(), onMessage: () => undefined }));
  }
  await systemClock.sleep(500);
  const me = await api.session.me();
  const [token] = (await api.tokens.list({})).items.filter(({ isLocal }) => isLocal);
  await page.keyboard.press('Control+c');
  await page.keyboard.type('clear; echo pid=$$=\n');
  await page.getByText(/^pid=\d+=/).waitFor();
  const shells = [shellOf(terminal.text), shellOf(await screenText(page))];
  const began = performance.now();
  await api.session.endAll({ person: me.person });
  await api.tokens.remove({ id: token?.id ?? '' });
  const ends = await Promise.all([terminal.ended, ...others.map(({ ended }) => ended)]);
  if (ends.some((end) => end !== 'revoked')) throw new Error(`ended by ${ends.join(', ')}`);
  while (shells.some((pid) => existsSync(`/proc/${pid}`))) await systemClock.sleep(20);
  return performance.now() - began;
}

export const benchTerminal: Bench = async ({ isQuick, say }) => {
  const started = performance.now();
  const ends = new StopStack({ clock: systemClock, log: silentLogger });
  try {
    const house = await benchHouse(isQuick, (end) => ends.add('part', async () => void (await end())));
    const echo = await typed(house, isQuick, say);
    const floodMb = isQuick ? 20 : 200;
    const grown = await flood(house, floodMb);
    say(`a flood of ${floodMb} MB: console ${grown.console} MB, relay ${grown.relay} MB`);
    const revokedMs = Math.round(await revoked(house));
    const figures = { ...echo, floodMb, consoleGrowthMb: grown.console, relayGrowthMb: grown.relay, revokedMs };
    return { name: 'bench terminal', figures, durationMs: performance.now() - started };
  } finally {
    await ends.stop(5_000);
  }
};
