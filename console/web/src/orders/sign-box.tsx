// Where a person signs: with a passkey by one tap, or with the command that does the same outside of this page.
import { useState } from 'react';
import { signingFault } from '#console/web/src/signing/passkey-fault.ts';
import { passkeyObstacle, passkeysOf } from '#console/web/src/signing/passkey-place.ts';
import { signWithPasskey } from '#console/web/src/signing/passkey-sign.ts';
import { t as signingText } from '#console/web/src/signing/text.ts';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
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
  /** Hands the signature over; what it throws is shown. */
  onSigned: (signature: PasskeySignature) => Promise<void>;
  children?: React.ReactNode;
}

export function SignBox({ statement, signers, command, hindrance, onSigned, children }: SignBoxProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState('');
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
      <div className="order-buttons">
        {canSign && (
          <Button
            kind="primary"
            icon="lock"
            isBusy={isBusy}
            disabled={hindrance !== undefined}
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
