/** Jobs of the reader: asked for, followed until they end, broken off. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../api/client';
import type { Job } from '../api/shapes';
import { usePreferences } from '../app/preferences';
import { useAttempt } from '../app/useAttempt';

const PAUSE = 1_000;
const JOBS = 'jobs';

export function goesOn(job: Job): boolean {
  return job.state === 'waiting' || job.state === 'running';
}

export function useJob(id: string | null) {
  const { language } = usePreferences();
  return useQuery({
    queryKey: [JOBS, id, language],
    queryFn: () => request<Job>(`/jobs/${id ?? ''}`),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data === undefined || goesOn(state.data) ? PAUSE : false),
  });
}

export function useJobs(kind: Job['kind']) {
  const { language } = usePreferences();
  return useQuery({
    queryKey: [JOBS, 'of', kind, language],
    queryFn: async () => (await request<{ data: Job[] }>(`/jobs?kind=${kind}&limit=100`)).data,
    refetchInterval: ({ state }) => (state.data?.some(goesOn) === true ? PAUSE : false),
  });
}

export function useBegin(kind: Job['kind']) {
  const queries = useQueryClient();
  const { busy, problem, attempt } = useAttempt();
  const begin = (body?: unknown): Promise<Job | null> =>
    attempt(async () => {
      const job = await request<Job>(`/jobs/${kind}`, { method: 'POST', body });
      await queries.invalidateQueries({ queryKey: [JOBS] });
      return job;
    });
  return { busy, problem, begin };
}

export function useCancel() {
  const queries = useQueryClient();
  return async (id: string) => {
    await request(`/jobs/${id}`, { method: 'DELETE' });
    await queries.invalidateQueries({ queryKey: [JOBS] });
  };
}
