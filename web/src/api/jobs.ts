/** Long work on the server: how far it is, and stopping it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "./client";

export interface Job {
  job_id: string;
  kind: string;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  done: number;
  total: number;
  rate_per_s: number;
  message: string;
  error: string | null;
  created_at: string | null;
}

const KEY = ["jobs"];
const WORKING_MS = 1_500;
const IDLE_MS = 60_000;
const OVER = new Set(["done", "failed", "cancelled"]);

export const isRunning = (job: Job): boolean => !OVER.has(job.status);

/** The person's jobs, newest first; asked often only while one runs. */
export function useJobs() {
  return useQuery({
    queryKey: KEY,
    queryFn: async () => {
      const { jobs } = await api.get<{ jobs: Job[] }>("/jobs");
      return jobs;
    },
    refetchInterval: (query) => (query.state.data?.some(isRunning) ? WORKING_MS : IDLE_MS),
  });
}

/** Tell the tray that work has begun. */
export function useJobsChanged(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: KEY });
}

export function useCancelJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.post<unknown>(`/jobs/${id}/cancel`),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

/** Seconds until a job is done, where that can be told. */
export function secondsLeft(job: Job): number | null {
  const open = job.total - job.done;
  return job.rate_per_s > 0 && open > 0 ? Math.ceil(open / job.rate_per_s) : null;
}
