// How a device is, by shape, colour and word: no one of them alone carries it.
import type { ReactNode } from 'react';
import type { DeviceStatus } from '#shared/model/device.ts';
import { t } from './text.ts';

const STATUS_KEYS = {
  up: 'statusUp',
  down: 'statusDown',
  unknown: 'statusUnknown',
  'identity-changed': 'statusChanged',
} as const;

export const statusText = (status: DeviceStatus): string => t(STATUS_KEYS[status]);

export const STATUS_COLOUR: Readonly<Record<DeviceStatus, string>> = {
  up: 'text-up',
  down: 'text-down',
  unknown: 'text-unknown',
  'identity-changed': 'text-changed',
};

const SHAPES: Readonly<Record<DeviceStatus, ReactNode>> = {
  up: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  down: <path d="M6 1 11.5 11h-11z" fill="currentColor" />,
  unknown: (
    <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 1.67" />
  ),
  'identity-changed': <path d="M6 .5 11.5 6 6 11.5.5 6z" fill="none" stroke="currentColor" strokeWidth="1.5" />,
};

export function StatusShape({ status }: { status: DeviceStatus }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className={`size-3 shrink-0 ${STATUS_COLOUR[status]}`}>
      {SHAPES[status]}
    </svg>
  );
}

export function StatusMark({ status, isAway = false }: { status: DeviceStatus; isAway?: boolean }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <StatusShape status={status} />
      <span className={status === 'up' ? 'text-muted' : `font-medium ${STATUS_COLOUR[status]}`}>
        {isAway ? t('statusAway') : statusText(status)}
      </span>
    </span>
  );
}

/** A device that only pretends says so wherever it is shown. */
export function SimulatedMark() {
  return (
    <span className="shrink-0 rounded border border-simulated/50 px-1 text-[11px] leading-4 text-simulated">
      {t('simulated')}
    </span>
  );
}
