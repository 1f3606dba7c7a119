// Makes a passkey and says how an owner takes it into a charter; until then this browser keeps its public half.
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { meQuery } from '#console/web/src/shell/me.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import type { PasskeySigner } from '#shared/model/charter.ts';
import { passkeyFingerprint, passkeyText } from '#shared/seal/passkey-text.ts';
import { rmm } from './command-text.ts';
import { signingFault } from './passkey-fault.ts';
import { makePasskey } from './passkey-make.ts';
import { passkeyObstacle } from './passkey-place.ts';
import { t } from './text.ts';
import { useCharters } from './trust-data.ts';
import { dropWaiting, keepWaiting, useWaitingKeys, type WaitingKey } from './waiting-keys.ts';

type SiteName = Readonly<{ id: string; name: string }>;

export function NewPasskey({ sites }: { sites: readonly SiteName[] }) {
  const waiting = useWaitingKeys();
  const named = useCharters(sites.map(({ id }) => id))
    .flatMap(({ signers }) => signers)
    .filter((signer): signer is PasskeySigner => signer.kind === 'passkey');
  const obstacle = passkeyObstacle();
  return (
    <section className="panel p-3">
      <h2 className="mt-0 mb-1 text-base font-semibold">{t('yourPasskey')}</h2>
      {obstacle === undefined ? (
        <MakeForm known={[...named, ...waiting].map(({ key }) => key)} />
      ) : (
        <>
          <p className="mt-0 mb-2 max-w-prose">{t(obstacle)}</p>
          <p className="mt-0 mb-2 max-w-prose text-muted">{t('instead')}</p>
          <CopyBox label={t('commandForKey')} text={rmm('signer', 'new', 'me.key', '--name', 'me')} />
        </>
      )}
      {waiting.map((key) => (
        <Waiting
          key={key.key.id}
          waiting={key}
          sites={sites}
          isNamed={named.some(({ key: { id } }) => id === key.key.id)}
        />
      ))}
    </section>
  );
}

function MakeForm({ known }: { known: Parameters<typeof makePasskey>[1] }) {
  const me = useQuery(meQuery).data?.name ?? '';
  const [person, setPerson] = useState('');
  const [name, setName] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState('');
  const make = async () => {
    setIsBusy(true);
    setFault('');
    try {
      const held = person.trim() || me;
      const called = name.trim() || t('keyOf', { person: held });
      keepWaiting({ name: called, person: held, key: await makePasskey(called, known) });
      setName('');
    } catch (error) {
      setFault(signingFault(error));
    }
    setIsBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) void make();
  };
  return (
    <form noValidate onSubmit={submit}>
      <p className="mt-0 mb-3 max-w-prose text-muted">{t('makeIntro')}</p>
      <div className="grid max-w-2xl gap-3 sm:grid-cols-2">
        <TextField
          label={t('person')}
          hint={t('personHint', { name: me })}
          value={person}
          onText={setPerson}
          maxLength={120}
        />
        <TextField label={t('keyName')} hint={t('keyNameHint')} value={name} onText={setName} maxLength={60} />
      </div>
      <p className="mt-3 mb-0">
        <Button kind="primary" type="submit" icon="lock" isBusy={isBusy}>
          {t('makePasskey')}
        </Button>
      </p>
      {fault !== '' && (
        <p role="alert" className="mt-3 mb-0 text-down">
          {fault}
        </p>
      )}
    </form>
  );
}

interface WaitingProps {
  waiting: WaitingKey;
  sites: readonly SiteName[];
  /** A charter has it: it waits no more. */
  isNamed: boolean;
}

function Waiting({ waiting: { name, person, key }, sites, isNamed }: WaitingProps) {
  const fingerprint = useQuery({ queryKey: ['passkey-fingerprint', key], queryFn: () => passkeyFingerprint(key) });
  const site = sites.length === 1 ? (sites[0]?.name ?? '') : '<site>';
  const words = ['charter', 'propose', '--site', site, '--passkey', passkeyText(key)];
  const command = rmm(...words, '--name', name, '--person', person);
  return (
    <section className="mt-4 border-t border-line pt-3">
      <h3 className="section-title mb-1 wrap-anywhere">{name}</h3>
      <p className="mt-0 mb-1">{isNamed ? t('isNamed') : t('waitsForOwner')}</p>
      {!isNamed && (
        <>
          <CopyBox label={t('commandForOwner')} text={command} />
          <p className="mt-3 mb-1 max-w-prose">{t('compare')}</p>
          <p className="fingerprint">{fingerprint.data ?? '…'}</p>
        </>
      )}
      <Button isSmall kind="quiet" icon="close" onClick={() => dropWaiting(key.id)}>
        {t(isNamed ? 'hide' : 'dropKey')}
      </Button>
    </section>
  );
}
