// What is wrong with a device that is not reached and what one does about it, in the words of the pages.
import type { DeviceDetail } from '#shared/contract/device-contract.ts';
import { helpOf } from '#shared/model/failure-help.ts';
import { FAILURE_TEXT } from '#shared/model/failure-text.ts';

type Troubled = Pick<DeviceDetail, 'id' | 'transport' | 'statusReason' | 'statusDetail'>;

/** Lines of `rmm device show`; none of a device that is well. The key is read on the machine itself, never taken from what answered. */
export function troublePairs({ id, transport, statusReason, statusDetail }: Troubled): Array<[string, string]> {
  if (statusReason === null) return [];
  const { name, command } = helpOf({ reason: statusReason, detail: statusDetail ?? '', transport });
  const accept = `rmm device accept ${id}${command === 'accept-key' ? ' --host-key SHA256:KEY' : ''}`;
  return [
    ['what is wrong', FAILURE_TEXT[`what_${name}`]],
    ['what to do', FAILURE_TEXT[`todo_${name}`]],
    ['accept with', command === 'none' ? '' : accept],
  ];
}
