// Sets, replaces and deletes a variable: sealed in the page, signed with one tap for all relays of the site. The value stays in its field.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { rmm } from '#console/web/src/signing/command-text.ts';
import { useCharters } from '#console/web/src/signing/trust-data.ts';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { AppError } from '#shared/base/errors.ts';
import { SiteId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { VariableSecret } from '#shared/model/variable.ts';
import { VariableName } from '#shared/model/variable-name.ts';
import type { BoxDraft } from '#shared/seal/signed-boxes.ts';
import { draftDeletion, draftVariable, variableByPasskey } from '#shared/seal/variable-seal.ts';
import { useCredentials } from './credentials-data.ts';
import { isTechnician } from './login-acts.tsx';
import { RelayKeyPart } from './relay-key-part.tsx';
import { endOf } from './seal-draft.ts';
import { SignDialog } from './sign-dialog.tsx';
import { t } from './text.ts';
import { useForgetting } from './use-forgetting.ts';
import { keysFor } from './variable-keys.ts';
import type { Variable } from './variable-rows.ts';
import { VARIABLES } from './variables-data.ts';

/** Hands a signed draft over and reads the variables again. */
function useDelivery(say: () => string) {
  const queries = useQueryClient();
  return (draft: BoxDraft) => ({
    text: draft.text,
    finish: async (signature: PasskeySignature) => {
      await exactApi.variables.put({ sealed: variableByPasskey(draft, signature) });
      toast.say(say());
      await queries.invalidateQueries({ queryKey: VARIABLES });
    },
  });
}

interface SetVariableProps {
  site: { id: string; name: string };
  /** Empty for a new one. */
  name: string;
  items: readonly Variable[];
  onClose: () => void;
}

export function SetVariableDialog({ site, name: known, items, onClose }: SetVariableProps) {
  const [draft, setDraft] = useState({ name: known, value: '', expires: '' });
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const relays = useRelays().data?.filter(({ siteId, isRevoked }) => siteId === site.id && !isRevoked) ?? [];
  const told = useCredentials().data?.keys;
  const [charter] = useCharters([site.id]);
  const deliver = useDelivery(() => t('variableSet', { name: draft.name }));
  const change = (patch: Partial<typeof draft>) => setDraft((former) => ({ ...former, ...patch }));
  useForgetting(() => change({ value: '' }));
  const make = async (sealers: Charter) => {
    const name = VariableName.safeParse(draft.name);
    if (!name.success) throw new AppError('bad-request', t('variableNameWrong'));
    const notAfter = endOf(draft.expires);
    const use = { actions: ['command.run'], ...(notAfter === undefined ? {} : { notAfter }) };
    const secret = VariableSecret.safeParse({ value: draft.value, ...use });
    if (!secret.success) throw new AppError('bad-request', t('valueWrong'));
    if (notAfter !== undefined && !(notAfter > Date.now())) throw new AppError('bad-request', t('expiresWrong'));
    const version = (items.find((one) => one.name === name.data)?.version ?? 0) + 1;
    const header = { v: 1, kind: 'variable', site: SiteId.parse(site.id), name: name.data, version } as const;
    const keys = await keysFor({ charter: sealers, relays, told, typed });
    return deliver(await draftVariable({ header, secret: secret.data, keys, issuedAt: Date.now() }));
  };
  return (
    <SignDialog
      title={known === '' ? t('setVariable') : t('replaceOf', { name: known })}
      siteId={site.id}
      maySign={isTechnician}
      verb={t('sealAndSign')}
      command={rmm('variable', 'set', draft.name || 'NAME', '--site', site.name)}
      make={make}
      onClose={onClose}
    >
      <p className="mt-0 mb-3 max-w-prose">{t(known === '' ? 'setVariableBody' : 'replaceBody')}</p>
      <div className="grid gap-3">
        {known === '' && (
          <TextField
            label={t('name')}
            hint={t('variableNameHint')}
            isCode
            autoCapitalize="characters"
            value={draft.name}
            onText={(name) => change({ name })}
          />
        )}
        <TextField
          label={t('value')}
          hint={t('valueHint')}
          type="password"
          // Not a password of this page: no browser offers to keep it.
          autoComplete="new-password"
          value={draft.value}
          onText={(value) => change({ value })}
        />
        <TextField
          label={t('expires')}
          hint={t('variableExpiresHint')}
          type="date"
          value={draft.expires}
          onText={(expires) => change({ expires })}
        />
      </div>
      {relays.map((relay) => (
        <div key={relay.id}>
          {relays.length > 1 && <p className="mt-3 mb-0 font-medium">{`${t('relay')}: ${relay.name}`}</p>}
          <RelayKeyPart
            relay={relay}
            charter={charter}
            typed={typed[relay.id] ?? ''}
            onTyped={(text) => setTyped((former) => ({ ...former, [relay.id]: text }))}
          />
        </div>
      ))}
      <p className="m-0 mt-3 max-w-prose text-xs text-muted">{t('honest')}</p>
    </SignDialog>
  );
}

export function DeleteVariableDialog({ variable, onClose }: { variable: Variable; onClose: () => void }) {
  const { siteId, name, version } = variable;
  const deliver = useDelivery(() => t('variableDeleted', { name }));
  const make = async () => {
    const header = { v: 1, kind: 'variable', site: SiteId.parse(siteId), version: version + 1 } as const;
    return deliver(draftDeletion({ ...header, name: VariableName.parse(name) }, Date.now()));
  };
  return (
    <SignDialog
      title={t('deleteTitle', { name })}
      siteId={siteId}
      maySign={isTechnician}
      verb={t('sign')}
      isDanger
      command={rmm('variable', 'delete', name, '--site', siteId)}
      make={make}
      onClose={onClose}
    >
      <p className="m-0 max-w-prose">{t('deleteBody')}</p>
    </SignDialog>
  );
}
