// Says in plain words what a key is about to sign, from the manifests themselves and nothing the console says of them.
import { inert, inertLines } from '#shared/base/inert-text.ts';
import { type Tier, tierOf } from '#shared/model/action-tier.ts';
import { actionPreview } from '#shared/model/actions/words.ts';
import type { TierRule } from '#shared/model/charter.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { Action, Manifest, ManifestTarget, ScriptAction } from '#shared/model/manifest.ts';
import type { SessionArguments } from '#shared/model/session.ts';
import { rolloutOf, waveEnds } from '#shared/seal/rollout.ts';
import { readScript } from '#shared/seal/script-seal.ts';
import { pairs } from './output.ts';
import { scriptBody } from './script-text.ts';

export const TIER_WORDS: Readonly<Record<Tier, string>> = {
  t1: 't1, can be undone',
  t2: 't2, reviewed before or a way in',
  t3: 't3, ad hoc',
};

/** Devices named one by one; of more the rest is counted, and `--json` has them all. */
export const MAX_NAMED = 50;

export interface OrderText {
  manifests: readonly Manifest[];
  rule: TierRule;
  /** The console's word for a device; its identity stands beside it, because that is what relays go by. */
  nameOf: (target: ManifestTarget) => string;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

export function orderText({ manifests, rule, nameOf }: OrderText): string {
  const [first] = manifests;
  if (first === undefined) return 'nothing';
  const targets = manifests.flatMap((manifest) => manifest.targets);
  const sites = new Set(manifests.map(({ site }) => site)).size;
  const where = [counted(targets.length, 'device'), counted(manifests.length, 'relay'), counted(sites, 'site')].join(
    ', ',
  );
  const named = targets.slice(0, MAX_NAMED).map((target) => `${inert(nameOf(target))}  ${proofOf(target.identity)}`);
  const rest = targets.length > MAX_NAMED ? [`and ${targets.length - MAX_NAMED} more`] : [];
  return pairs([
    ['what', whatText(first.action)],
    ['where', [where, ...named, ...rest].join('\n')],
    ['tier', TIER_WORDS[tierOf(first.action)]],
    ['must sign', peopleText(rule)],
    ['one by one', rolloutText(rule, manifests)],
    ['can be stopped', rule.stopMs > 0 ? `for ${rule.stopMs / 1_000} s before it starts` : 'while it runs'],
    ['valid until', new Date(Math.min(...manifests.map(({ exp }) => exp))).toISOString()],
    ['reason', first.reason],
  ]);
}

export function whatText(action: Action): string {
  switch (action.name) {
    case 'command.run':
      return `run with /bin/sh, as the user of the relay's credential${givenText(action.arguments.vars)}:\n${inertLines(action.arguments.command)}`;
    case 'identity.accept':
      return 'pin the identities below: the machines that show them are these devices from now on';
    case 'session.open':
      return sessionText(action.arguments);
    case 'script.run':
    case 'script.try':
      return scriptWords(action);
    default:
      return `${actionPreview(action, 'en')}\nas the user of the relay's credential or with its sudo`;
  }
}

/** The whole of it, from the order itself: whoever signs it answers for what stands there. */
function scriptWords(action: ScriptAction): string {
  const { script, values, hash } = action.arguments;
  const version = readScript(script);
  const review = action.name === 'script.run' ? 'reviewed by those who signed it' : 'NOT reviewed';
  const told = Object.entries(values).map(([name, value]) => `${name} = ${inert(value)}`);
  return [
    `run the script ${inert(version.name)}, version ${version.version}, ${review}${givenText(version.vars)}`,
    `hash ${hash}`,
    ...told,
    scriptBody(version),
  ].join('\n');
}

function sessionText(args: SessionArguments): string {
  const within = `ends after ${args.idleMs / 1_000} s without a byte, and after ${args.maxBytes} bytes`;
  switch (args.kind) {
    case 'terminal':
      return `open a terminal for this key, as the user of the relay's credential; ${within}`;
    case 'files':
      return `open the device's files for this key, as the user of the relay's credential; ${within}`;
    case 'tunnel':
      return `open a tunnel for this key to port ${args.port} of ${inert(args.host ?? 'the device')}; ${within}`;
  }
}

const givenText = (vars: readonly string[] = []) =>
  vars.length === 0 ? '' : `, with ${vars.length === 1 ? 'the variable' : 'the variables'} ${vars.join(', ')}`;

function rolloutText(rule: TierRule, manifests: readonly Manifest[]): string {
  const { canary, haltPercent } = rolloutOf(manifests[0] ?? {}, rule);
  const largest = Math.max(...manifests.map(({ targets }) => targets.length));
  const bound = haltPercent === 100 ? '' : `; stops by itself when more than ${haltPercent} % fail`;
  const [first = largest, ...ends] = canary === 0 ? [] : waveEnds(largest, canary);
  if (canary === 0 || (ends.length === 0 && manifests.length === 1)) return `no, all at once${bound}`;
  const alone = `${first === 1 ? '1 device' : `${first} devices`} alone at each relay`;
  const waves = ends.length === 0 ? '' : `, then on to ${ends.join(', ')}`;
  const relays = manifests.length === 1 ? '' : '; the other relays wait for the first';
  return `${alone}${waves}${bound}${relays}`;
}

export function peopleText({ people, rendered }: TierRule): string {
  const who = people === 1 ? 'one person' : `${people} different people`;
  if (rendered === 0) return who;
  const some = rendered < people ? `${rendered} of them ` : people === 1 ? '' : 'all ';
  return `${who}, ${some}with a key of the command line`;
}

export const proofOf = ({ serial, machineId, smbiosUuid, hostKey, macs }: DeviceIdentity): string =>
  inert([serial, machineId ?? smbiosUuid, hostKey, macs[0]].filter((part) => part !== undefined).join(' '));
