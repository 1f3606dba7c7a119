// Under which licences the packages stand that we hand on: a page made of the lockfile, and what is not allowed on it.
import { closure, type Installed, type Project, runtimePackages } from './lockfile.ts';

/** Each lets us hand the package on in a product of any licence, when its name and its text go along. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1', // fonts
  'Unlicense',
]);

/** What package.json of theirs says in a form that npm does not copy into the lockfile. */
const SAID_OTHERWISE: Readonly<Record<string, string>> = {
  ssh2: 'MIT', // "licenses": [{"type": "MIT"}]
};

/** The parts of a build that go to browsers: development packages to npm, handed on by us all the same. */
export const IN_PAGES = [
  '@base-ui/react',
  '@fontsource-variable/inter',
  '@tanstack/react-query',
  '@tanstack/react-router',
  '@tanstack/react-virtual',
  '@xterm/addon-fit',
  '@xterm/xterm',
  'react',
  'react-dom',
  'uplot',
] as const;

export const licenceOf = ({ name, entry }: Installed): string => entry.license ?? SAID_OTHERWISE[name] ?? 'not said';

/** SPDX: one of an OR is enough, of an AND each one counts. */
export function isAllowed(expression: string): boolean {
  const bare = expression.replaceAll(/[()]/g, '');
  return bare.split(' OR ').some((way) => way.split(' AND ').every((licence) => ALLOWED.has(licence.trim())));
}

const pagePackages = ({ lock }: Project): Installed[] =>
  [...closure(lock, IN_PAGES).all.values()].sort((a, b) => (a.place < b.place ? -1 : 1));

export const licenceFaults = (project: Project): string[] =>
  [...runtimePackages(project), ...pagePackages(project)]
    .filter((installed) => !isAllowed(licenceOf(installed)))
    .map((installed) => `${installed.name}: licence ${licenceOf(installed)} is not one that we hand on`);

function table(packages: readonly Installed[]): string {
  const rows = packages.map((installed) => {
    const { name, entry } = installed;
    const own = entry.name === undefined || entry.name === name ? name : `${entry.name} (in the place of ${name})`;
    return `| ${own} | ${entry.version} | ${licenceOf(installed)} |`;
  });
  return ['| package | version | licence |', '| --- | --- | --- |', ...rows].join('\n');
}

/** docs/licences.md. */
export function licencePage(project: Project): string {
  const [runtime, pages] = [runtimePackages(project), pagePackages(project)];
  return `# Licences

Written by \`npm run release -- licences\` from the lockfile. The project itself: MIT. Each package's own text lies in its folder below \`node_modules\`.

## Installed with the product: ${runtime.length}

${table(runtime)}

## Bundled into the pages: ${pages.length}

${table(pages)}
`;
}
