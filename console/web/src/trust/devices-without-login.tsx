// Devices that their relay offered no login, and the signature of a person that lets them have one.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { ThingLink } from '#console/web/src/shell/thing-link.tsx';
import { rmm } from '#console/web/src/signing/command-text.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { AppError } from '#shared/base/errors.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Charter } from '#shared/model/charter.ts';
import { HostKeyFingerprint } from '#shared/model/credential.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { draftBatch, sealBatch } from '#shared/seal/manifest-seal.ts';
import { draftOrder, lacksAfter } from '#shared/seal/order-draft.ts';
import { type DeviceWithoutLogin, useDevicesWithoutLogin } from './credentials-data.ts';
import { SignDialog } from './sign-dialog.tsx';
import { t } from './text.ts';

export function DevicesWithoutLogin() {
  const read = useDevicesWithoutLogin();
  const [chosen, setChosen] = useState<DeviceWithoutLogin>();
  const devices = read.data?.items ?? [];
  const more = (read.data?.total ?? 0) - devices.length;
  if (read.data === undefined || devices.length === 0) return null;
  return (
    <section className="panel mt-4 p-3" aria-label={t('waitingTitle')}>
      <h2 className="section-title mb-1">{t('waitingTitle')}</h2>
      <p className="m-0 mb-2 max-w-prose text-muted">{t('waitingBody')}</p>
      <ul className="m-0 grid list-none gap-2 p-0">
        {devices.map((device) => (
          <li key={device.id} className="flex flex-wrap items-start justify-between gap-2">
            <span className="min-w-0 flex-1 basis-60">
              <ThingLink
                thing={{ kind: 'device', id: device.id, name: device.name, place: device.siteName }}
                className="quiet-link font-medium"
              >
                {device.name}
              </ThingLink>{' '}
              <span className="text-xs text-muted">{device.siteName}</span>
              <div className="text-xs wrap-anywhere text-muted">{device.statusDetail}</div>
            </span>
            <Button isSmall icon="lock" needs="action.submit" onClick={() => setChosen(device)}>
              {t('nameKey')}
            </Button>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="m-0 mt-2 text-muted">{t('waitingMore', { count: more })}</p>}
      {chosen !== undefined && <NameKeyDialog device={chosen} onClose={() => setChosen(undefined)} />}
    </section>
  );
}

/** How long a relay that is away may still take it; nothing is run on the device. */
const WAIT_MS = 60_000;

function NameKeyDialog({ device, onClose }: { device: DeviceWithoutLogin; onClose: () => void }) {
  const queries = useQueryClient();
  const [hostKey, setHostKey] = useState('');
  const [reason, setReason] = useState('');
  const [error, setError] = useState('');
  const make = async (charter: Charter) => {
    const key = HostKeyFingerprint.safeParse(hostKey.trim());
    if (!key.success) throw new AppError('bad-request', t('hostKeyWrong'));
    const { targets } = await exactApi.devices.targets({ devices: [device.id] });
    const [target] = targets;
    if (target === undefined) throw new AppError('not-found', t('noIdentity'));
    const order = {
      targets: [{ ...target, identity: { ...target.identity, hostKey: key.data } }],
      action: { name: 'identity.accept' as const, arguments: {} },
      ...{ timeoutMs: WAIT_MS, outputBytes: 0, concurrency: 1, validForMs: WAIT_MS, reason },
    };
    const { manifests } = draftOrder(order, new Map([[target.siteId, charter]]), Date.now());
    const { statement, parts } = await draftBatch(manifests);
    return {
      text: statement,
      finish: async (signature: PasskeySignature) => {
        await exactApi.actions.submit({ signed: sealBatch(parts, [signature]) });
        const lacks = lacksAfter([signature.key], [charter], tierOf(order.action));
        toast.say(t(lacks === undefined ? 'named' : 'namedWaits', { device: device.name }));
        void queries.invalidateQueries({ queryKey: ['devices-without-login'] });
      },
    };
  };
  const check = (text: string) => {
    setHostKey(text);
    setError('');
  };
  return (
    <SignDialog
      title={t('nameKeyTitle', { device: device.name })}
      siteId={device.siteId}
      maySign={({ role }) => role === 'technician'}
      verb={t('sign')}
      command={rmm('credential', 'approve', `${device.id}=${hostKey.trim() || 'SHA256:...'}`, '--yes')}
      make={make}
      onClose={onClose}
    >
      <p className="m-0 mb-3 max-w-prose text-muted">{t('nameKeyBody')}</p>
      <div className="form-grid">
        <TextField
          label={t('hostKey')}
          isCode
          value={hostKey}
          error={error}
          onText={check}
          onBlur={() =>
            setError(hostKey === '' || HostKeyFingerprint.safeParse(hostKey.trim()).success ? '' : t('hostKeyWrong'))
          }
        />
        <TextField label={t('reason')} value={reason} maxLength={500} onText={setReason} />
      </div>
    </SignDialog>
  );
}
