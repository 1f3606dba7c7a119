// The web console stays light: the limits stand in test/limits.ts under "web sizes".
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { judge } from '#test/judge.ts';
import { webSizes } from './sizes.ts';

beforeAll(async () => {
  await buildWebIfChanged(PROJECT);
}, 120_000);

test('what a browser loads first, and the heaviest page beyond it, keep their limits', () => {
  const figures = webSizes();
  process.stdout.write(`${JSON.stringify({ name: 'web sizes', figures })}\n`);
  expect(judge('web sizes', figures).broken).toEqual([]);
});

test('the page of components is in no production build', () => {
  const manifest = readFileSync(path.join(PROJECT, 'console/web/dist/.vite/manifest.json'), 'utf8');
  expect(manifest).toContain('device-page.tsx');
  expect(manifest).not.toContain('gallery');
});
