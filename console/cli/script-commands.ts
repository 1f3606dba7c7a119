// `rmm script`: the library of scripts, written, reviewed and compared from the command line, and run like any other order.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { newId, ScriptId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { ScriptHead, ScriptSource, ShownVersion, Synced } from '#shared/contract/script-contract.ts';
import { diffLines, shortDiff } from '#shared/model/line-diff.ts';
import { SCRIPT_SHELLS } from '#shared/model/script-facts.ts';
import { draftScript, isSameScript, scriptName, specOf } from '#shared/seal/script-draft.ts';
import { readScript, scriptHash, scriptText, signScriptText } from '#shared/seal/script-seal.ts';
import type { Api } from './client.ts';
import { assertLookedAt, rememberLook } from './looked-at.ts';
import { oneOf } from './named.ts';
import { age, pairs, table } from './output.ts';
import { type FileOptions, scriptFile } from './script-file.ts';
import { addScriptRun } from './script-run-command.ts';
import { scriptBody } from './script-text.ts';
import { loadSigner } from './signer-key.ts';
import { act, collected, look, wholeNumber } from './verb.ts';

const KEY = ['--key <file>', 'a signing key of your own instead of the one in the data folder'] as const;

export const scriptNamed = async (api: Api, word: string): Promise<ScriptHead> =>
  oneOf('script', (await api.scripts.list()).items, word);

/** As the console keeps it, once its text has the hash that stands beside it. */
export async function versionOf(api: Api, word: string, version?: number) {
  const { id } = await scriptNamed(api, word);
  const { shown, versions } = await api.scripts.show({ id, ...(version === undefined ? {} : { version }) });
  const document = readScript(shown.text);
  if (document.id !== id || document.version !== shown.version || (await scriptHash(shown.text)) !== shown.hash)
    throw new AppError('signature-invalid', `${word}: the console says another version than it shows`);
  return { shown, versions, document };
}

const signedBy = ({ signers }: Pick<ScriptHead, 'signers'>): string =>
  signers
    .map(({ name, key }) => (name === null ? `${key.slice(0, 12)} (no signer any more)` : inert(name)))
    .join(', ') || 'nobody';

const originText = ({ origin, createdBy }: ScriptHead): string => inert(origin === '' ? createdBy : origin);

function addList(script: Command): void {
  look<ScriptHead[]>(script, 'list', {
    summary: 'scripts of the library with their newest versions',
    examples: ['script list'],
    run: async ({ context: { api } }) => (await api.scripts.list()).items,
    text: (items, { now }) =>
      table(
        ['NAME', 'VERSION', 'SHELL', 'SIGNED BY', 'CHANGED', 'FROM'],
        items.map((one) => [
          ...[inert(one.name), String(one.version), one.shell, signedBy(one)],
          ...[age(one.createdAt, now), originText(one)],
        ]),
      ),
  });
}

const versionsText = (versions: readonly ScriptHead[], now: number): string =>
  versions
    .map((one) => `${one.version}  ${age(one.createdAt, now)}  signed by ${signedBy(one)}  ${one.hash.slice(0, 12)}`)
    .join('\n');

const shownText = (shown: ShownVersion): string =>
  `${pairs([
    ['script', `${inert(shown.name)}, version ${shown.version}`],
    ['hash', shown.hash],
    ['signed by', signedBy(shown)],
    ['from', originText(shown)],
  ])}\n\n${scriptBody(readScript(shown.text))}\n`;

const AT = ['--at <version>', 'this version instead of the newest', wholeNumber(1, 9_999)] as const;

function addShow(script: Command): void {
  look<{ shown: ShownVersion; versions: ScriptHead[] }, { at?: number }>(script, 'show <name>', {
    summary: 'a script in full, what it is told, and its versions',
    examples: ['script show backup', 'script show backup --at 2'],
    options: (command) => command.option(...AT),
    run: async ({ context: { api }, args: [name = ''], options }) => versionOf(api, name, options.at),
    text: ({ shown, versions }, { now }) => `${shownText(shown)}\nversions\n${versionsText(versions, now)}\n`,
  });
}

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;

/** Every text and every word beside it: what a review has to see. */
export const diffText = (before: string, after: string): string =>
  shortDiff(diffLines(before, after))
    .map((line) => (line === undefined ? '...' : `${SIGNS[line.kind]} ${line.text}`))
    .join('\n');

interface Diff {
  from: number;
  to: number;
  text: string;
}

function addDiff(script: Command): void {
  look<Diff, { from?: number; at?: number }>(script, 'diff <name>', {
    summary: 'what changed between two versions; the newest and the one before it when none is named',
    examples: ['script diff backup', 'script diff backup --from 2 --at 5'],
    options: (command) => command.option('--from <version>', 'the older one', wholeNumber(1, 9_999)).option(...AT),
    run: async ({ context: { api }, args: [name = ''], options }) => {
      const young = await versionOf(api, name, options.at);
      const to = young.document.version;
      const from = options.from ?? Math.max(1, to - 1);
      const old = await versionOf(api, name, from);
      return { from, to, text: diffText(scriptBody(old.document), scriptBody(young.document)) };
    },
    text: ({ from, to, text }) => `version ${from} to ${to}\n${text === '' ? 'nothing changed' : text}\n`,
  });
}

type Put = Awaited<ReturnType<Api['scripts']['put']>>;

const fileOptions = (command: Command): Command =>
  command
    .option('--name <name>', 'how it is called; the name of the file when none is given')
    .option('--shell <shell>', `${SCRIPT_SHELLS.join(', ')}; by its first line or ending`)
    .option(
      '--spec <file>',
      'JSON with what is said of it: name, description, parameters, vars, timeoutS, hooks, readings',
    )
    .option('--description <text>', 'one sentence of what it does')
    .option(
      '--param <NAME=type>',
      'a parameter, such as KEEP=number or MODE=choice:fast,safe; again for another',
      collected,
    )
    .option('--var <name>', 'a sealed variable of the site that it reads; again for another', collected)
    .option('--reading <label=series>', 'a line "label: 12" is a number of the device; again for another', collected)
    .option('--timeout <seconds>', 'longest run of it and of each hook', wholeNumber(1, 86_400))
    .option('--before <file>', 'runs first; when it fails nothing else does')
    .option('--after <file>', 'runs when the script has ended, well or not')
    .option('--rollback <file>', 'runs when the script failed or took too long')
    .option(...KEY);

/** What the library has under this name; undefined for a new one. */
async function formerOf(api: Api, name: string) {
  const { items } = await api.scripts.list();
  return items.some((one) => one.name === name) ? (await versionOf(api, name)).document : undefined;
}

function addAdd(script: Command): void {
  act<Put & { name: string }, FileOptions & { key?: string }>(script, 'add <file>', {
    summary: 'sign a script and put it into the library; under a name that is there it is the next version of that',
    examples: [
      'script add backup.sh --param KEEP=number --var BACKUP_PASS --timeout 3600',
      'script add backup.sh --rollback undo.sh',
      'script add patch.ps1 --spec patch.script.json',
    ],
    options: fileOptions,
    run: async ({ context: { api, data, clock }, args: [file = ''], options }) => {
      const blank = scriptFile(file, options, {});
      const name = blank.spec.name ?? scriptName(blank.file);
      const former = await formerOf(api, name);
      const asked = former === undefined ? blank : scriptFile(file, options, specOf(former));
      const id = former?.id ?? ScriptId.parse(newId(clock.now()));
      const draft = draftScript(asked, { id, version: (former?.version ?? 0) + 1 });
      if (former !== undefined && isSameScript(draft, former))
        throw new AppError('conflict', `${name}: version ${former.version} is the same already`);
      const text = scriptText(draft);
      const signature = await signScriptText(text, await loadSigner(data, options.key));
      return { name, ...(await api.scripts.put({ text, signatures: [signature] })) };
    },
    text: ({ name, version, hash }) => `added ${name}, version ${version}, hash ${hash}\n`,
  });
}

interface Reviewed {
  text: string;
  isSigned: boolean;
}

function addReview(script: Command): void {
  act<Reviewed, { yes?: boolean; key?: string }>(script, 'review <name>', {
    summary: 'look at the newest version of a script and what changed since the one before, and sign it with --yes',
    examples: ['script review backup', 'script review backup --yes'],
    options: (command) => command.option('--yes', 'sign it; without this it is only shown').option(...KEY),
    run: async ({ context: { api, data }, args: [name = ''], options }) => {
      const { shown, document } = await versionOf(api, name);
      const place = `script:${document.id}`;
      if (options.yes !== true) {
        await rememberLook(data, place, shown.text);
        const old = document.version === 1 ? undefined : await versionOf(api, name, document.version - 1);
        const diff = old === undefined ? '' : diffText(scriptBody(old.document), scriptBody(document));
        const changed = diff === '' ? '' : `\nsince version ${document.version - 1}\n${diff}\n`;
        return { text: `${shownText(shown)}${changed}`, isSigned: false };
      }
      await assertLookedAt(data, place, shown.text);
      const signature = await signScriptText(shown.text, await loadSigner(data, options.key));
      await api.scripts.put({ text: shown.text, signatures: [signature] });
      return { text: `${inert(document.name)}, version ${document.version}, hash ${shown.hash}`, isSigned: true };
    },
    text: ({ text, isSigned }) => (isSigned ? `signed: ${text}\n` : `${text}\nif this may run, say --yes\n`),
  });
}

function addSources(script: Command): void {
  look<ScriptSource[]>(script, 'sources', {
    summary: "repositories of scripts that the console's configuration names",
    examples: ['script sources'],
    run: async ({ context: { api } }) => (await api.scripts.sources()).items,
    text: (items) =>
      table(
        ['NAME', 'URL', 'BRANCH', 'FOLDER'],
        items.map(({ name, url, branch, folder }) => [name, inert(url), branch, folder === '' ? '-' : folder]),
      ),
  });
}

function addSync(script: Command): void {
  act<Synced>(script, 'sync <source>', {
    summary: 'take what is new in a repository into the library; each version waits for its review',
    examples: ['script sync ops'],
    run: async ({ context: { api }, args: [name = ''] }) => api.scripts.sync({ name }),
    text: ({ source, commit, scripts }) =>
      `${source} at ${inert(commit.slice(0, 12))}\n${table(
        ['NAME', 'STATE', 'WHY'],
        scripts.map(({ name, state, why }) => [inert(name), state, inert(why ?? '-')]),
      )}`,
  });
}

function addRemove(script: Command): void {
  act<{ removed: true }>(script, 'remove <name>', {
    summary: 'take a script out of the library; orders that wait with it are not fired any more',
    examples: ['script remove backup'],
    run: async ({ context: { api }, args: [name = ''] }) =>
      api.scripts.remove({ id: (await scriptNamed(api, name)).id }),
    text: () => 'removed\n',
  });
}

export function addScriptCommands(program: Command): void {
  const script = program.command('script').description('the library of scripts: versions, reviews, and running them');
  addList(script);
  addShow(script);
  addDiff(script);
  addAdd(script);
  addReview(script);
  addScriptRun(script, versionOf);
  addSources(script);
  addSync(script);
  addRemove(script);
}
