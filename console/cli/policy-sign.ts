// `rmm policy sign, show`: shows in plain lines what would be in force, from the text that is to be signed, and signs it with --yes.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { SignedWatch } from '#shared/model/watch-policy.ts';
import { readWatch, signWatchText } from '#shared/seal/watch-seal.ts';
import type { Api } from './client.ts';
import { assertLookedAt, forgetLook, rememberLook } from './looked-at.ts';
import { siteNamed } from './named.ts';
import { table } from './output.ts';
import type { WhichOptions } from './policy-commands.ts';
import { loadSigner } from './signer-key.ts';
import { act, look, wholeNumber } from './verb.ts';
import { type NameOf, watchDifference } from './watch-text.ts';

interface SignOptions extends WhichOptions {
  version?: number;
  key?: string;
  yes?: boolean;
}

interface Signable {
  text: string;
  signatures: SignedWatch['signatures'];
  before: string | null;
  /** What a look is remembered by: drafts get a new number each time, their content stays. */
  key: string;
}

type Which = Parameters<Api['policies']['draft']>[0];

async function signables(api: Api, which: Which, version: number | undefined): Promise<Signable[]> {
  if (version === undefined) {
    const { items } = await api.policies.draft(which);
    return items.map(({ text, before, customerId }) => ({ text, signatures: [], before, key: `policy ${customerId}` }));
  }
  const { items } = await api.policies.waiting();
  const found = items.find((one) => one.version === version);
  if (found === undefined) throw new AppError('not-found', `no document ${version} waits for a signature`);
  const document = readWatch(found.signed);
  if (document.version !== version)
    throw new AppError('signature-invalid', `the console shows another document as number ${version}`);
  const [site] = document.sites;
  const active = site === undefined ? null : (await api.policies.inForce({ id: site })).signed;
  return [{ ...found.signed, before: active?.text ?? null, key: `policy ${version}` }];
}

async function namesOf(api: Api, texts: readonly string[]): Promise<NameOf> {
  const sites = new Map<string, string>((await api.sites.list()).items.map(({ id, name }) => [id, name]));
  const devices = texts.flatMap((text) => {
    const { layers, windows } = readWatch({ text });
    return [...layers.flatMap(({ except }) => except ?? []), ...windows.flatMap((window) => window.devices ?? [])];
  });
  const unique = [...new Set(devices)];
  // One that is gone since stands by its id, and so do all with it: names hinder nobody from looking.
  const { targets } =
    unique.length === 0
      ? { targets: [] }
      : await api.devices.targets({ devices: unique }).catch(() => ({ targets: [] }));
  const names = new Map<string, string>([...sites, ...targets.map(({ id, name }): [string, string] => [id, name])]);
  return (id) => names.get(id) ?? id;
}

/** What a person agrees to: the content without its number and time, which change from one look to the next. */
function contentOf(text: string): string {
  const { version: _version, at: _at, ...content } = readWatch({ text });
  return JSON.stringify(content);
}

interface Outcome {
  version: number;
  state: string;
  lacks: string | null;
  changes: string[][];
}

async function shown({ text, before }: Signable, nameOf: NameOf): Promise<Outcome> {
  const document = readWatch({ text });
  const changes = watchDifference(before === null ? undefined : readWatch({ text: before }), document, nameOf);
  return { version: document.version, state: 'shown', lacks: null, changes };
}

function outcomeText(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return 'what is drafted is in force everywhere';
  return outcomes
    .map(({ version, state, lacks, changes }) => {
      const head = `document ${version}`;
      const lines = changes.length === 0 ? 'nothing that is said differs' : table(['WHAT', 'NOW', 'THEN'], changes);
      const next = {
        shown: 'if this is how these sites should be watched, say --yes',
        active: 'it is in force; linked relays were told',
      }[state];
      return `${head}\n${lines}\n\n${next ?? `signed, and it waits: ${inert(lacks ?? '')}\nrmm policy sign --version ${version}`}`;
    })
    .join('\n\n');
}

export function addPolicySign(
  policy: Command,
  whichOptions: (command: Command) => Command,
  whichOf: (api: Api, options: WhichOptions) => Promise<Which>,
): void {
  act<Outcome[], SignOptions>(policy, 'sign', {
    summary:
      'show what the drafts say, one document a customer, and sign it with --yes; --version adds a signature to one that waits',
    examples: ['policy sign', 'policy sign --customer "Example Ltd" --yes', 'policy sign --version 1795305600 --yes'],
    options: (command) =>
      whichOptions(command)
        .option('--version <number>', 'one that waits for another person', wholeNumber(1, Number.MAX_SAFE_INTEGER))
        .option('--key <file>', 'a signing key of your own instead of the one in the data folder')
        .option('--yes', 'sign it; without this it is only shown'),
    run: async ({ context: { api, data }, options }) => {
      const all = await signables(api, await whichOf(api, options), options.version);
      const nameOf = await namesOf(
        api,
        all.flatMap(({ text, before }) => [text, ...(before === null ? [] : [before])]),
      );
      const outcomes: Outcome[] = [];
      for (const one of all) {
        const outcome = await shown(one, nameOf);
        if (options.yes !== true) await rememberLook(data, one.key, contentOf(one.text));
        outcomes.push(options.yes === true ? { ...outcome, ...(await signed(api, data, one, options.key)) } : outcome);
      }
      return outcomes;
    },
    text: outcomeText,
  });
  look<Outcome | { state: 'none' }>(policy, 'show <site>', {
    summary: 'the signed document that is in force at a site, in plain lines',
    examples: ['policy show Berlin'],
    run: async ({ context: { api }, args: [word = ''] }) => {
      const { signed: active } = await api.policies.inForce({ id: (await siteNamed(api, word)).id });
      if (active === null) return { state: 'none' as const };
      const one = { ...active, before: null, key: '' };
      return { ...(await shown(one, await namesOf(api, [active.text]))), state: 'active' };
    },
    text: (found) =>
      'changes' in found
        ? `document ${found.version}\n${table(
            ['WHAT', 'SAYS'],
            found.changes.map(([what = '', , then = '']) => [what, then]),
          )}`
        : 'nobody has signed anything for this site: its relays go by what is shipped',
  });
}

async function signed(api: Api, data: string, one: Signable, key: string | undefined) {
  await assertLookedAt(data, one.key, contentOf(one.text));
  const signature = await signWatchText(one.text, await loadSigner(data, key));
  const answer = await api.policies.put({ signed: { text: one.text, signatures: [...one.signatures, signature] } });
  forgetLook(data, one.key);
  return answer;
}
