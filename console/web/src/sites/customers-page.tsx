// The customers: how many sites and devices each has, and how one is added, renamed and let go.
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { usePageAct } from '#console/web/src/shell/page-act.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { integer } from '#console/web/src/text/format.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { RowMenu } from '#console/web/src/ui/row-menu.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { CustomerDialog } from './customer-dialog.tsx';
import { PageHead } from './page-head.tsx';
import { RemovalDialog } from './removal-dialog.tsx';
import { SiteDialog } from './site-dialog.tsx';
import { customerFilter } from './site-filter.ts';
import { type CustomerRow, useCustomers } from './sites-data.ts';
import { t } from './text.ts';

type Open = { what: 'add' } | { what: 'edit' | 'remove' | 'add-site'; customer: CustomerRow };

export function CustomersPage() {
  usePageTitle(t('customersTitle'));
  const [open, setOpen] = useState<Open>();
  const read = useCustomers();
  const add = () => setOpen({ what: 'add' });
  usePageAct('customers.create', add);
  return (
    <>
      <PageHead title={t('customersTitle')}>
        <Button kind="primary" icon="plus" needs="customer.write" onClick={add}>
          {t('addCustomer')}
        </Button>
      </PageHead>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('customersNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('customersReading')} />}
      {read.data?.length === 0 && (
        <EmptyState title={t('customersEmpty')} body={t('customersEmptyBody')}>
          <Button kind="primary" needs="customer.write" onClick={add}>
            {t('addCustomer')}
          </Button>
        </EmptyState>
      )}
      {read.data !== undefined && read.data.length > 0 && (
        <Table
          caption={t('customersTitle')}
          isCaptionHidden
          columns={columnsOf(setOpen)}
          rows={read.data}
          rowKey={({ id }) => id}
          initialSort={{ key: 'name', direction: 'ascending' }}
        />
      )}
      <OpenDialog open={open} onClose={() => setOpen(undefined)} />
    </>
  );
}

function columnsOf(onOpen: (open: Open) => void): Array<Column<CustomerRow>> {
  return [
    {
      key: 'name',
      title: t('customer'),
      sortBy: ({ name }) => name,
      cell: ({ id, name }) => (
        <Link to="/sites" search={{ customer: id }} className="quiet-link font-medium">
          {name}
        </Link>
      ),
    },
    {
      key: 'sites',
      title: t('sitesTitle'),
      isNumber: true,
      sortBy: ({ sites }) => sites,
      cell: ({ id, sites }) => (
        <Link to="/sites" search={{ customer: id }} className="count-link" aria-label={t('sites', { count: sites })}>
          {integer(sites)}
        </Link>
      ),
    },
    {
      key: 'devices',
      title: t('devicesHead'),
      isNumber: true,
      sortBy: ({ devices }) => devices,
      cell: ({ name, devices }) => (
        <Link
          to="/fleet"
          search={{ q: customerFilter(name) }}
          className="count-link"
          aria-label={t('devices', { count: devices })}
        >
          {integer(devices)}
        </Link>
      ),
    },
    {
      key: 'notes',
      title: t('notes'),
      className: 'w-1/2 hidden md:table-cell',
      cell: ({ notes }) => (
        <div className="line-clamp-2 max-w-prose whitespace-pre-line text-muted" title={notes}>
          {notes}
        </div>
      ),
    },
    {
      key: 'menu',
      title: t('actions'),
      className: 'w-px head-quiet',
      cell: (customer) => <CustomerMenu customer={customer} onOpen={onOpen} />,
    },
  ];
}

function CustomerMenu({ customer, onOpen }: { customer: CustomerRow; onOpen: (open: Open) => void }) {
  const navigate = useNavigate();
  return (
    <RowMenu
      label={t('actionsOf', { name: customer.name })}
      items={[
        {
          key: 'edit',
          text: t('edit'),
          icon: 'edit',
          needs: 'customer.write',
          onSelect: () => onOpen({ what: 'edit', customer }),
        },
        {
          key: 'metrics',
          text: t('metrics'),
          icon: 'external',
          needs: 'metric.read',
          onSelect: () => void navigate({ to: '/metrics', search: { show: 'sum', over: `customer:${customer.id}` } }),
        },
        {
          key: 'site',
          text: t('addSite'),
          icon: 'plus',
          needs: 'site.write',
          onSelect: () => onOpen({ what: 'add-site', customer }),
        },
        {
          key: 'remove',
          text: t('removeCustomer'),
          icon: 'trash',
          needs: 'customer.remove',
          isDanger: true,
          isFirstOfGroup: true,
          onSelect: () => onOpen({ what: 'remove', customer }),
        },
      ]}
    />
  );
}

function OpenDialog({ open, onClose }: { open: Open | undefined; onClose: () => void }) {
  if (open === undefined) return null;
  if (open.what === 'add') return <CustomerDialog onClose={onClose} />;
  const { id, name } = open.customer;
  switch (open.what) {
    case 'edit':
      return <CustomerDialog customer={open.customer} onClose={onClose} />;
    case 'add-site':
      return <SiteDialog customerName={name} onClose={onClose} />;
    case 'remove':
      return (
        <RemovalDialog
          kind="customer"
          id={id}
          name={name}
          read={(signal) => api.customers.removal({ id }, { signal })}
          remove={(devices) => api.customers.remove({ id, devices })}
          onClose={onClose}
        />
      );
  }
}
