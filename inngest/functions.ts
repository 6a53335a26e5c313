import "server-only";
import { backgroundJobs, SYNC_JOB } from "@/lib/jobs/jobs";
import { plainJob } from "./plain-job";
import { syncKey } from "./sync-key";
import { syncRun } from "./sync-run";
import { syncTeams } from "./sync-teams";

/** Everything that Inngest may call. Made on the first request, not on import: schedules come from the environment. */
export const inngestFunctions = () => [
  ...backgroundJobs().map((job) => (job.name === SYNC_JOB ? syncTeams(job) : plainJob(job))),
  syncRun(),
  syncKey(),
];
