// A charter in plain words: until when it holds, what an order needs, and who may sign with which key.
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { duration } from '#console/web/src/text/format.ts';
import { agoText, dateOf } from '#console/web/src/text/time.ts';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { inert } from '#shared/base/inert-text.ts';
import { TIERS, type Tier } from '#shared/model/action-tier.ts';
import type { Charter, Signer, TierRule } from '#shared/model/charter.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { personOf } from '#shared/seal/signature-check.ts';
import { expiryOf } from './charter-expiry.ts';
import { t } from './text.ts';

export function CharterView({ charter }: { charter: Charter }) {
  const networks = charter.networks ?? [];
  return (
    <>
      <Expiry charter={charter} />
      <p className="mt-0 mb-3 max-w-prose text-muted">{t(`profile_${charter.profile}`)}</p>
      <KeyValues>
        <KeyValue name={t('version')}>{charter.version}</KeyValue>
        <KeyValue name={t('owners')}>{t('ownersOf', { quorum: charter.quorum, all: charter.owners.length })}</KeyValue>
        <KeyValue name={t('perOrder')}>{t('devices', { count: charter.caps.devicesPerManifest })}</KeyValue>
        <KeyValue name={t('perTenMinutes')}>{t('devices', { count: charter.caps.devicesPerTenMinutes })}</KeyValue>
        <KeyValue name={t('longestRun')}>{duration(charter.caps.maxTimeoutMs)}</KeyValue>
        <KeyValue name={t('networks')}>{networks.length === 0 ? t('noNetworks') : networks.join(', ')}</KeyValue>
      </KeyValues>
      <h3 className="section-title mt-4 mb-1">{t('tiers')}</h3>
      <ul className="plain-list">
        {TIERS.map((tier) => (
          <li key={tier}>
            <strong className="font-medium">{t(`tier_${tier}`)}</strong>
            <span className="block text-muted">{ruleText(tierRule(charter, tier))}</span>
          </li>
        ))}
      </ul>
      <h3 className="section-title mt-4 mb-1">{t('maySign')}</h3>
      <ul className="plain-list">
        {charter.signers.map((signer) => (
          <SignerLine key={signer.key.id} signer={signer} />
        ))}
      </ul>
    </>
  );
}

function Expiry({ charter: { expiresAt } }: { charter: Charter }) {
  const now = useFiveSeconds();
  const level = expiryOf(expiresAt, now);
  const text = t(level === 'over' ? 'expiredAt' : 'expiresAt', {
    date: dateOf(expiresAt),
    ago: agoText(expiresAt, now),
  });
  if (level === undefined) return <p className="mt-0 mb-2">{text}</p>;
  return (
    <p className={`mt-0 mb-2 ${level === 'soon' ? 'text-changed' : 'text-down'}`}>
      <strong className="font-medium">{t(`expiry_${level}`)}</strong> {text} {t('expiryAdvice')}
    </p>
  );
}

/** "1 person; 25 devices at most; can be stopped for 30 s before it starts". */
export function ruleText({ people, rendered, devicesPerBatch, devicesPerTenMinutes, stopMs }: TierRule): string {
  return [
    t('people', { count: people }),
    rendered > 0 ? t('rendered', { count: rendered }) : '',
    t('reach', { batch: devicesPerBatch, minutes: devicesPerTenMinutes }),
    stopMs > 0 ? t('stoppable', { time: duration(stopMs) }) : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

export const tierText = (tier: Tier): string => t(`tier_${tier}`);

function SignerLine({ signer }: { signer: Signer }) {
  const person = personOf(signer);
  return (
    <li>
      <span className="flex flex-wrap items-center gap-2">
        <strong className="font-medium wrap-anywhere">{inert(signer.name)}</strong>
        <Tag text={t(signer.kind === 'passkey' ? 'kindPasskey' : 'kindCommandLine')} />
        <Tag text={t(`role_${signer.role}`)} />
        {signer.isGuardian === true && signer.role !== 'guardian' && <Tag text={t('mayFreeze')} />}
      </span>
      <span className="block text-muted wrap-anywhere">
        {person === signer.name ? '' : `${t('heldBy', { person: inert(person) })} `}
        {signer.kind === 'passkey' && `${t('onPages', { pages: signer.key.origins.join(', ') })} `}
        <span className="font-mono text-xs">{signer.key.id.slice(0, 16)}</span>
      </span>
    </li>
  );
}
