// What comes up above the page.
import { useState } from 'react';
import { Button } from '#console/web/src/ui/button.tsx';
import { Combobox } from '#console/web/src/ui/combobox.tsx';
import { ConfirmDialog, Dialog } from '#console/web/src/ui/dialog.tsx';
import { Menu } from '#console/web/src/ui/menu.tsx';
import { Popover } from '#console/web/src/ui/popover.tsx';
import { RowMenu } from '#console/web/src/ui/row-menu.tsx';
import type { Option } from '#console/web/src/ui/select.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { Tooltip } from '#console/web/src/ui/tooltip.tsx';
import { nothing, Part, Row } from './part.tsx';

type Which = 'dialog' | 'confirm' | 'sheet' | undefined;

export function GalleryPopups() {
  const [open, setOpen] = useState<Which>();
  const close = () => setOpen(undefined);
  return (
    <>
      <Part name="Dialog, ConfirmDialog, Sheet">
        <Row>
          <Button onClick={() => setOpen('dialog')}>Open a dialog</Button>
          <Button onClick={() => setOpen('confirm')}>Open a danger</Button>
          <Button onClick={() => setOpen('sheet')}>Open a sheet</Button>
        </Row>
      </Part>
      <Popups onForget={() => setOpen('confirm')} />
      <Notes />
      <RenameDialog isOpen={open === 'dialog'} onClose={close} />
      <ConfirmDialog
        isOpen={open === 'confirm'}
        onClose={close}
        onConfirm={close}
        title="Forget 12 devices?"
        confirmText="Forget them"
        word="12"
      >
        <p>Their history, notes and tags go with them. The devices themselves are not touched.</p>
      </ConfirmDialog>
      <Sheet
        isOpen={open === 'sheet'}
        onClose={close}
        title="Filters"
        footer={<Button onClick={close}>Show 212 devices</Button>}
      >
        <Checkbox label="Only what is down" isOn onChange={nothing} />
        <Checkbox label="Only simulated" isOn={false} onChange={nothing} />
      </Sheet>
    </>
  );
}

function RenameDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [name, setName] = useState('srv-12');
  const [site, setSite] = useState<Option | null>(null);
  const save = () => {
    onClose();
    toast.say('Renamed to srv-12.');
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={save}
      title="Rename the device"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit">
            Rename
          </Button>
        </>
      }
    >
      <p className="text-muted">Its history stays with it.</p>
      <TextField label="Name" value={name} onText={setName} />
      <Combobox label="Site" options={[{ value: 'ber', label: 'Berlin' }]} value={site} onChoose={setSite} />
    </Dialog>
  );
}

function Popups({ onForget }: { onForget: () => void }) {
  return (
    <Part name="Menu, Popover, Tooltip">
      <Row>
        <Menu
          button={{ text: 'Actions' }}
          items={[
            { key: 'open', text: 'Open in a new tab', icon: 'external', onSelect: nothing },
            { key: 'copy', text: 'Copy the address', icon: 'copy', onSelect: () => toast.say('Copied.') },
            { key: 'on', text: 'Chosen', icon: 'check', isChecked: true, onSelect: nothing },
            { key: 'poll', text: 'Poll now', icon: 'refresh', blocked: 'The relay is away', onSelect: nothing },
            { key: 'forget', text: 'Forget', icon: 'trash', isDanger: true, isFirstOfGroup: true, onSelect: onForget },
          ]}
        />
        <RowMenu label="More" items={[{ key: 'one', text: 'One thing', onSelect: nothing }]} />
        <Popover button={{ text: 'Columns', icon: 'columns' }}>
          <Checkbox label="CPU" isOn onChange={nothing} />
          <Checkbox label="Memory" isOn={false} onChange={nothing} />
        </Popover>
        <Tooltip text="The time of the last answer, in your time zone">
          <Button kind="quiet">A hint</Button>
        </Tooltip>
      </Row>
    </Part>
  );
}

function Notes() {
  return (
    <Part name="Toaster">
      <Row>
        <Button onClick={() => toast.say('3 devices moved to Berlin.', { onUndo: nothing })}>Say, with an undo</Button>
        <Button onClick={() => toast.say('Saved.')}>Say</Button>
        <Button onClick={() => toast.fault(new Error('no answer'), 'The site was not saved.')}>Tell a fault</Button>
      </Row>
    </Part>
  );
}
