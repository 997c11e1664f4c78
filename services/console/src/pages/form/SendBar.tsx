/** Always in sight below a form: what is done with it, and that what was filled in is kept. */
import { Button, Typography } from 'antd';
import { useText } from '../../app/preferences';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';

interface SendBarProps {
  label: string;
  busy: boolean;
  /** When what stands there was filled in, if it was before. */
  kept: string | undefined;
  onCancel: () => void;
  onAnew: () => void;
}

export function SendBar({ label, busy, kept, onCancel, onAnew }: SendBarProps) {
  const text = useText();
  const manner = useManner();
  return (
    <div className="send-bar">
      <Button type="primary" htmlType="submit" loading={busy} title={text('form.keys')}>
        {label}
      </Button>
      <Button onClick={onCancel}>{text('form.cancel')}</Button>
      <span className="grow" />
      {kept !== undefined && (
        <Typography.Text type="secondary" className="small">
          {text('form.kept', { at: instant(kept, manner) })}{' '}
          <Button type="link" size="small" onClick={onAnew}>
            {text('form.anew')}
          </Button>
        </Typography.Text>
      )}
    </div>
  );
}
