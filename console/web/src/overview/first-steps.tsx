// A new console says the next step: a site, its relay, its devices; what is done is ticked, the rest led to.
import { Link, useRouter } from '@tanstack/react-router';
import { wantAct } from '#console/web/src/shell/page-act.ts';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import type { OperationName } from '#console/web/src/verbs/operation-name.ts';
import type { OverviewData } from './overview-data.ts';
import { totalOf } from './site-state.ts';
import { t } from './text.ts';

interface Step {
  title: 'stepSite' | 'stepRelay' | 'stepDevice';
  body: 'stepSiteBody' | 'stepRelayBody' | 'stepDeviceBody';
  /** The page that does it, once there is one; else the command. */
  path: string;
  command: string;
  operation: OperationName;
  isDone: boolean;
}

export function stepsOf({ sites, devices }: OverviewData): Step[] {
  return [
    {
      title: 'stepSite',
      body: 'stepSiteBody',
      path: '/sites',
      command: 'npm run rmm -- site add <name>',
      operation: 'sites.create',
      isDone: sites.length > 0,
    },
    {
      title: 'stepRelay',
      body: 'stepRelayBody',
      path: '/relays',
      command: 'npm run rmm -- relay token --site <id>',
      operation: 'relays.createToken',
      isDone: sites.some((site) => site.relays.length > 0),
    },
    {
      title: 'stepDevice',
      body: 'stepDeviceBody',
      path: '/devices/new',
      command: 'npm run rmm -- device add <name> --relay <id> --address <host>',
      operation: 'devices.create',
      isDone: totalOf(devices) > 0,
    },
  ];
}

export function FirstSteps({ steps }: { steps: readonly Step[] }) {
  const next = steps.find((step) => !step.isDone);
  return (
    <section aria-label={t('firstSteps')} className="panel first-steps">
      <h2>{t('firstSteps')}</h2>
      <ol>
        {steps.map((step, index) => (
          <StepRow key={step.title} step={step} place={index + 1} isNext={step === next} />
        ))}
      </ol>
    </section>
  );
}

function StepRow({ step, place, isNext }: { step: Step; place: number; isNext: boolean }) {
  const { routesByPath } = useRouter();
  return (
    <li className="first-step" data-done={step.isDone || undefined} aria-current={isNext ? 'step' : undefined}>
      <span className="first-step-mark">{step.isDone ? <Icon name="check" /> : place}</span>
      <div className="min-w-0">
        <h3>
          {t(step.title)}
          {step.isDone && <span className="sr-only"> {t('done')}</span>}
        </h3>
        {isNext && (
          <>
            <p>{t(step.body)}</p>
            {step.path in routesByPath && (
              <Link to={step.path} className="button button-primary" onClick={() => wantAct(step.operation)}>
                {t(step.title)}
              </Link>
            )}
            <CopyBox label={t('stepCommand')} text={step.command} />
          </>
        )}
      </div>
    </li>
  );
}
