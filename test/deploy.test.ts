import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';
import { describe, expect, test } from 'vitest';
import { SETTINGS } from '../src/config.ts';

/** What runs the bot: that these files are valid, and agree with each other. test/operations runs what can be run of them. */

const textOf = (file: string) => readFileSync(file, 'utf8');
const { version } = JSON.parse(textOf('package.json'));

describe('Dockerfile', () => {
  const instructions = DockerfileParser.parse(textOf('Dockerfile')).getInstructions();
  const of = (keyword: string) => instructions.filter((one) => one.getKeyword() === keyword);
  const argumentsOf = (keyword: string) => of(keyword).map((one) => one.getArgumentsContent() ?? '');

  test('is two stages on the same image, of which the last one compiles nothing', () => {
    const [first, last] = argumentsOf('FROM');
    expect(first).toBe(`${last} AS build`);
    const inLast = instructions.slice(instructions.lastIndexOf(of('FROM')[1] as (typeof instructions)[number]));
    expect(inLast.filter((one) => /npm/.test(one.getArgumentsContent() ?? ''))).toEqual([]);
  });

  test('ends as a user by number, who is not root', () => {
    expect(argumentsOf('USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
  });

  test('starts the bot and its health check without a shell', () => {
    expect(argumentsOf('CMD')).toEqual(['["node", "dist/src/main.js"]']);
    expect(argumentsOf('HEALTHCHECK')).toEqual([
      expect.stringMatching(/^CMD \["node", "dist\/src\/cli\/probe\.js"\]$/),
    ]);
    expect(argumentsOf('ENTRYPOINT')).toEqual([]);
  });

  test('has one volume, in which the store is', () => {
    expect(argumentsOf('VOLUME')).toEqual(['/data']);
    expect(argumentsOf('ENV').join(' ')).toContain('STORAGE_URL=sqlite:/data/');
  });

  test('takes a Node that the bot runs on', () => {
    expect(Number(/^node:(\d+)-/.exec(argumentsOf('FROM')[0] ?? '')?.[1])).toBeGreaterThanOrEqual(20);
  });
});

const python = '/usr/bin/python3';
const hasYaml = spawnSync(python, ['-c', 'import yaml']).status === 0;

/** The documents of a YAML file. */
function documentsOf(file: string): Record<string, unknown>[] {
  const program = 'import json,sys,yaml; print(json.dumps(list(yaml.safe_load_all(sys.stdin))))';
  const { stdout, stderr } = spawnSync(python, ['-c', program], { input: textOf(file), encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe.skipIf(!hasYaml)(`YAML${hasYaml ? '' : ': install python3-yaml to run these tests'}`, () => {
  test('compose.yaml: the bot alone is read-only but for its volume, and Valkey keeps and never evicts', () => {
    const [compose] = documentsOf('compose.yaml');
    expect(compose).toMatchObject({
      services: {
        bot: {
          read_only: true,
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
          volumes: ['records:/data'],
          environment: { HEALTH_HOST: '0.0.0.0' },
          env_file: [{ path: '.env', format: 'raw' }],
          deploy: { replicas: 1, update_config: { order: 'stop-first' } },
          depends_on: { valkey: { required: false } },
        },
        valkey: { profiles: ['valkey'], volumes: ['valkey:/data'] },
      },
      volumes: { records: null, valkey: null },
    });
    const { bot, valkey } = (compose as { services: unknown }).services as Record<
      string,
      { profiles?: string[]; command?: string[] }
    >;
    expect(bot?.profiles).toBeUndefined();
    const command = valkey?.command?.join(' ');
    for (const option of ['--appendonly yes', '--appendfsync always', '--maxmemory-policy noeviction']) {
      expect(command).toContain(option);
    }
  });

  test('deploy/kubernetes.yaml: one pod at a time, probes that do not restart for Discord, and no rights', () => {
    const [claim, deployment] = documentsOf('deploy/kubernetes.yaml');
    expect(claim).toMatchObject({ kind: 'PersistentVolumeClaim', metadata: { name: 'openticket' } });
    const probe = (path: string) => ({ httpGet: { path, port: 'health' } });
    const container = {
      image: `discord-openticket:${version}`,
      env: expect.arrayContaining([{ name: 'HEALTH_HOST', value: '0.0.0.0' }]),
      ports: [{ name: 'health', containerPort: 8080 }],
      startupProbe: probe('/healthz'),
      livenessProbe: probe('/healthz'),
      readinessProbe: probe('/readyz'),
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      volumeMounts: [{ name: 'records', mountPath: '/data' }],
    };
    expect(deployment).toMatchObject({
      kind: 'Deployment',
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        template: {
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
            containers: [container],
            volumes: [{ name: 'records', persistentVolumeClaim: { claimName: 'openticket' } }],
          },
        },
      },
    });
  });
});

/** Seconds of the longest SHUTDOWN_TIMEOUT_SECONDS that nobody has to think about: its default. */
const SHUTDOWN_SECONDS = Number(/^#SHUTDOWN_TIMEOUT_SECONDS=(\d+)$/m.exec(textOf('.env.example'))?.[1]);

test.each([
  ['deploy/openticket.service', /^TimeoutStopSec=(\d+)$/m],
  ['deploy/kubernetes.yaml', /^ *terminationGracePeriodSeconds: (\d+)$/m],
  ['compose.yaml', /^ *stop_grace_period: (\d+)s$/m],
])('%s waits longer for the end of the bot than the bot for its calls', (file, pattern) => {
  // Below it, what could not finish is written down and told, for at most 5 seconds.
  expect(Number(pattern.exec(textOf(file))?.[1])).toBeGreaterThan(SHUTDOWN_SECONDS + 5);
});

test.each(['Dockerfile', 'compose.yaml', 'deploy/kubernetes.yaml', 'deploy/openticket.service'])(
  '%s names only settings that there are',
  (file) => {
    const named = [...textOf(file).matchAll(/\b(?:[A-Z]+_){1,3}[A-Z]+\b/g)].map(([name]) => name);
    const others = ['NODE_ENV', 'SIGTERM', 'AF_INET', 'AF_UNIX', 'AF_NETLINK'];
    expect(named.filter((name) => !others.includes(name) && !(SETTINGS as readonly string[]).includes(name))).toEqual(
      [],
    );
  },
);

const systemdAnalyze = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });
const hasSystemd = systemdAnalyze('--version').status === 0;

describe.skipIf(!hasSystemd)(`the systemd unit${hasSystemd ? '' : ': install systemd to run these tests'}`, () => {
  const file = 'deploy/openticket.service';
  const optionOf = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(textOf(file))?.[1] ?? '';

  test('has nothing that systemd does not know', () => {
    const { status, stdout, stderr } = systemdAnalyze('verify', '--man=no', file);
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
  });

  test('is among the least exposed services', () => {
    const { stdout } = systemdAnalyze('security', '--offline=true', '--threshold=15', file);
    const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(stdout) ?? [];
    expect(Number(exposure)).toBeLessThanOrEqual(1.5);
  });

  test('spares the 1,000 connections that Discord allows in a day', () => {
    expect(optionOf('StartLimitIntervalSec')).toBe('1d');
    expect(Number(optionOf('StartLimitBurst'))).toBeLessThanOrEqual(500);
  });

  test('does not start it again for a wrong setting', () => {
    expect([optionOf('Restart'), optionOf('RestartPreventExitStatus').split(' ')]).toEqual([
      'on-failure',
      expect.arrayContaining(['78']),
    ]);
  });
});
