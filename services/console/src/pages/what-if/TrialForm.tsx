/** Other values beside those in force. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Form } from 'antd';
import { useState, type ReactNode } from 'react';
import { request } from '../../api/client';
import type { Row, SettingsShape } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Failed, Loading } from '../../app/states';
import { format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { Fields } from '../form/Fields';
import { changedOf, isFree, NO_COMMAND, shownOf } from '../settings/values';
import type { Known } from './Draft';
import type { Trial } from './trial';

interface TrialFormProps {
  settings: Known;
  /** What is filled in to begin with. */
  values: Row;
  /** Told how to read what is filled in; it says so where nothing is changed, unless that is well. */
  children: (read: (unchangedIsWell: boolean) => Trial | null) => ReactNode;
}

export function TrialForm({ settings, values, children }: TrialFormProps) {
  const { language } = usePreferences();
  const found = useQuery({
    queryKey: ['settings', settings.name, language],
    queryFn: () => request<SettingsShape>(`/settings/${encodeURIComponent(settings.name)}`),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  return <Filled settings={settings} inForce={found.data} values={values} children={children} />;
}

function Filled({ settings, inForce, values, children }: TrialFormProps & { inForce: SettingsShape }) {
  const text = useText();
  const manner = useManner();
  const [form] = Form.useForm<Row>();
  const [unchanged, setUnchanged] = useState(false);
  const fields = settings.fields ?? [];
  const read = (unchangedIsWell: boolean): Trial | null => {
    const changed = changedOf(fields, inForce.values, form.getFieldsValue(true) as Row);
    const same = Object.keys(changed).length === 0;
    setUnchanged(same && !unchangedIsWell);
    return same ? null : { id: settings.name, values: changed };
  };
  return (
    <Form form={form} className="narrow" layout="vertical" initialValues={shownOf(fields, { ...inForce.values, ...values })}>
      <Fields
        fields={fields}
        command={NO_COMMAND}
        currency={undefined}
        free={(field) => isFree(field, inForce.defaults)}
        note={(field) => text('whatIf.now', { value: format(inForce.values[field.name], field, manner) })}
      />
      {unchanged && <Alert type="warning" showIcon title={text('whatIf.unchanged')} style={{ marginBottom: 12 }} />}
      {children(read)}
    </Form>
  );
}
