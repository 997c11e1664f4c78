/** Asks why something is done; the reason is kept. */
import { Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import type { Problem } from '../../api/client';
import { useText } from '../../app/preferences';

interface ReasonProps {
  title: string;
  help: string;
  action: string;
  danger?: boolean;
  busy?: boolean;
  problem?: Problem | null;
  onClose: () => void;
  onSaid: (reason: string) => void;
}

export function Reason({ title, help, action, danger = false, busy = false, problem, onClose, onSaid }: ReasonProps) {
  const text = useText();
  const [reason, setReason] = useState('');
  return (
    <Modal
      open
      title={title}
      okText={action}
      okButtonProps={{ danger, disabled: reason.trim() === '' }}
      confirmLoading={busy}
      onCancel={onClose}
      onOk={() => onSaid(reason.trim())}
    >
      <p>{help}</p>
      <Input
        autoFocus
        aria-label={text('operations.reason')}
        placeholder={text('operations.reason')}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {problem != null && <Typography.Text type="danger">{problem.message}</Typography.Text>}
    </Modal>
  );
}
