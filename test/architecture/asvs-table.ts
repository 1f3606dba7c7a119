// docs/asvs.csv against what it links to: each requirement of OWASP ASVS 5.0.0 level 1 once, each proof a thing that is there.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** Chapter.section: the numbers of its requirements of level 1. Chapters 16 and 17 have none. */
const LEVEL_ONE: Readonly<Record<string, readonly number[]>> = {
  '1.2': [1, 2, 3, 4, 5],
  '1.3': [1, 2],
  '1.5': [1],
  '2.1': [1],
  '2.2': [1, 2],
  '2.3': [1],
  '3.2': [1, 2],
  '3.3': [1],
  '3.4': [1, 2],
  '3.5': [1, 2, 3],
  '4.1': [1],
  '4.4': [1],
  '5.2': [1, 2],
  '5.3': [1, 2],
  '6.1': [1],
  '6.2': [1, 2, 3, 4, 5, 6, 7, 8],
  '6.3': [1, 2],
  '6.4': [1, 2],
  '7.2': [1, 2, 3, 4],
  '7.4': [1, 2],
  '8.1': [1],
  '8.2': [1, 2],
  '8.3': [1],
  '9.1': [1, 2, 3],
  '9.2': [1],
  '10.4': [1, 2, 3, 4, 5],
  '11.3': [1, 2],
  '11.4': [1],
  '12.1': [1],
  '12.2': [1, 2],
  '13.4': [1],
  '14.2': [1],
  '14.3': [1],
  '15.1': [1],
  '15.2': [1],
  '15.3': [1],
};

export const LEVEL_ONE_NUMBERS: readonly string[] = Object.entries(LEVEL_ONE).flatMap(([section, numbers]) =>
  numbers.map((number) => `V${section}.${number}`),
);

const Row = z.strictObject({
  chapter: z.string().min(1),
  requirement: z.string(),
  'what it asks': z.string().min(20),
  status: z.enum(['met', 'not applicable', 'not met']),
  /** Apart by " | ": "file.test.ts#name of the test", "docs/page.md#Heading", "npm run security -- name". */
  proof: z.string(),
  reason: z.string(),
});
export type Row = z.infer<typeof Row>;

export const readTable = (text: string): Row[] => z.array(Row).parse(parse(text, { columns: true }));

/** Shorter is no reason. */
const LEAST_REASON = 20;

const escaped = (text: string): string => text.replaceAll(/[.*+?^$()|[\]\\{}]/g, String.raw`\$&`);

/** Why a proof proves nothing, or undefined. */
export function brokenLink(proof: string, root: string): string | undefined {
  const [, command = '', name = ''] = /^npm run ([\w:]+)(?: -- ([\w-]+))?$/.exec(proof) ?? [];
  if (command !== '') return brokenCommand(command, name, root);
  const [file = '', heading = ''] = proof.split(/#(.*)/s);
  if (heading === '' || !existsSync(path.join(root, file))) return `${proof}: no such file, or nothing in it is named`;
  const text = readFileSync(path.join(root, file), 'utf8');
  if (file.endsWith('.md')) return text.includes(`# ${heading}\n`) ? undefined : `${proof}: no such heading`;
  // The name of a test, from its beginning: a text that the suite hands to `test`, whatever its quotes.
  if (!/(\.test\.tsx?|-suite\.ts)$/.test(file)) return `${proof}: is no test`;
  return new RegExp(`['"\`]${escaped(heading)}`).test(text) ? undefined : `${proof}: no such test`;
}

function brokenCommand(command: string, name: string, root: string): string | undefined {
  const scripts = z
    .looseObject({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))).scripts;
  const script = Object.hasOwn(scripts, command) ? scripts[command] : undefined;
  if (script === undefined) return `npm run ${command}: no such command`;
  if (name === '') return undefined;
  const main = path.join(root, script.replace('tsx ', ''));
  const known = existsSync(main) && new RegExp(`^  '?${escaped(name)}'?:`, 'm').test(readFileSync(main, 'utf8'));
  return known ? undefined : `npm run ${command} -- ${name}: no such command`;
}

export const proofsOf = ({ proof }: Row): string[] => (proof === '' ? [] : proof.split(' | '));

function rowFaults(row: Row, root: string): string[] {
  const proofs = proofsOf(row);
  const faults = proofs.map((proof) => brokenLink(proof, root)).filter((fault) => fault !== undefined);
  if (row.status === 'met' && proofs.length === 0) faults.push('met, and nothing proves it');
  if (row.status !== 'met' && row.reason.length < LEAST_REASON) faults.push(`${row.status}, and no reason says why`);
  if (!row.requirement.startsWith(`V${row.chapter.replace(/\D.*/, '')}.`))
    faults.push(`is not of chapter ${row.chapter}`);
  return faults.map((fault) => `${row.requirement}: ${fault}`);
}

/** Empty when each requirement stands there once, and each row is proven or has its reason. */
export function tableFaults(rows: readonly Row[], root: string): string[] {
  const numbers = rows.map(({ requirement }) => requirement);
  const missing = LEVEL_ONE_NUMBERS.filter((number) => !numbers.includes(number));
  const foreign = numbers.filter((number) => !LEVEL_ONE_NUMBERS.includes(number));
  const twice = numbers.filter((number, at) => numbers.indexOf(number) !== at);
  return [
    ...missing.map((number) => `${number}: has no row`),
    ...foreign.map((number) => `${number}: is no requirement of level 1`),
    ...twice.map((number) => `${number}: stands there twice`),
    ...rows.flatMap((row) => rowFaults(row, root)),
  ];
}
