// How an action becomes a script of one system, and how what the script says becomes an outcome in words.
import { quoteForPowerShell } from '#relay/transport/powershell-text.ts';
import { quoteForShell } from '#relay/transport/script-wrap.ts';
import type { FailureReason } from '#shared/base/outcome.ts';
import type { ArgumentsOf, CatalogueName } from '#shared/model/actions/catalogue-actions.ts';
import { saidIn } from '#shared/model/actions/undo.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';

/** The whole text for `/bin/sh` or PowerShell. */
export type ScriptOf<Name extends CatalogueName> = (values: ArgumentsOf<Name>) => string;
export type Scripts = { readonly [Name in CatalogueName]?: ScriptOf<Name> };

type Value = string | number;

/**
 * Values stand before a script as quoted words, each given to a variable whose name is ours; no script has a hole in its middle.
 */
export const posixScript = (values: Readonly<Record<string, Value>>, script: string): string =>
  `${Object.entries(values)
    .map(([name, value]) => `${name}=${quoteForShell(String(value))}\n`)
    .join('')}${script}`;

export const powershellScript = (values: Readonly<Record<string, Value>>, script: string): string =>
  `${Object.entries(values)
    .map(([name, value]) => `$${name}=${quoteForPowerShell(String(value))}\n`)
    .join('')}${script}`;

/** Ends of our scripts that are their own words; a program's own codes are far below. */
export const END = { absent: 100, denied: 101, unsupported: 102, undone: 103, failed: 104 } as const;

const ENDS: Readonly<Record<number, { reason?: FailureReason; detail: string }>> = {
  [END.absent]: { detail: 'there is no such thing on this device' },
  [END.denied]: {
    reason: 'denied',
    detail: 'the login may not do this: it needs root, sudo for it without a password, or to be an administrator',
  },
  [END.unsupported]: { reason: 'unsupported', detail: 'nothing on this device can do it' },
  [END.undone]: { detail: 'it was done, and did not hold' },
  [END.failed]: { detail: 'it could not be done' },
};

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? new Uint8Array()).toString('latin1');

/** The outcome in words: what the device said of it, or what went wrong. */
export function readEnd(outcome: OutcomeRecord): OutcomeRecord {
  const said = saidIn(textOf(outcome.stdout));
  if (outcome.state === 'succeeded') return said === undefined ? outcome : { ...outcome, detail: said };
  const end = outcome.exitCode === undefined ? undefined : ENDS[outcome.exitCode];
  if (end === undefined) return outcome;
  const detail = said === undefined ? end.detail : `${end.detail}: ${said}`;
  return { ...outcome, detail, ...(end.reason === undefined ? {} : { reason: end.reason }) };
}
