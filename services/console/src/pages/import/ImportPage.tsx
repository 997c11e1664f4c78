/** A file is chosen, its columns find their fields, all rows are checked, and then they are asked. */
import { InboxOutlined } from '@ant-design/icons';
import { Button, Card, Checkbox, Select, Space, Typography } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import { withQuery } from '../../api/client';
import type { Command } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed } from '../../app/states';
import { decoded, headerOf } from './columns';
import { Mapping } from './Mapping';
import { Outcome } from './Outcome';
import { useImport } from './useImport';

interface Chosen {
  file: File;
  columns: string[];
}

/** Only the header is looked at here; the platform reads the rest. */
const HEAD = 64_000;

async function read(file: File): Promise<Chosen> {
  if (!file.name.toLowerCase().endsWith('.csv')) return { file, columns: [] };
  return { file, columns: headerOf(decoded(await file.slice(0, HEAD).arrayBuffer())) };
}

export default function ImportPage() {
  const text = useText();
  const known = useKnown();
  const { path, search } = usePlace();
  const command = known.command(search.get('command') ?? '');
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    next.set(name, value);
    if (name === 'command') next.delete('job');
    go(withQuery(path, next));
  };
  const options = known.all.commands.map((one) => ({ value: one.name, label: one.label }));
  return (
    <div className="page form">
      <div className="page-head">
        <Typography.Title level={1}>{text('import.title')}</Typography.Title>
      </div>
      <Typography.Paragraph type="secondary">{text('import.help')}</Typography.Paragraph>
      <div className="stack">
        <Card size="small" title={text('import.what')}>
          <Select
            aria-label={text('import.what')}
            showSearch={{ optionFilterProp: 'label' }}
            value={command?.name}
            placeholder={text('import.chooseCommand')}
            onChange={(name: string) => set('command', name)}
            options={options}
            style={{ width: 'min(100%, 380px)' }}
          />
        </Card>
        {command !== undefined && <OfCommand key={command.name} command={command} onJob={(id) => set('job', id)} />}
        <Outcome id={search.get('job')} />
      </div>
    </div>
  );
}

function OfCommand({ command, onJob }: { command: Command; onJob: (id: string) => void }) {
  const text = useText();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [mapping, setMapping] = useState<Record<string, string>>({});
  const [partial, setPartial] = useState(false);
  const { busy, problem, send } = useImport();
  const ask = async (dryRun: boolean) => {
    if (chosen === null) return;
    const what = { command: command.name, name: chosen.file.name, mapping, dryRun, partial };
    const job = await send(chosen.file, what);
    if (job !== null) onJob(job.id);
  };
  const choose = async (file: File | undefined) => {
    setMapping({});
    setChosen(file === undefined ? null : await read(file));
  };
  return (
    <Card size="small" title={text('import.file')}>
      <div className="stack">
        <label className="drop">
          <InboxOutlined style={{ fontSize: 28 }} aria-hidden />
          <span>{chosen?.file.name ?? text('import.choose')}</span>
          <input
            type="file"
            accept=".csv,.xlsx"
            aria-label={text('import.choose')}
            onChange={(event) => void choose(event.target.files?.[0])}
          />
        </label>
        {chosen !== null && (
          <Mapping command={command} columns={chosen.columns} mapping={mapping} onChange={setMapping} />
        )}
        {problem !== null && <Failed error={problem} />}
        {chosen !== null && (
          <Space wrap>
            <Button type="primary" loading={busy} onClick={() => void ask(true)}>
              {text('import.check')}
            </Button>
            <Button disabled={busy} onClick={() => void ask(false)}>
              {text('import.begin')}
            </Button>
            <Checkbox checked={partial} onChange={(event) => setPartial(event.target.checked)}>
              {text('import.partial')}
            </Checkbox>
          </Space>
        )}
      </div>
    </Card>
  );
}
