/** Numbers beside each other, each under what it is called. */
import { Card, Statistic } from 'antd';
import type { ReactNode } from 'react';

export interface Tile {
  title: string;
  value: ReactNode;
}

export function Tiles({ tiles }: { tiles: Tile[] }) {
  return (
    <div className="tiles">
      {tiles.map(({ title, value }) => (
        <Card key={title} size="small">
          <Statistic title={title} valueRender={() => value} />
        </Card>
      ))}
    </div>
  );
}
