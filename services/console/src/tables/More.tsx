import { Button } from 'antd';
import { useText } from '../app/preferences';

interface MoreProps {
  found: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** The next page, where there is one. */
export function More({ found }: MoreProps) {
  const text = useText();
  if (!found.hasNextPage) return null;
  return (
    <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
      {text('card.more')}
    </Button>
  );
}
