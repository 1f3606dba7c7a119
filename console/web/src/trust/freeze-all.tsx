// All sites are frozen with one tap of a guardian; which were not, and why, is said, and the rest is seen relay by relay.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { rmm } from '#console/web/src/signing/command-text.ts';
import { signWithPasskey } from '#console/web/src/signing/passkey-sign.ts';
import { useCharters } from '#console/web/src/signing/trust-data.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { inert } from '#shared/base/inert-text.ts';
import { mayFreeze } from '#shared/seal/freeze-seal.ts';
import { draftFreezeAll } from './brake-draft.ts';
import { CommandInstead, signHindrance, useSigning } from './sign-dialog.tsx';
import { t } from './text.ts';

export function FreezeAll() {
  const sites = useSites().data ?? [];
  const [isOpen, setIsOpen] = useState(false);
  if (sites.length === 0) return null;
  return (
    <>
      <Button icon="lock" needs="site.freeze" onClick={() => setIsOpen(true)}>
        {t('freezeAll')}
      </Button>
      {isOpen && <FreezeAllDialog sites={sites} onClose={() => setIsOpen(false)} />}
    </>
  );
}

interface Site {
  id: string;
  name: string;
}

/** Sites that stand still now, relays that were told, and what kept the others running. */
function useFreezing(sites: readonly Site[], reason: string) {
  const queries = useQueryClient();
  const charters = useCharters(sites.map(({ id }) => id));
  // A guardian of some sites only stops those, and is told which are left.
  const all = charters.flatMap(({ signers }) => signers.filter(mayFreeze));
  const guardians = [...new Map(all.map((signer) => [signer.key.id, signer])).values()];
  const [faults, setFaults] = useState<string[]>([]);
  const freeze = async () => {
    const text = draftFreezeAll(reason, consoleNow());
    const signature = await signWithPasskey(text, guardians);
    const { items } = await exactApi.sites.freezeAll({ signed: { text, signatures: [signature] } });
    const nameOf = (id: string) => sites.find((site) => site.id === id)?.name ?? id;
    const left = items.flatMap(({ siteId, fault }) =>
      fault === null ? [] : [t('notFrozen', { site: nameOf(siteId), why: inert(fault) })],
    );
    setFaults(left);
    const told = items.reduce((sum, one) => sum + one.told, 0);
    toast.say(t('frozenAll', { count: items.length - left.length, told }));
    for (const key of ['sites', 'overview', 'relays']) await queries.invalidateQueries({ queryKey: [key] });
    return left.length === 0;
  };
  const why = charters.length < sites.length ? undefined : signHindrance(charters[0], guardians);
  return { freeze, faults, why };
}

function FreezeAllDialog({ sites, onClose }: { sites: readonly Site[]; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const { isBusy, fault, run } = useSigning();
  const { freeze, faults, why } = useFreezing(sites, reason);
  const sign = () =>
    run(async () => {
      if (await freeze()) onClose();
    });
  return (
    <Dialog
      isOpen
      title={t('freezeAllTitle')}
      onClose={onClose}
      onSubmit={why === undefined ? sign : undefined}
      isHeld={isBusy}
      footer={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            {t('cancel')}
          </Button>
          <Button kind="danger" type="submit" isBusy={isBusy} disabled={why !== undefined}>
            {t('freezeAll')}
          </Button>
        </>
      }
    >
      <p className="m-0 mb-3 max-w-prose">{t('freezeAllBody')}</p>
      <TextField label={t('reason')} value={reason} maxLength={500} onText={setReason} />
      {why !== undefined && <p className="m-0 mt-3 max-w-prose">{why}</p>}
      {[fault, ...faults]
        .filter((text) => text !== '')
        .map((text) => (
          <p key={text} role="alert" className="m-0 mt-3 text-down wrap-anywhere">
            {text}
          </p>
        ))}
      <CommandInstead command={rmm('freeze', '--all', '--reason', reason)} isOpen={why !== undefined} />
    </Dialog>
  );
}
