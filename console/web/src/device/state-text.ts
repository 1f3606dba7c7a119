// How far an order came on a device, in words.
import type { CommandState } from '#shared/model/record.ts';
import { t } from './text.ts';

const STATES = [
  'queued',
  'sent',
  'accepted',
  'started',
  'succeeded',
  'failed',
  'expired',
  'refused',
  'cancelled',
  'halted',
] as const satisfies ReadonlyArray<CommandState>;

export function stateText(state: string): string {
  const known = STATES.find((one) => one === state);
  return known === undefined ? t('state_unknown') : t(`state_${known}`);
}
