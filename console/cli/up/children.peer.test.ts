// Proves with real processes that a stop in the middle of a start leaves none behind, and that one that dies early harms nobody.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { Children } from './children.ts';

function programs() {
  const folder = tempFolder(onTestFinished);
  const children = new Children();
  onTestFinished(() => children.stop());
  const options = (name: string, code: string) => {
    const script = path.join(folder, `${name}.mjs`);
    writeFileSync(script, code);
    return { name, script, args: [], logFolder: path.join(folder, 'logs'), clock: systemClock };
  };
  return { children, options };
}

const LIVING = "process.send({ kind: 'ready' }); setInterval(() => undefined, 1000);";

test('a stop reaches a program whose start nobody has finished waiting for, and no other begins after it', async () => {
  const { children, options } = programs();
  const child = children.start(options('slow', 'setInterval(() => undefined, 1000);'));
  const later = options('later', LIVING);
  await children.stop();
  expect(await child.exited()).toBe('SIGTERM');
  expect(() => children.start(later)).toThrow('everything stops');
  await expect(children.run(later)).rejects.toMatchObject({ code: 'unavailable' });
});

test('a program that ends before it read its input fails by name and takes nobody along', async () => {
  const { children, options } = programs();
  const lasting = children.start(options('lasting', LIVING));
  await lasting.ready();
  // More than a pipe holds: the rest cannot be written.
  const run = children.run({ ...options('deaf', "throw new Error('deaf');"), input: 'x'.repeat(4 * 1024 * 1024) });
  await expect(run).rejects.toThrow('deaf ended with 1');
  expect(lasting.pid).toBeGreaterThan(0);
});
