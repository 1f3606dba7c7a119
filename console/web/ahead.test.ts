// What is asked for beside the entry is what the router will ask for.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { aheadText, PAGES } from './ahead.ts';

const router = readFileSync(path.join(import.meta.dirname, 'src/router.tsx'), 'utf8');

test('every page of the router is named, and nothing else', () => {
  const pages = [...router.matchAll(/import\('\.\/([^']+)'\)/g)].map(([, module]) => module);
  // The components' page exists in development alone, and an address that no page has is rare.
  const isApart = (module = '') => module.startsWith('gallery/') || module === 'shell/lost-page.tsx';
  expect(new Set(Object.values(PAGES))).toEqual(new Set(pages.filter((module) => !isApart(module))));
});

test('every path is one of the router', () => {
  const paths = [...router.matchAll(/path: '([^']+)'/g)].map(([, of]) => of?.replaceAll(/\$\w+/g, '$'));
  const isBeginning = (of: string) => of.endsWith('/') && paths.some((one) => one?.startsWith(`${of}$`));
  expect(Object.keys(PAGES).filter((of) => !(paths.includes(of) || isBeginning(of)))).toEqual([]);
});

test('a page comes with what it imports and its styles, without what the entry has, and with the font', () => {
  const chunk = (fileName: string, rest: object) => ({ type: 'chunk', fileName, imports: [], ...rest });
  const pages = Object.values(PAGES).map((module, place) =>
    chunk(`p${place}.js`, { facadeModuleId: path.join('/src', module), imports: ['first.js', 'shared.js'] }),
  );
  const chunks = [
    chunk('entry.js', { isEntry: true, imports: ['first.js'] }),
    chunk('first.js', {}),
    chunk('shared.js', { imports: ['deep.js'], viteMetadata: { importedCss: new Set(['s.css']) } }),
    chunk('deep.js', {}),
    ...pages,
  ];
  const bundle = Object.fromEntries(chunks.map((one) => [one.fileName, one]));
  const font = 'assets/inter-latin-wght-normal-x.woff2';
  // What of a bundle is looked at stands above.
  const text = aheadText({ ...bundle, [font]: { type: 'asset' } } as never, '/src');
  expect(text.split(';')[1]).toBe(`/fleet p1.js shared.js deep.js s.css ${font}`);
});
