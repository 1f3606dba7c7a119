// Whom a new part is for: every customer, or one.
import { useCustomers } from '#console/web/src/sites/sites-data.ts';
import { Select } from '#console/web/src/ui/select.tsx';
import { inert } from '#shared/base/inert-text.ts';
import { EVERY_CUSTOMER } from './save-part.ts';
import { t } from './text.ts';

export function CustomerField({ value, onChoose }: { value: string; onChoose: (customer: string) => void }) {
  const customers = useCustomers().data ?? [];
  return (
    <Select
      label={t('forCustomer')}
      options={[
        { value: EVERY_CUSTOMER, label: t('everyCustomer') },
        ...customers.map(({ id, name }) => ({ value: id as string, label: inert(name) })),
      ]}
      value={value}
      onChoose={onChoose}
    />
  );
}
