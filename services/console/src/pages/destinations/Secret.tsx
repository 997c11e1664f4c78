/** A secret that is shown this once. */
import { Alert, Modal, Typography } from 'antd';
import { useText } from '../../app/preferences';

export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const text = useText();
  return (
    <Modal open title={text('destinations.secret')} okText={text('destinations.kept')} onOk={onClose} onCancel={onClose} cancelButtonProps={{ hidden: true }} mask={{ closable: false }}>
      <Alert type="warning" showIcon title={text('destinations.once')} style={{ marginBottom: 12 }} />
      <Typography.Paragraph className="mono" copyable={{ text: secret }}>
        {secret}
      </Typography.Paragraph>
    </Modal>
  );
}
