// An order in plain words, from its manifests alone: what will run, where, until when, and whose word it needs.
import type { ReactNode } from 'react';
import { language } from '#console/web/src/i18n/language.ts';
import { useSecond } from '#console/web/src/live/now.ts';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { ruleText, tierText } from '#console/web/src/signing/charter-view.tsx';
import { duration, quantityText } from '#console/web/src/text/format.ts';
import { agoText, fullTime } from '#console/web/src/text/time.ts';
import { inert, inertLines } from '#shared/base/inert-text.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import { actionPreview } from '#shared/model/actions/words.ts';
import type { TierRule } from '#shared/model/charter.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { Action, Manifest, ManifestTarget } from '#shared/model/manifest.ts';
import type { SessionArguments } from '#shared/model/session.ts';
import { signBefore } from '#shared/seal/order-draft.ts';
import { rolloutOf } from '#shared/seal/rollout.ts';
import type { Names } from './orders-data.ts';
import { ScriptWords, scriptLine } from './script-words.tsx';
import { t } from './text.ts';

interface OrderViewProps {
  manifests: readonly Manifest[];
  rule: TierRule;
  names: Names;
  /** Lines of its own, such as who signed it. */
  children?: ReactNode;
}

export function OrderView({ manifests, rule, names, children }: OrderViewProps) {
  const [first] = manifests;
  if (first === undefined) return null;
  const { timeoutMs, outputBytes, concurrency } = first.caps;
  return (
    <dl className="order-facts">
      <Fact name={t('what')}>
        <ActionWords action={first.action} />
      </Fact>
      <Fact name={t('where')}>
        <Where manifests={manifests} names={names} />
      </Fact>
      <Fact name={t('why')}>{first.reason === '' ? t('noReason') : inertLines(first.reason)}</Fact>
      <Fact name={t('danger')}>{tierText(tierOf(first.action))}</Fact>
      <Fact name={t('needs')}>{ruleText(rule)}</Fact>
      {children}
      <Fact name={t('care')}>{careText(manifests, rule)}</Fact>
      <Fact name={t('bounds')}>
        {t('boundsOf', {
          time: duration(timeoutMs),
          output: quantityText(outputBytes, 'bytes'),
          count: concurrency,
        })}
      </Fact>
      <Fact name={t('until')}>
        <Until at={Math.min(...manifests.map(({ exp }) => exp))} signBy={signBefore(manifests, rule)} />
      </Fact>
    </dl>
  );
}

/** How it spreads: a few devices first, or all at once, and when it stops by itself. */
function careText(manifests: readonly Manifest[], rule: TierRule): string {
  const { canary, haltPercent } = rolloutOf(manifests[0] ?? {}, rule);
  const largest = Math.max(...manifests.map(({ targets }) => targets.length));
  const isAtOnce = canary === 0 || (canary >= largest && manifests.length === 1);
  return [
    isAtOnce ? t('atOnce') : t('fewFirst', { count: Math.min(canary, largest) }),
    haltPercent === 100 ? '' : t('halts', { percent: haltPercent }),
    rule.stopMs > 0 ? t('canBeStopped', { time: duration(rule.stopMs) }) : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted md:text-sm">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Until({ at, signBy }: { at: number; signBy: number }) {
  const now = useSecond();
  return (
    <>
      {t('takenUntil', { time: fullTime(at) })}
      <span className={`block ${signBy < now ? 'text-down' : 'text-muted'}`}>
        {signBy < now ? t('tooLate') : t('signBy', { ago: agoText(signBy, now) })}
      </span>
    </>
  );
}

/** Every action has its words; the compiler asks for them. */
export function ActionWords({ action }: { action: Action }) {
  switch (action.name) {
    case 'command.run':
      return (
        <>
          <p className="mt-0 mb-1">{t('runs')}</p>
          <pre className="order-text">{inertLines(action.arguments.command)}</pre>
          {action.arguments.vars !== undefined && (
            <p className="mt-1 mb-0 wrap-anywhere">{t('withVariables', { names: action.arguments.vars.join(', ') })}</p>
          )}
        </>
      );
    case 'identity.accept':
      return <p className="m-0">{t('accepts')}</p>;
    case 'session.open':
      return <p className="m-0">{sessionLine(action.arguments)}</p>;
    case 'script.run':
    case 'script.try':
      return <ScriptWords action={action} />;
    default:
      return <p className="m-0 whitespace-pre-wrap wrap-anywhere">{actionPreview(action, language)}</p>;
  }
}

/** In one line, for a card. */
export function actionLine(action: Action): string {
  switch (action.name) {
    case 'command.run':
      return inert(action.arguments.command.split('\n')[0] ?? '');
    case 'identity.accept':
      return t('accepts');
    case 'session.open':
      return sessionLine(action.arguments);
    case 'script.run':
    case 'script.try':
      return scriptLine(action);
    default:
      return actionPreview(action, language).split('\n')[0] ?? '';
  }
}

function sessionLine(args: SessionArguments): string {
  switch (args.kind) {
    case 'terminal':
      return t('opensTerminal');
    case 'files':
      return t('opensFiles');
    case 'tunnel':
      return t('opensTunnel', { port: args.port, host: inert(args.host ?? t('theDevice')) });
  }
}

/** Devices named one by one; of more the rest is counted. */
const MAX_NAMED = 60;

function Where({ manifests, names }: { manifests: readonly Manifest[]; names: Names }) {
  const sites = useSites().data;
  const ids = [...new Set(manifests.map(({ site }) => site))];
  const all = manifests.reduce((sum, { targets }) => sum + targets.length, 0);
  return (
    <>
      <p className="mt-0 mb-1">{t('reach', { count: all, relays: manifests.length, sites: ids.length })}</p>
      {ids.map((id) => (
        <SiteTargets
          key={id}
          name={sites?.find((site) => site.id === id)?.name ?? id}
          targets={manifests.filter(({ site }) => site === id).flatMap(({ targets }) => targets)}
          names={names}
        />
      ))}
    </>
  );
}

function SiteTargets({ name, targets, names }: { name: string; targets: readonly ManifestTarget[]; names: Names }) {
  return (
    <section className="mb-1">
      <strong className="font-medium">{name}</strong>
      <ul className="plain-list-tight m-0 list-none p-0">
        {targets.slice(0, MAX_NAMED).map(({ device, identity }) => (
          <li key={device}>
            {names.get(device) ?? device} <span className="font-mono text-xs text-muted">{proofOf(identity)}</span>
          </li>
        ))}
        {targets.length > MAX_NAMED && <li>{t('andMore', { count: targets.length - MAX_NAMED })}</li>}
      </ul>
    </section>
  );
}

/** What the machine must show before it is run there; the name is only the console's word. */
const proofOf = ({ serial, machineId, smbiosUuid, hostKey, macs }: DeviceIdentity): string =>
  inert([serial, machineId ?? smbiosUuid, hostKey, macs[0]].find((part) => part !== undefined) ?? '').slice(0, 48);
