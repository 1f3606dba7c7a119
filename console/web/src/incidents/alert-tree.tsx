// What an incident is made of: its root, and below it the devices that hang on it, each with what is wrong there.
import { Link } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { Button } from '#console/web/src/ui/button.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { aboutText, foundText, isOpen, valueText } from './incident-words.ts';
import type { Alert, IncidentDetail } from './incidents-data.ts';
import { SeverityShape, severityText } from './severity-mark.tsx';
import { t } from './text.ts';
import { type Branch, countBelow, openBelow, treeOf } from './tree.ts';

/** Of a switch with fifty devices one sees first that there are fifty, and then which. */
const FEW = 8;

export function AlertTree({ incident: { children, alerts, unseenDevices } }: { incident: IncidentDetail }) {
  const tops = useMemo(() => treeOf(children), [children]);
  const id = useId();
  return (
    <section className="panel p-3" aria-labelledby={id}>
      <h2 id={id} className="section-title mb-2">
        {t('tree')}
      </h2>
      <Branches branches={tops} />
      {alerts > children.length && (
        <p className="m-0 mt-2 text-muted">{t('moreAlerts', { count: alerts - children.length })}</p>
      )}
      {unseenDevices > 0 && <p className="m-0 mt-2 text-muted">{t('unseen', { count: unseenDevices })}</p>}
    </section>
  );
}

function Branches({ branches }: { branches: readonly Branch[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? branches : branches.slice(0, FEW);
  return (
    <>
      <ul className="alert-tree">
        {shown.map((branch) => (
          <li key={branch.key}>
            <BranchOf branch={branch} />
          </li>
        ))}
      </ul>
      {branches.length > FEW && (
        <Button kind="quiet" isSmall aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? t('fewer') : t('showMore', { count: branches.length - FEW })}
        </Button>
      )}
    </>
  );
}

function BranchOf({ branch }: { branch: Branch }) {
  const { deviceId, name, alerts, below } = branch;
  const count = countBelow(branch);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        {deviceId === null ? (
          <span className="font-medium wrap-anywhere">{name === '' ? t('theConsole') : name}</span>
        ) : (
          <Link to="/devices/$id" params={{ id: deviceId }} className="font-medium wrap-anywhere">
            {name === '' ? t('gone') : name}
          </Link>
        )}
        {alerts.some(({ isRoot }) => isRoot) && <Tag tone="accent" text={t('root')} />}
        {count > 0 && <span className="text-xs text-muted">{t('hanging', { count, open: openBelow(branch) })}</span>}
      </div>
      <ul className="plain-alerts">
        {alerts.map((alert) => (
          <li key={alert.id}>
            <AlertLine alert={alert} />
          </li>
        ))}
      </ul>
      {below.length > 0 && <Branches branches={below} />}
    </>
  );
}

export function AlertLine({ alert }: { alert: Alert }) {
  const { id, severity, detail, value, unit, count, isMuted, flappingSince } = alert;
  const isOver = !isOpen(alert);
  return (
    <div className="alert-line">
      <span className="alert-sign" title={severityText(severity)}>
        <SeverityShape severity={severity} isQuiet={isOver} />
        <span className="sr-only">{severityText(severity)}</span>
      </span>
      <span className="min-w-0 wrap-anywhere">
        <Link to="/alerts/$id" params={{ id }} className={isOver ? 'quiet-link underline' : 'underline'}>
          {aboutText(alert)}
        </Link>{' '}
        <span className="text-muted">
          {value === null ? '' : `${valueText(value, unit)}. `}
          {foundText(detail, alert)}
        </span>{' '}
        {isOver && <Tag tone="up" text={t('over')} />}
        {count > 1 && <Tag text={t('times', { count })} />}
        {flappingSince !== null && !isOver && <Tag icon="refresh" text={t('flapping')} />}
        {isMuted && <Tag text={t('mutedWord')} />}
      </span>
    </div>
  );
}
