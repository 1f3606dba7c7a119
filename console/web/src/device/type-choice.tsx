// What kind of machine it is: as its facts say, or as a person set it.
import { typeText } from '#console/web/src/fleet/value-text.ts';
import { useMay } from '#console/web/src/rights/may.ts';
import { Menu } from '#console/web/src/ui/menu.tsx';
import { DEVICE_TYPES } from '#shared/model/device-words.ts';
import type { DeviceData } from './device-data.ts';
import { t } from './text.ts';
import type { Update } from './use-update.ts';

export function TypeChoice(props: { device: DeviceData; update: Update }) {
  return useMay('device.write') ? <Choice {...props} /> : <span>{typeText(props.device.type)}</span>;
}

function Choice({ device, update }: { device: DeviceData; update: Update }) {
  const set = (type: DeviceData['setType']) => void update.trySave({ type }, t('typeNotSet'));
  const byFacts = {
    key: 'facts',
    text: t('typeByFacts'),
    isChecked: device.setType === null,
    onSelect: () => set(null),
  };
  const kinds = DEVICE_TYPES.filter((type) => type !== 'unknown').map((type, index) => ({
    key: type,
    text: typeText(type),
    isChecked: device.setType === type,
    isFirstOfGroup: index === 0,
    onSelect: () => set(type),
  }));
  return (
    <span
      className="-ml-2 inline-flex flex-wrap items-center gap-x-1"
      title={device.setType === null ? t('fromFacts') : undefined}
    >
      <Menu button={{ text: typeText(device.type), kind: 'quiet', isSmall: true }} items={[byFacts, ...kinds]} />
      {device.setType !== null && <span className="ml-2 text-xs text-muted">{t('setByHand')}</span>}
    </span>
  );
}
