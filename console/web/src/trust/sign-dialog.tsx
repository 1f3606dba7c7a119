// One act that a person signs: what it does, a tap on a passkey, and the command that does the same outside of this page.
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { signingFault } from '#console/web/src/signing/passkey-fault.ts';
import { passkeyObstacle, passkeysOf } from '#console/web/src/signing/passkey-place.ts';
import { signWithPasskey } from '#console/web/src/signing/passkey-sign.ts';
import { t as signingText } from '#console/web/src/signing/text.ts';
import { charterQuery } from '#console/web/src/signing/trust-data.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import type { Charter, Signer } from '#shared/model/charter.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { t } from './text.ts';

/** What is signed, and who takes the signature. */
export interface Signable {
  text: string;
  finish: (signature: PasskeySignature) => Promise<void>;
}

interface SignDialogProps {
  title: string;
  siteId: string;
  /** Whose signature counts for this. */
  maySign: (signer: Signer) => boolean;
  verb: string;
  isDanger?: boolean;
  /** What a person types who signs elsewhere. */
  command: string;
  /** Made when the person has decided; what it throws is shown. */
  make: (charter: Charter) => Promise<Signable>;
  onClose: () => void;
  children: ReactNode;
}

export function SignDialog(props: SignDialogProps) {
  const { title, siteId, maySign, verb, isDanger = false, command, make, onClose, children } = props;
  const charter = useQuery(charterQuery(siteId)).data;
  const { isBusy, fault, run } = useSigning();
  const signers = charter?.signers.filter(maySign) ?? [];
  const why = signHindrance(charter, signers);
  const sign = () =>
    run(async () => {
      if (charter === undefined) return;
      const { text, finish } = await make(charter);
      await finish(await signWithPasskey(text, signers));
      onClose();
    });
  return (
    <Dialog
      isOpen
      title={title}
      onClose={onClose}
      onSubmit={why === undefined ? sign : undefined}
      isHeld={isBusy}
      footer={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            {t('cancel')}
          </Button>
          <Button kind={isDanger ? 'danger' : 'primary'} type="submit" isBusy={isBusy} disabled={why !== undefined}>
            {verb}
          </Button>
        </>
      }
    >
      {children}
      {why !== undefined && <p className="m-0 mt-3 max-w-prose">{why}</p>}
      {fault !== '' && (
        <p role="alert" className="m-0 mt-3 text-down">
          {fault}
        </p>
      )}
      <CommandInstead command={command} isOpen={why !== undefined} />
    </Dialog>
  );
}

/** Why nobody can sign on this page; undefined when somebody can, or it is not known yet. */
export function signHindrance(charter: Charter | undefined, signers: readonly Signer[]): string | undefined {
  const obstacle = passkeyObstacle();
  if (obstacle !== undefined) return signingText(obstacle);
  if (charter === undefined) return undefined;
  return passkeysOf(signers).length === 0 ? t('noSigner') : undefined;
}

export function CommandInstead({ command, isOpen }: { command: string; isOpen: boolean }) {
  return (
    <details className="mt-3" open={isOpen}>
      <summary className="flex min-h-11 cursor-pointer items-center gap-2 text-muted sm:min-h-0">
        <span className="fold-arrow" aria-hidden="true" />
        {t('instead')}
      </summary>
      <div className="mt-2">
        <CopyBox label={t('signCommand')} text={command} />
      </div>
    </details>
  );
}

/** One signing at a time, and what went wrong with the last. */
export function useSigning() {
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState('');
  const run = async (sign: () => Promise<void>) => {
    setIsBusy(true);
    setFault('');
    try {
      await sign();
    } catch (error) {
      setFault(signingFault(error));
    }
    setIsBusy(false);
  };
  return { isBusy, fault, run: (sign: () => Promise<void>) => void run(sign) };
}
