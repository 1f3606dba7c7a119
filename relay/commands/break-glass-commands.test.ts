// Proves how long a person at the terminal waits: short for a relay that is not there, and for one that works until it has answered.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answer, glassFolder, openGlassFolder } from '#relay/execute/glass-drop.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { ask } from './break-glass-commands.ts';

const NOW = 1_800_000_000_000;
const run = { kind: 'run' as const, at: NOW, by: 'ada', devices: ['srv'], command: 'uptime', timeoutMs: 60_000 };

function asked() {
  const data = tempFolder(onTestFinished);
  openGlassFolder(data);
  const clock = new FakeClock(NOW);
  const said = ask(data, run, clock);
  said.catch(() => undefined); // looked at below
  const [file = ''] = readdirSync(glassFolder(data));
  const id = /^request-(.*)\.json$/.exec(file)?.[1] ?? '';
  const take = () => rmSync(path.join(glassFolder(data), file));
  return { data, clock, said, id, take };
}

test('a relay that takes nothing is not waited for, and what was asked is taken back', async () => {
  const { data, clock, said } = asked();
  await clock.advance(16_000);
  await expect(said).rejects.toMatchObject({ code: 'timed-out' });
  expect(readdirSync(glassFolder(data))).toEqual([]);
});

test('a relay that works through its waves is waited for until it answers', async () => {
  const { data, clock, said, id, take } = asked();
  await clock.advance(1_000);
  take();
  // Ten devices one after the other, a minute each.
  for (let minute = 0; minute < 10; minute += 1) await clock.advance(60_000);
  answer(data, id, { ok: true, text: 'srv: succeeded, exit 0' });
  await clock.advance(1_000);
  expect(await said).toMatchObject({ ok: true });
});
