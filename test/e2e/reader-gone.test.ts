// `rmm ... | head`: a reader that has seen enough ends the program, without a word.
import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { ensureBundles } from '#test/chaos/bundles.ts';

test('a reader that goes away ends the program quietly', async () => {
  const { rmm } = await ensureBundles(() => undefined);
  const line = `"${process.execPath}" "${rmm}" do --help | true; echo "ended \${PIPESTATUS[0]}" >&2`;
  const said = await new Promise<string>((resolve) => {
    execFile('bash', ['-c', line], { timeout: 60_000 }, (_error, _out, err) => resolve(err));
  });
  // 143: by SIGTERM, as a shell tells it.
  expect(said).toBe('ended 143\n');
});
