import type { Process, State, Step } from './state.ts';

/** A process dies, falls asleep, wakes up, is taken for gone, or starts. */
export function misfortune(state: State, process: Process, index: number): Step[] {
  const steps: Step[] = [];
  const change = (changed: Partial<Process>, faults = state.faults): State => ({
    ...state,
    faults,
    processes: state.processes.map((one, number) => (number === index ? { ...one, ...changed } : one)),
  });
  const isBusy = state.tasks.some((task) => task.process === index) || process.unwritten.length > 0;
  if (process.state === 'up' && state.faults.deaths > 0 && isBusy) {
    const dead = change({ state: 'dead', unwritten: [] }, { ...state.faults, deaths: state.faults.deaths - 1 });
    const tasks = dead.tasks.filter((task) => task.process !== index);
    steps.push({ label: `process ${index} dies`, state: { ...dead, tasks } });
  }
  if (process.state === 'up' && state.faults.sleeps > 0 && isBusy) {
    steps.push({
      label: `process ${index} falls asleep`,
      state: change({ state: 'asleep', hasLease: false }, { ...state.faults, sleeps: state.faults.sleeps - 1 }),
    });
  }
  if (process.state === 'asleep') steps.push({ label: `process ${index} wakes up`, state: change({ state: 'up' }) });
  if (process.state === 'up' && !process.hasLease) {
    steps.push({ label: `process ${index} renews its lease`, state: change({ hasLease: true, isGone: false }) });
  }
  const isWatched = state.processes.some((other, number) => number !== index && other.state === 'up');
  if (process.state !== 'up' && !process.isGone && isWatched) {
    steps.push({ label: `process ${index} is taken for gone`, state: change({ isGone: true }) });
  }
  // A start: the process before it has the file, or the lease, no more.
  if (process.state === 'dead' && !process.isGone) {
    const fresh: Process = { state: 'up', isGone: false, hasLease: true, unwritten: [] };
    const started = change({ isGone: true });
    steps.push({
      label: `a new process ${state.processes.length} starts`,
      state: { ...started, processes: [...started.processes, fresh] },
    });
  }
  return steps;
}
