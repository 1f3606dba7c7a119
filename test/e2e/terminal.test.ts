// A terminal on a real sshd through console and relay: it types, resizes, comes back after a cut, and dies with the right to it.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { runTerminal } from '#console/cli/terminal-session.ts';
import { SESSION_SUBPROTOCOL, TICKET_PREFIX } from '#shared/contract/session-door.ts';
import { startProxy } from '#test/chaos/proxy.ts';
import { auditRows, outcomesOf } from './composed-site.ts';
import { openTerminal, Screen, type TerminalHouse, terminalHouse } from './terminal-rig.ts';

let house: TerminalHouse;
beforeAll(async () => {
  house = await terminalHouse();
}, 60_000);

/** A machine has room for two: who leaves for good says so. */
async function leave(screen: Screen): Promise<void> {
  await screen.type('exit\n');
  await screen.ended;
}

test('a shell is typed into, resized, left and found again, ended; its outcome names the hash of what was recorded', async () => {
  const session = await openTerminal(house);
  const screen = await Screen.attach(house, session);
  await screen.type('stty size; echo "a"$((40+2))b\n');
  await screen.until(/24 80\s[\s\S]*a42b/);
  await screen.resize({ cols: 132, rows: 50 });
  await screen.type('stty size\n');
  await screen.until(/50 132/);

  await screen.type('left=over; sleep 0.3; echo la""te\n');
  screen.hangUp();
  await screen.ended;
  const back = await Screen.attach(house, session, screen.bytes);
  await back.until(/late/);
  expect(back.from).toBe(screen.bytes);
  await back.type('echo $left; exit 3\n');
  await back.until(/over/);
  expect(await back.ended).toBe('ended');
  expect(back.end).toMatchObject({ exitCode: 3 });

  const [outcome] = await outcomesOf(house.estate, [session.id]);
  expect(outcome).toMatchObject({
    state: 'succeeded',
    exitCode: 3,
    detail: expect.stringContaining('attached 2 times'),
  });
  const file = path.join(house.relay.data, 'recordings', `${session.id}.cast`);
  const recording = readFileSync(file);
  expect(outcome?.detail).toContain(createHash('sha256').update(recording).digest('hex'));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(recording.toString().split('\n')[0] ?? '')).toMatchObject({ version: 2, width: 80, height: 24 });
  await expect
    .poll(async () => (await auditRows(house.estate)).map(({ verb }) => verb), { timeout: 5_000 })
    .toEqual(expect.arrayContaining(['session.open', 'action.attach', 'action.detach', 'session.close']));
}, 60_000);

const addressOf = (url: string) => ({ host: '127.0.0.1', port: Number(new URL(url).port) });

/** This machine's own terminal, as far as a command line asks for one. */
function ownTerminal() {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, modes: [] as boolean[] });
  const setRawMode = (mode: boolean) => stdin.modes.push(mode);
  const stdout = Object.assign(new PassThrough(), { columns: 100, rows: 30 });
  let shown = '';
  stdout.on('data', (bytes: Buffer) => {
    shown += bytes.toString('utf8');
  });
  const terminal = { stdin: Object.assign(stdin, { setRawMode }), stdout, stderr: { write: () => true } };
  return { terminal, shown: () => shown };
}

test('rmm ssh is a raw terminal, comes back by itself after a cut of the link, and leaves the terminal as it was', async () => {
  const proxy = await startProxy({ target: addressOf(house.estate.url), random: () => 0.5 });
  onTestFinished(() => proxy.stop());
  const { terminal, shown } = ownTerminal();
  const console = { ...house.context.console, url: `http://localhost:${proxy.port}` };
  const context = { ...house.context, console };
  const end = runTerminal(context, await openTerminal(house), terminal);
  terminal.stdin.write('stty size; echo he""re\r');
  await expect.poll(shown, { timeout: 10_000 }).toMatch(/30 100\s[\s\S]*here/);
  proxy.cut();
  await expect
    .poll(
      () => {
        terminal.stdin.write('echo a""live\r');
        return shown();
      },
      { timeout: 20_000, interval: 500 },
    )
    .toContain('alive');
  terminal.stdin.write('exit 4\r');
  expect(await end).toMatchObject({ exitCode: 4 });
  expect(terminal.stdin.modes).toEqual([true, false]);
}, 60_000);

test('a flood waits for who reads it, and a key stops it', async () => {
  const screen = await Screen.attach(house, await openTerminal(house));
  await screen.type('yes 0123456789012345678901234567890123456789\n');
  await expect.poll(() => screen.bytes, { timeout: 20_000 }).toBeGreaterThan(4_000_000);
  await screen.type('\u0003');
  await screen.type('echo sto""pped\n');
  await screen.until(/stopped/);
  await leave(screen);
}, 60_000);

test('a console that was taken over types into open sessions: not a byte is taken', async () => {
  const { estate } = house;
  const sessions = await Promise.all(Array.from({ length: 2 }, () => openTerminal(house)));
  const screens = await Promise.all(sessions.map((session) => Screen.attach(house, session)));
  for (const screen of screens) {
    await screen.type('echo re""ady\n');
    await screen.until(/ready/);
  }
  const { token } = house.context.console;
  const trophy = path.join(house.sshd.folder, 'trophy');
  for (const { id } of sessions) {
    const answer = await fetch(`${estate.url}/api/actions/${id}/attach`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    const { ticket } = (await answer.json()) as { ticket: string }; // what the contract says
    const url = `${estate.url.replace('http', 'ws')}/api/streams`;
    const thief = new WebSocket(url, [SESSION_SUBPROTOCOL, `${TICKET_PREFIX}${ticket}`]);
    const end = new Promise((resolve) => thief.on('close', (_code, why) => resolve(why.toString())));
    thief.on('message', () => thief.send(Buffer.from(`\u0000touch ${trophy}\n`)));
    expect(await end).toBe('forged');
  }
  for (const screen of screens) {
    await screen.type('echo still mi""ne\n');
    await screen.until(/still mine/);
    expect(screen.text).not.toContain('trophy');
    await leave(screen);
  }
  expect(() => statSync(trophy)).toThrow();
}, 60_000);

test('who may not any more loses the terminal within five seconds', async () => {
  const { estate } = house;
  const session = await openTerminal(house);
  const screen = await Screen.attach(house, session);
  await screen.type('echo he""re\n');
  await screen.until(/here/);
  const [token] = (await estate.api.tokens.list({})).items.filter(({ isLocal }) => isLocal);
  const began = performance.now();
  await estate.api.tokens.remove({ id: token?.id ?? '' });
  expect(await screen.ended).toBe('revoked');
  const ended = () =>
    estate.database.prepare('select state, detail from action_outcome where action_id = ?').get(session.id);
  await expect
    .poll(ended, { timeout: 5_000 })
    .toMatchObject({ state: 'succeeded', detail: expect.stringContaining('ended from outside') });
  expect(performance.now() - began).toBeLessThan(5_000);
  await expect(Screen.attach(house, session)).rejects.toThrow();
}, 60_000);
