// Removing what holds other things: first it says what would go, then it wants the number of devices typed.
import type { Command } from 'commander';
import type { Removal } from '#shared/contract/site-contract.ts';
import { wholeNumber } from './verb.ts';

/** No estate has more devices. */
const MAX_DEVICES = 1_000_000;

export const confirmRemoval = (command: Command): Command =>
  command.option('--yes <devices>', 'do it: the number of devices that go with it', wholeNumber(0, MAX_DEVICES));

const counted = ({ sites, relays, devices, facts, openActions }: Removal): string =>
  `${sites} sites, ${relays} relays, ${devices} devices, ${facts} facts, ${openActions} open actions`;

export type RemovalAnswer = { wouldRemove: Removal } | { removed: Removal };

export function removalText(value: RemovalAnswer): string {
  if ('removed' in value) return `removed: ${counted(value.removed)}`;
  return `would go: ${counted(value.wouldRemove)}\nsamples and events stay until their time; do it with --yes ${value.wouldRemove.devices}`;
}
