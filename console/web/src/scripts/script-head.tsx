// Who signed a version of a script, and where it comes from.
import { inert } from '#shared/base/inert-text.ts';
import type { ScriptHead } from '#shared/contract/script-contract.ts';
import { t } from './text.ts';

export function signedText({ signers }: Pick<ScriptHead, 'signers'>): string {
  if (signers.length === 0) return t('unsigned');
  return t('signedBy', { names: signers.map(({ name }) => (name === null ? t('gone') : inert(name))).join(', ') });
}

export const originText = ({ origin, createdBy }: Pick<ScriptHead, 'origin' | 'createdBy'>): string =>
  t('from', { origin: inert(origin === '' ? createdBy : origin) });
