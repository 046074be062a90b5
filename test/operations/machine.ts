import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Container, type Ran, type RunOptions, startContainer } from './container.ts';
import { type RootOverlay, rootOverlay } from './root-overlay.ts';

/** A machine of its own with a real systemd: what is done in it leaves this one as it is. */
export interface Machine {
  readonly root: RootOverlay;
  /** Runs a command in it as root. */
  run(command: readonly string[], options?: RunOptions): Promise<Ran>;
  close(): Promise<void>;
}

/** Says through a pipe that systemd has started. Nothing that is installed here is started with it. */
const READY_UNIT = `[Unit]
Requires=basic.target
After=basic.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'echo started > /machine-ready'
`;

/** @param prepare Puts files into its root before it starts. */
export async function startMachine(prepare: (root: RootOverlay) => void): Promise<Machine> {
  const root = rootOverlay();
  // An ID of its own, which systemd makes when the file is empty.
  rmSync(root.path('/etc/machine-id'), { force: true });
  writeFileSync(root.path('/etc/machine-id'), '');
  writeFileSync(root.path('/etc/systemd/system/machine-ready.service'), READY_UNIT);
  execFileSync('mkfifo', [root.path('/machine-ready')]);
  prepare(root);
  const container: Container = startContainer(root, ['--boot'], ['systemd.unit=machine-ready.service']);
  const tooEarly = container.ended().then(({ code, said }) => {
    throw new Error(`The machine ended with ${code} before it had started: ${said}`);
  });
  tooEarly.catch(() => undefined);
  await Promise.race([readFile(root.path('/machine-ready')), tooEarly]);
  return {
    root,
    run: (command, options) => container.run(command, options),
    async close() {
      await container.kill();
      root.close();
    },
  };
}
