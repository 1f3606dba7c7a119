// What a technician signs about a sealed login: promote what waits, revoke; and taking it out of the console, which needs no signature.
import { useQueryClient } from '@tanstack/react-query';
import { api, exactApi } from '#console/web/src/api/api.ts';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { rmm } from '#console/web/src/signing/command-text.ts';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import { type BoxHeader, SealedCredential } from '#shared/model/credential.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import {
  type CredentialDraft,
  credentialByPasskey,
  draftPromotion,
  draftRevocation,
} from '#shared/seal/credential-seal.ts';
import { CREDENTIALS } from './credentials-data.ts';
import { type Login, nextVersion } from './login-rows.ts';
import { SignDialog } from './sign-dialog.tsx';
import { t } from './text.ts';

export const isTechnician = ({ role }: Signer): boolean => role === 'technician';

interface OfLogin {
  login: Login;
  items: readonly Login[];
  onClose: () => void;
}

/** Hands a signed draft over and reads the logins again. */
export function useDelivery(say: () => string) {
  const queries = useQueryClient();
  return (draft: CredentialDraft) => ({
    text: draft.text,
    finish: async (signature: PasskeySignature) => {
      await exactApi.credentials.put({ sealed: credentialByPasskey(draft, signature) });
      toast.say(say());
      await queries.invalidateQueries({ queryKey: CREDENTIALS });
    },
  });
}

const slotFlag = ({ slot }: Login) => (slot === 'next' ? ['--next'] : []);

export function PromoteDialog({ login, items, onClose }: OfLogin) {
  const { relayId, name } = login;
  const deliver = useDelivery(() => t('promoted', { name }));
  const make = async (sealers: Charter) => {
    const { sealed } = await exactApi.credentials.show({ relayId, name, slot: 'next' });
    const place = { relay: RelayId.parse(relayId), name };
    const version = nextVersion(items, { relayId, name, slot: 'current' });
    const promotion = { place, sealers, version, issuedAt: Date.now() };
    return deliver(await draftPromotion(SealedCredential.parse(sealed), promotion));
  };
  return (
    <SignDialog
      title={t('promoteTitle', { name })}
      siteId={login.siteId}
      maySign={isTechnician}
      verb={t('sign')}
      command={rmm('credential', 'promote', name, '--relay', relayId, '--owner', 'FINGERPRINT')}
      make={make}
      onClose={onClose}
    >
      <p className="m-0 max-w-prose">{t('promoteBody')}</p>
    </SignDialog>
  );
}

export function RevokeDialog({ login, items, onClose }: OfLogin) {
  const { relayId, siteId, name, slot } = login;
  const deliver = useDelivery(() => t('revoked', { name }));
  const make = async () => {
    const version = nextVersion(items, { relayId, name, slot });
    const header: BoxHeader = { v: 1, site: SiteId.parse(siteId), relay: RelayId.parse(relayId), name, version, slot };
    return deliver(await draftRevocation(header, Date.now()));
  };
  return (
    <SignDialog
      title={t('revokeTitle', { name, slot: t(`slot_${slot}`) })}
      siteId={siteId}
      maySign={isTechnician}
      verb={t('sign')}
      isDanger
      command={rmm('credential', 'revoke', name, '--relay', relayId, ...slotFlag(login))}
      make={make}
      onClose={onClose}
    >
      <p className="m-0 max-w-prose">{t('revokeBody')}</p>
    </SignDialog>
  );
}

export function RemoveDialog({ login, onClose, onRemoved }: OfLogin & { onRemoved: () => void }) {
  const queries = useQueryClient();
  const { relayId, name, slot } = login;
  const { isBusy, error, run } = useDeed(
    () => api.credentials.remove({ relayId, name, slot }),
    () => {
      toast.say(t('removed', { name }));
      onClose();
      onRemoved();
      return queries.invalidateQueries({ queryKey: CREDENTIALS });
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={t('removeTitle', { name, slot: t(`slot_${slot}`) })}
      confirmText={t('remove')}
      isBusy={isBusy}
      error={error}
      onClose={onClose}
      onConfirm={run}
    >
      <p className="m-0 max-w-prose">{t('removeBody')}</p>
    </ConfirmDialog>
  );
}
