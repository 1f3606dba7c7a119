// Lines of the log reach whoever reads them, also before a crash; whoever does not read holds up nothing for long.
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { lineWriter } from './error-stream.ts';

/** A pipe with room for so many bytes, and for more after each pause. */
function pipe(room: number, morePerPause = 0) {
  let free = room;
  let text = '';
  let pausedMs = 0;
  const stream = {
    write: (bytes: Uint8Array): number => {
      if (free === 0) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
      const taken = bytes.subarray(0, free);
      free -= taken.length;
      text += Buffer.from(taken).toString();
      return taken.length;
    },
    pause: (ms: number): void => {
      pausedMs += ms;
      free += morePerPause;
    },
  };
  const readAll = (): string => {
    const read = text;
    text = '';
    free = room;
    return read;
  };
  return { write: lineWriter(stream, (count) => `lost ${count}\n`), readAll, pausedMs: () => pausedMs };
}

test('a reader that is slow gets every line, whole', () => {
  const { write, readAll } = pipe(5, 3);
  write('one\n');
  write('a longer line\n');
  expect(readAll()).toBe('one\na longer line\n');
});

test('a reader that is stuck holds the program up once, for a second, and not at every line', () => {
  const { write, pausedMs } = pipe(4);
  write('one\n');
  for (let n = 0; n < 100; n += 1) write('more\n');
  expect(pausedMs()).toBeGreaterThanOrEqual(1_000);
  expect(pausedMs()).toBeLessThan(1_100);
});

test('lines that were lost are counted, and the next one begins a line of its own', () => {
  const { write, readAll } = pipe(18);
  write('first\n');
  write('cut in the middle\n');
  write('nobody takes it\n');
  expect(readAll()).toBe('first\ncut in the m');
  write('x\n');
  expect(readAll()).toBe('\nlost 2\nx\n');
  write('y\n');
  expect(readAll()).toBe('y\n');
});

test('a reader that is gone ends nothing', () => {
  const gone = () => {
    throw Object.assign(new Error('nobody'), { code: 'EPIPE' });
  };
  const write = lineWriter({ write: gone, pause: () => expect.unreachable() }, () => '');
  expect(() => write('x\n')).not.toThrow();
});

test('what a program says before it crashes is all read at the other end of a pipe', async () => {
  const logger = JSON.stringify(pathToFileURL(`${import.meta.dirname}/logger.ts`).href);
  const script = `import(${logger}).then(({ createLogger }) => {
    const log = createLogger('relay', 'info');
    for (let n = 0; n < 1000; n += 1) log.info({ n, text: 'x'.repeat(1000) }, 'said');
    process.abort();
  });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  const parts: Buffer[] = [];
  for await (const part of child.stderr) parts.push(part);
  const said =
    Buffer.concat(parts)
      .toString()
      .match(/"msg":"said"/g) ?? [];
  expect(said).toHaveLength(1_000);
});
