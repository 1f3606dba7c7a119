// Why a device is not reached, in a sentence, with what to do about it and the relay's own words.
import { reasonText } from '#console/web/src/fleet/value-text.ts';
import { rmm } from '#console/web/src/signing/command-text.ts';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import type { DeviceDetail } from '#shared/contract/device-contract.ts';
import { type Help, helpOf } from '#shared/model/failure-help.ts';
import { t } from './text.ts';

type Troubled = Pick<DeviceDetail, 'name' | 'transport' | 'statusReason' | 'statusDetail'>;

export function Trouble({ device, onEdit }: { device: Troubled; onEdit: () => void }) {
  const { statusReason: reason, statusDetail, transport } = device;
  const detail = statusDetail ?? '';
  const help = reason === null ? undefined : helpOf({ reason, detail, transport });
  if (help === undefined && detail === '') return null;
  return (
    <section className="mt-2 grid gap-1.5 rounded-md border border-line bg-surface px-3 py-2" aria-label={t('trouble')}>
      {help !== undefined && reason !== null && (
        <p className="m-0 flex max-w-prose items-start gap-2">
          <Icon name="warning" className="mt-0.5 text-changed" />
          <span>
            <strong className="mr-1.5 font-medium">{reasonText(reason)}:</strong>
            {t(`what_${help.name}`)} <Todo text={t(`todo_${help.name}`)} />
          </span>
        </p>
      )}
      {detail !== '' && <p className="m-0 text-xs break-words text-muted">{t('relaySays', { detail })}</p>}
      {help !== undefined && <Next help={help} device={device} onEdit={onEdit} />}
    </section>
  );
}

/** Commands stand between backticks. */
const Todo = ({ text }: { text: string }) =>
  text.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={part}>{part}</code>));

function Next({ help, device, onEdit }: { help: Help; device: Troubled; onEdit: () => void }) {
  if (help.next === 'none' && help.command === 'none') return null;
  return (
    <div className="grid gap-1.5">
      {help.command !== 'none' && (
        <>
          <span className="text-xs text-muted">{t('commandHint')}</span>
          <CopyBox label={t('command')} text={acceptCommand(help.command, device.name)} />
        </>
      )}
      <div className="flex flex-wrap gap-2">
        {help.next === 'edit' && (
          <Button isSmall icon="edit" needs="device.write" onClick={onEdit}>
            {t('edit')}
          </Button>
        )}
        {help.next === 'logins' && (
          <LinkButton isSmall to="/credentials" icon="lock" needs="credential.read">
            {t('logins')}
          </LinkButton>
        )}
      </div>
    </div>
  );
}

/** The key is read on the machine itself, never taken from what answered in its place. */
const acceptCommand = (kind: 'accept' | 'accept-key', name: string): string =>
  kind === 'accept' ? rmm('device', 'accept', name) : rmm('device', 'accept', name, '--host-key', 'SHA256:KEY');
