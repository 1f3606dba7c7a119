// What the relay sees at the address, said while one types.
import { faultText } from '#console/web/src/api/fault.ts';
import { transportText } from '#console/web/src/fleet/value-text.ts';
import { quantityText } from '#console/web/src/text/format.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import { Progress } from '#console/web/src/ui/progress.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { factsOf, portText } from './probe-facts.ts';
import { t } from './text.ts';
import type { Probed, useProbe } from './use-probe.ts';

interface ProbePanelProps {
  relay: { name: string; isConnected: boolean } | undefined;
  probe: ReturnType<typeof useProbe>;
  /** Takes what the relay suggests into the form. */
  onSuggestion: (probed: Probed) => void;
  /** Whether the form already says so. */
  isTaken: (probed: Probed) => boolean;
}

export function ProbePanel({ relay, probe, onSuggestion, isTaken }: ProbePanelProps) {
  return (
    <section
      className="panel grid content-start gap-3 p-4 lg:col-start-2 lg:row-span-2 lg:row-start-1"
      aria-labelledby="probe-title"
    >
      <div className="flex min-h-(--control-small) items-center justify-between gap-2">
        <h2 id="probe-title" className="section-title mb-0">
          {relay === undefined ? t('probeTitle') : t('probeTitleOf', { relay: relay.name })}
        </h2>
        {probe.isAsked && !probe.isLooking && (
          <Button isSmall icon="refresh" onClick={probe.again}>
            {t('lookAgain')}
          </Button>
        )}
      </div>
      <div aria-live="polite" className="grid gap-2">
        {relay?.isConnected === false && <Line icon="warning" tone="text-changed" text={t('relayAway')} />}
        {relay?.isConnected !== false && !probe.isAsked && <p className="m-0 text-muted">{t('probeIdle')}</p>}
        {probe.isLooking && <Progress label={t('looking')} ratio={undefined} />}
        {probe.error !== null && (
          <Line icon="info" tone="text-muted" text={`${faultText(probe.error)} ${t('allTheSame')}`} />
        )}
        {probe.result !== undefined && (
          <Result probed={probe.result} onSuggestion={onSuggestion} isTaken={isTaken(probe.result)} />
        )}
      </div>
    </section>
  );
}

function Line({ icon, tone, text }: { icon: IconName; tone: string; text: string }) {
  return (
    <p className="m-0 flex items-start gap-2 wrap-anywhere">
      <Icon name={icon} className={`mt-0.5 ${tone}`} />
      <span>{text}</span>
    </p>
  );
}

interface ResultProps {
  probed: Probed;
  isTaken: boolean;
  onSuggestion: (probed: Probed) => void;
}

function Result({ probed, isTaken, onSuggestion }: ResultProps) {
  const facts = factsOf(probed);
  const isFound = probed.lookup === 'literal' || probed.lookup === 'found';
  return (
    <>
      <Lookup probed={probed} />
      {isFound && <PingLine probed={probed} />}
      {isFound && facts.isAnswering && (
        <div className="flex flex-wrap items-center gap-1.5 pl-6">
          {facts.open.map((port) => (
            <Tag key={port} text={t('portOpen', { port: portText(port) })} tone="up" icon="check" />
          ))}
          <span className="text-xs text-muted">
            {[
              facts.refused > 0 && t('refused', { count: facts.refused }),
              facts.silent > 0 && t('silent', { count: facts.silent }),
            ]
              .filter((part) => part !== false)
              .join(', ')}
          </span>
        </div>
      )}
      {facts.greeting !== undefined && (
        <code className="code ml-6 justify-self-start text-xs wrap-anywhere">{facts.greeting}</code>
      )}
      {isFound && facts.isAnswering && <Line {...SYSTEM_LOOK} text={systemText(probed)} />}
      {probed.suggestedTransport !== undefined && (
        <div className="flex flex-wrap items-center gap-2 pl-6">
          {isTaken ? (
            <span className="text-muted">{t('asSuggested', { way: wayText(probed) })}</span>
          ) : (
            <Button isSmall onClick={() => onSuggestion(probed)}>
              {t('useSuggestion', { way: wayText(probed) })}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

const SYSTEM_LOOK = { icon: 'device', tone: 'text-muted' } as const;

/** "SSH, port 2222". */
const wayText = ({ suggestedTransport, suggestedPort }: Probed): string => {
  const way = transportText(suggestedTransport ?? 'ssh');
  return suggestedPort === undefined ? way : t('wayAndPort', { way, port: String(suggestedPort) });
};

const SYSTEMS = { linux: 'Linux', freebsd: 'FreeBSD', macos: 'macOS', windows: 'Windows' } as const;

function systemText({ system }: Probed): string {
  return system === 'unknown' ? t('systemUnknown') : t('systemIs', { system: SYSTEMS[system] });
}

function Lookup({ probed: { lookup, addresses, reverseName } }: { probed: Probed }) {
  if (lookup === 'not-found') return <Line icon="warning" tone="text-changed" text={t('notFound')} />;
  if (lookup === 'timed-out') return <Line icon="warning" tone="text-changed" text={t('lookupTimedOut')} />;
  if (lookup === 'found')
    return <Line icon="check" tone="text-up" text={t('resolvesTo', { addresses: addresses.join(', ') })} />;
  if (reverseName === undefined) return null;
  return <Line icon="info" tone="text-muted" text={t('knownAs', { name: reverseName })} />;
}

function PingLine({ probed }: { probed: Probed }) {
  const { isAnswering, pingMs } = factsOf(probed);
  if (!isAnswering) return <Line icon="warning" tone="text-changed" text={t('nobodyAnswers')} />;
  if (!probed.ping.answered) return <Line icon="info" tone="text-muted" text={t('noPing')} />;
  const method = probed.ping.method === 'icmp' ? 'ICMP' : 'TCP';
  const text =
    pingMs === undefined ? t('answered', { method }) : t('answeredIn', { ms: quantityText(pingMs, 'count'), method });
  return <Line icon="check" tone="text-up" text={text} />;
}
