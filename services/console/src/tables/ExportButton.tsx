/** The rows of a read as a file, with the same filters and of the same moment. */
import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useText } from '../app/preferences';

export function ExportButton({ address }: { address: string }) {
  const text = useText();
  const href = `${address}${address.includes('?') ? '&' : '?'}format=xlsx`;
  return (
    <Button icon={<DownloadOutlined />} href={href}>
      {text('list.export')}
    </Button>
  );
}
