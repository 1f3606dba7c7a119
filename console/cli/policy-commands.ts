// `rmm policy ...`: layers of checks, maintenance windows and local routes; drafted, planned, explained, and signed by policy-sign.ts.
import type { Command } from 'commander';
import { DeviceId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { EffectiveWatch, WatchedSite, WatchPlan } from '#shared/contract/policy-contract.ts';
import { checkText } from '#shared/model/check-text.ts';
import type { WatchPart } from '#shared/model/watch-part.ts';
import type { Api } from './client.ts';
import { customerNamed, deviceNamed, oneOf, siteNamed } from './named.ts';
import { table } from './output.ts';
import { addPolicyDrafts } from './policy-drafts.ts';
import { addPolicySign } from './policy-sign.ts';
import { act, look } from './verb.ts';
import { routeText, windowText } from './watch-text.ts';

export interface WhichOptions {
  site?: string;
  customer?: string;
}

export const whichOptions = (command: Command): Command =>
  command
    .option('--site <site>', 'of this site alone')
    .option('--customer <customer>', 'of the sites of this customer alone');

export async function whichOf(api: Api, { site, customer }: WhichOptions) {
  return {
    ...(site === undefined ? {} : { siteId: (await siteNamed(api, site)).id }),
    ...(customer === undefined ? {} : { customerId: (await customerNamed(api, customer)).id }),
  };
}

export const partNamed = async (api: Api, word: string): Promise<WatchPart> => {
  const { items } = await api.policies.list();
  const named = items
    .filter(({ isRemoved }) => !isRemoved)
    .map((part) => ({ id: part.body.id as string, name: part.body.name, part }));
  return oneOf('layer, window or route', named, word).part;
};

const plainName = (id: string): string => id;

function whatOf(part: WatchPart): string {
  switch (part.kind) {
    case 'layer': {
      const { checks = [], off = [], presence } = part.body.settings;
      const words = [`${checks.length} checks`, `${off.length} off`, ...(presence === undefined ? [] : [presence])];
      return `${part.body.level}, ${words.join(', ')}, at ${part.body.level === 'customer' ? 'its customer' : part.places.length}`;
    }
    case 'window':
      return windowText(part.body, { nameOf: plainName, layerName: plainName });
    case 'route':
      return routeText(part.body, plainName);
  }
}

const partRow = (part: WatchPart): string[] => [
  part.body.id,
  part.kind,
  inert(part.body.name),
  part.customerId === null ? 'all' : part.customerId,
  part.isRemoved ? 'removed with the next signature' : inert(whatOf(part)),
];

const siteRow = ({ siteName, customerName, version, signedAt, isCurrent }: WatchedSite): string[] => [
  inert(siteName),
  inert(customerName),
  version === null ? '-' : String(version),
  signedAt === null ? '-' : new Date(signedAt).toISOString(),
  isCurrent ? 'in force' : 'a draft waits to be signed',
];

function addReads(policy: Command): void {
  look<WatchPart[]>(policy, 'list', {
    summary: 'layers, maintenance windows and local routes as they are drafted',
    examples: ['policy list'],
    run: async ({ context: { api } }) => (await api.policies.list()).items,
    text: (items) => table(['ID', 'KIND', 'NAME', 'CUSTOMER', 'SAYS'], items.map(partRow)),
  });
  look<WatchedSite[]>(policy, 'sites', {
    summary: 'what each site watches by, and where a draft waits',
    examples: ['policy sites'],
    run: async ({ context: { api } }) => (await api.policies.sites()).items,
    text: (items) => table(['SITE', 'CUSTOMER', 'VERSION', 'SIGNED', 'STATE'], items.map(siteRow)),
  });
  look<WatchPlan, WhichOptions>(policy, 'plan', {
    summary: 'what the drafts would change, for how many devices',
    examples: ['policy plan', 'policy plan --site Berlin'],
    options: whichOptions,
    run: async ({ context: { api }, options }) => api.policies.plan(await whichOf(api, options)),
    text: planText,
  });
}

function planText({ sites, devices, changed, changes, left }: WatchPlan): string {
  const head = `${changed} of ${devices} devices at ${sites} sites would be watched otherwise`;
  const rows = changes.map(({ what, name, change, detail, devices: n, examples }) => [
    ...[what, inert(name), change, n === 0 ? '' : String(n), inert(detail)],
    examples.map(inert).join(', '),
  ]);
  const rest = left === 0 ? [] : [`and ${left} more`];
  return [
    head,
    ...(rows.length === 0 ? [] : [table(['WHAT', 'NAME', 'CHANGE', 'DEVICES', 'DETAIL', 'SUCH AS'], rows)]),
    ...rest,
  ].join('\n\n');
}

function explainedText(found: EffectiveWatch): string {
  const { device, version, presence, checks, layers, parent, hasNoParent } = found;
  const by = found.by === 'draft' ? 'the draft' : version === null ? 'what is shipped' : `document ${version}`;
  const on =
    parent === null
      ? hasNoParent
        ? 'nothing, said by hand'
        : 'nothing known'
      : `${inert(parent.name)} (${parent.by})`;
  const rows = checks.map(({ id, check, said }) => {
    const winner = said.find(({ fate }) => fate === 'wins')?.source;
    const who = winner === undefined || winner.level === 'shipped' ? 'shipped' : `${winner.level} layer ${winner.name}`;
    return [id, check === null ? 'turned off' : inert(checkText(check)), inert(who)];
  });
  const head = `${inert(device.name)}, by ${by}: ${presence}; hangs on ${on}; layers: ${layers.map(inert).join(', ') || 'none'}`;
  return `${head}\n\n${table(['CHECK', 'FAILS', 'SAID BY'], rows)}`;
}

function addDeviceVerbs(policy: Command): void {
  look<EffectiveWatch, { draft?: boolean }>(policy, 'explain <device>', {
    summary: 'what a device is watched by, and who said so',
    examples: ['policy explain web-1', 'policy explain web-1 --draft'],
    options: (command) => command.option('--draft', 'as the drafts would have it'),
    run: async ({ context: { api }, args: [word = ''], options: { draft } }) =>
      api.policies.effective({
        id: DeviceId.parse(await deviceNamed(api, word)),
        by: draft === true ? 'draft' : 'active',
      }),
    text: explainedText,
  });
  act<{ device: string; parent: string }>(policy, 'parent <device> <parent>', {
    summary: 'say what a device hangs on: another device, "none", or "learn" to go by its gateway again',
    examples: ['policy parent web-1 switch-3', 'policy parent web-1 none', 'policy parent web-1 learn'],
    run: async ({ context: { api }, args: [device = '', parent = ''] }) => {
      const id = DeviceId.parse(await deviceNamed(api, device));
      const isName = parent !== 'none' && parent !== 'learn';
      const parentId = isName ? DeviceId.parse(await deviceNamed(api, parent)) : null;
      await api.policies.setParent({ id, parentId, isLearnt: parent === 'learn' });
      return { device: id, parent: parentId ?? parent };
    },
    text: ({ parent }) =>
      parent === 'learn' ? 'it is learnt from its gateway' : `it hangs on ${parent === 'none' ? 'nothing' : parent}`,
  });
}

export function addPolicyCommands(program: Command): void {
  const policy = program
    .command('policy')
    .description('how devices are watched: checks, maintenance windows, local routes');
  addReads(policy);
  addDeviceVerbs(policy);
  addPolicyDrafts(policy, partNamed);
  act<{ id: string }>(policy, 'remove <part>', {
    summary: 'leave a layer, window or route out of what is signed next',
    examples: ['policy remove nightly'],
    run: async ({ context: { api }, args: [word = ''] }) => {
      const part = await partNamed(api, word);
      await api.policies.remove({ id: part.body.id });
      return { id: part.body.id };
    },
    text: ({ id }) => `${id} leaves with the next signature: rmm policy sign`,
  });
  addPolicySign(policy, whichOptions, whichOf);
}
