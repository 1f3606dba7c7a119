// Where a person signs: with a passkey by one tap, or with the command that does the same outside of this page.
import { useState } from 'react';
import { signingFault } from '#console/web/src/signing/passkey-fault.ts';
import { passkeyObstacle, passkeysOf } from '#console/web/src/signing/passkey-place.ts';
import { signWithPasskey } from '#console/web/src/signing/passkey-sign.ts';
import { t as signingText } from '#console/web/src/signing/text.ts';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import type { Signer } from '#shared/model/charter.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { t } from './text.ts';

interface SignBoxProps {
  statement: string;
  /** Whose signature would help. */
  signers: readonly Signer[];
  /** What a person types who signs elsewhere. */
  command: string;
  /** Why nobody should sign it now. */
  hindrance?: string | undefined;
  /** Devices that it reaches: of many the count is typed, so that nobody signs for a fleet with the tap meant for a few. */
  devices?: number;
  /** Hands the signature over; what it throws is shown. */
  onSigned: (signature: PasskeySignature) => Promise<void>;
  children?: React.ReactNode;
}

/** As many as one overlooks by their names; a site has more. */
const MANY_DEVICES = 25;

export function SignBox({ statement, signers, command, hindrance, devices = 0, onSigned, children }: SignBoxProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState('');
  const [typed, setTyped] = useState('');
  const isMany = devices > MANY_DEVICES;
  const obstacle = passkeyObstacle();
  const canSign = obstacle === undefined && passkeysOf(signers).length > 0;
  const sign = async () => {
    setIsBusy(true);
    setFault('');
    try {
      await onSigned(await signWithPasskey(statement, signers));
    } catch (error) {
      setFault(signingFault(error));
    }
    setIsBusy(false);
  };
  return (
    <section className="mt-4">
      {hindrance !== undefined && <p className="mt-0 mb-3 font-medium text-down">{hindrance}</p>}
      {canSign && <p className="mt-0 mb-3 max-w-prose text-muted">{t('honest')}</p>}
      {!canSign && <p className="mt-0 mb-3 max-w-prose">{signingText(obstacle ?? 'noPasskeyHere')}</p>}
      {canSign && isMany && <Count devices={devices} value={typed} onText={setTyped} />}
      <div className="order-buttons">
        {canSign && (
          <Button
            kind="primary"
            icon="lock"
            isBusy={isBusy}
            disabled={hindrance !== undefined || (isMany && digitsOf(typed) !== devices)}
            onClick={() => void sign()}
          >
            {t('sign')}
          </Button>
        )}
        {!canSign && obstacle === undefined && <LinkButton to="/signers">{t('toSigners')}</LinkButton>}
        {children}
      </div>
      {fault !== '' && (
        <p role="alert" className="mt-3 mb-0 text-down">
          {fault}
        </p>
      )}
      <details className="mt-4" open={!canSign}>
        <summary className="flex min-h-11 cursor-pointer items-center gap-2 text-muted sm:min-h-0">
          <span className="fold-arrow" aria-hidden="true" />
          {t('elsewhere')}
        </summary>
        <div className="mt-2">
          <CopyBox label={t('signCommand')} text={command} />
        </div>
      </details>
    </section>
  );
}

/** With or without what the language puts between thousands. */
const digitsOf = (typed: string): number => Number(typed.replaceAll(/\D/g, ''));

const Count = ({ devices, ...field }: { devices: number; value: string; onText: (text: string) => void }) => (
  <div className="mb-3 max-w-sm">
    <TextField {...field} label={t('typeCount', { count: devices })} inputMode="numeric" maxLength={6} />
  </div>
);
