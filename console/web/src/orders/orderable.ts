// What pages order: the actions they have a form for, what is missing in one, and the command that orders the same.
import { rmm } from '#console/web/src/signing/command-text.ts';
import { ServiceName } from '#shared/model/actions/parameter-types.ts';
import type { Action, Manifest } from '#shared/model/manifest.ts';

/** The others are made where they belong, such as a rebuilt machine's on the command line. */
export type Orderable = Extract<Action, { name: 'command.run' | 'service.restart' }>;

type CommandRun = Extract<Orderable, { name: 'command.run' }>;

export const EMPTY: { readonly [Name in Orderable['name']]: Extract<Orderable, { name: Name }> } = {
  'command.run': { name: 'command.run', arguments: { command: '' } },
  'service.restart': { name: 'service.restart', arguments: { service: '' } },
};

export const isOrderable = (action: Action): action is Orderable => Object.hasOwn(EMPTY, action.name);

/** What is missing, as a text of the catalogue; undefined when the action can be ordered. */
export function faultOf(action: Orderable): 'noCommand' | 'noService' | undefined {
  switch (action.name) {
    case 'command.run':
      return action.arguments.command.trim() === '' ? 'noCommand' : undefined;
    case 'service.restart':
      return ServiceName.safeParse(action.arguments.service).success ? undefined : 'noService';
  }
}

/** Their order says nothing: what is signed is the same however they were ticked. */
export const withVariables = ({ arguments: { command } }: CommandRun, names: readonly string[]): CommandRun => ({
  name: 'command.run',
  arguments: names.length === 0 ? { command } : { command, vars: names.toSorted() },
});

export interface Ordered {
  action: Orderable;
  reason: string;
  timeoutMs: number;
  validForMs: number;
  /** More care than the charter asks for; absent: as it says. */
  canary?: number | undefined;
  haltPercent?: number | undefined;
}

/** As a manifest asks for it; undefined when it asks for nothing. */
export function rolloutAsked({ canary, haltPercent }: Pick<Ordered, 'canary' | 'haltPercent'>): Manifest['rollout'] {
  if (canary === undefined && haltPercent === undefined) return undefined;
  return { ...(canary === undefined ? {} : { canary }), ...(haltPercent === undefined ? {} : { haltPercent }) };
}

export const varFlags = ({ arguments: { vars = [] } }: CommandRun) => vars.flatMap((name) => ['--var', name]);

/** The same order by the command line, which reads it by itself. */
export function commandOf(
  { action, reason, timeoutMs, validForMs, canary, haltPercent }: Ordered,
  devices: readonly string[],
): string {
  const shared = [
    ...(reason === '' ? [] : ['--reason', reason]),
    ...['--timeout', String(timeoutMs / 1_000), '--wait', String(validForMs / 1_000)],
    ...(canary === undefined ? [] : ['--canary', String(canary)]),
    ...(haltPercent === undefined ? [] : ['--halt-percent', String(haltPercent)]),
  ];
  switch (action.name) {
    case 'command.run':
      return rmm('run', ...shared, ...varFlags(action), ...devices, '--', action.arguments.command);
    case 'service.restart':
      return rmm('service', 'restart', action.arguments.service, ...shared, '--device', ...devices);
  }
}
