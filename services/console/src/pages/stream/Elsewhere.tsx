/** What to run to read the same events outside of the console, to copy. */
import { CopyOutlined } from '@ant-design/icons';
import { App, Button, Modal, Tabs, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { useText } from '../../app/preferences';
import { plain } from '../../values/format';
import { curl, kcat, python, type Asked } from './ways';

interface ElsewhereProps {
  asked: Asked;
  open: boolean;
  onClose: () => void;
}

export function Elsewhere({ asked, open, onClose }: ElsewhereProps) {
  const text = useText();
  const known = useKnown();
  const origin = window.location.origin;
  const every = known.all.kinds.map((one) => one.name);
  const ways = [
    { key: 'curl', label: 'curl', words: curl(asked, origin) },
    { key: 'kcat', label: 'kcat', words: kcat(asked, every) },
    { key: 'python', label: 'Python', words: python(asked, origin) },
  ];
  return (
    <Modal title={text('stream.copy')} open={open} onCancel={onClose} footer={null} width={720}>
      <Typography.Paragraph type="secondary">
        {plain(text('stream.copyHelp', { key: '$KEY' }))}
      </Typography.Paragraph>
      <Tabs
        items={ways.map(({ key, label, words }) => ({ key, label, children: <Copied words={words} /> }))}
      />
    </Modal>
  );
}

function Copied({ words }: { words: string }) {
  const text = useText();
  const { message } = App.useApp();
  const copy = () =>
    navigator.clipboard.writeText(words).then(() => message.success(text('stream.copied')));
  return (
    <>
      {/* It scrolls, so the keyboard must reach it. */}
      <pre className="mono code" tabIndex={0}>
        {words}
      </pre>
      <Button icon={<CopyOutlined />} onClick={() => void copy()}>
        {text('stream.copyText')}
      </Button>
    </>
  );
}
