// What one presses, types into and chooses from, in each of its states.
import { useState } from 'react';
import { Button, type ButtonKind, IconButton, LinkButton } from '#console/web/src/ui/button.tsx';
import { RadioGroup, Segmented } from '#console/web/src/ui/choice.tsx';
import { Combobox } from '#console/web/src/ui/combobox.tsx';
import { Field } from '#console/web/src/ui/field.tsx';
import { type Option, Select } from '#console/web/src/ui/select.tsx';
import { TabLink, Tabs } from '#console/web/src/ui/tabs.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox, Switch } from '#console/web/src/ui/tick.tsx';
import { nothing, Part, Row } from './part.tsx';

const KINDS: readonly ButtonKind[] = ['primary', 'plain', 'quiet', 'danger'];
const SITES: readonly Option[] = [
  { value: 'ber', label: 'Berlin', hint: '212 devices' },
  { value: 'fra', label: 'Frankfurt am Main', hint: '48 devices' },
  { value: 'ham', label: 'Hamburg', hint: 'No relay yet', isDisabled: true },
];

export function GalleryControls() {
  return (
    <>
      <Buttons />
      <TextFields />
      <Choices />
      <Ticks />
      <Part name="Tabs">
        <Tabs label="Views of the gallery">
          <TabLink to="/ui">Components</TabLink>
          <TabLink to="/" count={12}>
            Fleet
          </TabLink>
          <TabLink to="/sign-in">Door</TabLink>
        </Tabs>
      </Part>
    </>
  );
}

function Buttons() {
  return (
    <Part name="Button, IconButton, LinkButton">
      <Row>
        {KINDS.map((kind) => (
          <Button key={kind} kind={kind}>
            {kind}
          </Button>
        ))}
        <LinkButton to="/">A link</LinkButton>
      </Row>
      <Row>
        {KINDS.map((kind) => (
          <Button key={kind} kind={kind} disabled>
            {kind}
          </Button>
        ))}
      </Row>
      <Row>
        {KINDS.map((kind) => (
          <Button key={kind} kind={kind} isBusy>
            {kind}
          </Button>
        ))}
      </Row>
      <Row>
        <Button icon="plus" kind="primary" isSmall>
          Add device
        </Button>
        <Button icon="download" isSmall>
          Export
        </Button>
        <IconButton icon="refresh" label="Read again" />
        <IconButton icon="edit" label="Rename" isSmall />
        <IconButton icon="trash" label="Remove" isSmall kind="plain" />
        <IconButton icon="more" label="More" disabled />
        <IconButton icon="refresh" label="Reading" isBusy />
      </Row>
    </Part>
  );
}

function TextFields() {
  const [name, setName] = useState('srv-12');
  const [notes, setNotes] = useState('Patch on Sundays.\nAsk before a reboot.');
  return (
    <Part name="Field, TextField, TextArea">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label="Name" value={name} onText={setName} hint="As people call it" />
        <TextField
          label="Address"
          value="10.0.0.300"
          onText={nothing}
          isCode
          error="Each part of an address is at most 255."
        />
        <TextField label="Empty" value="" onText={nothing} placeholder="srv-01" />
        <TextField label="Cannot be changed" value="Berlin" onText={nothing} disabled />
      </div>
      <TextArea label="Notes" value={notes} onText={setNotes} />
      <Field label="A control of one's own" hint="Tied to its label and hint by the field">
        {(tied) => <input {...tied} type="file" className="min-h-6 text-xs" />}
      </Field>
    </Part>
  );
}

function Choices() {
  const [site, setSite] = useState('ber');
  const [found, setFound] = useState<Option | null>(SITES[0] ?? null);
  const [span, setSpan] = useState('1h');
  const [transport, setTransport] = useState('ssh');
  return (
    <Part name="Select, Combobox, RadioGroup, Segmented">
      <div className="grid gap-3 sm:grid-cols-2">
        <Select label="Site" options={SITES} value={site} onChoose={setSite} />
        <Select
          label="Relay"
          options={SITES}
          value=""
          onChoose={nothing}
          placeholder="Choose one"
          error="A device needs a relay."
        />
        <Combobox
          label="Site by typing"
          options={SITES}
          value={found}
          onChoose={setFound}
          hint="Filters what is there"
        />
        <Combobox
          label="Device"
          options={[]}
          value={null}
          onChoose={nothing}
          onQuery={nothing}
          isLoading
          placeholder="Name or address"
        />
      </div>
      <Segmented
        label="Span"
        options={['15min', '1h', '6h', '24h'].map((value) => ({ value, label: value }))}
        value={span}
        onChoose={setSpan}
      />
      <RadioGroup
        label="Transport"
        value={transport}
        onChoose={setTransport}
        options={[
          { value: 'ssh', label: 'SSH', hint: 'Linux, macOS, and Windows with OpenSSH' },
          { value: 'winrm', label: 'WinRM' },
          { value: 'snmp', label: 'SNMP', isDisabled: true },
        ]}
      />
    </Part>
  );
}

function Ticks() {
  const [isOn, setIsOn] = useState(true);
  return (
    <Part name="Checkbox, Switch">
      <div className="grid gap-1 sm:grid-cols-2">
        <Checkbox label="Include simulated devices" isOn={isOn} onChange={setIsOn} />
        <Checkbox label="Some of the rows" isOn={false} isMixed onChange={nothing} />
        <Checkbox label="Not now" isOn isDisabled onChange={nothing} hint="The relay is away." />
        <Checkbox label="Off" isOn={false} onChange={nothing} />
        <Switch label="Single keys are shortcuts" isOn={isOn} onChange={setIsOn} />
        <Switch label="Off" isOn={!isOn} onChange={(value) => setIsOn(!value)} />
        <Switch label="Cannot be switched" isOn={false} isDisabled onChange={nothing} />
      </div>
    </Part>
  );
}
