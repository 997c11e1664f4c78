import { Typography } from 'antd';
import type { ReactNode } from 'react';

/** One labelled value of a list of them. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>
        <Typography.Text type="secondary">{label}</Typography.Text>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
