import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser, type Instruction, type JSONInstruction } from 'dockerfile-ast';
import { type RootOverlay, rootOverlay } from './root-overlay.ts';

/** What a Dockerfile makes. Its base is this machine, with the one user that the images of Node have. */
export interface Image {
  readonly root: RootOverlay;
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** As in USER: a user ID and a group ID. */
  readonly user: string;
  readonly volumes: readonly string[];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  close(): void;
}

interface Stage {
  readonly name: string | undefined;
  readonly root: RootOverlay;
  readonly env: Record<string, string>;
  folder: string;
  user: string;
  readonly volumes: string[];
  command: string[];
  healthCheck: string[];
}

/** Runs the instructions of ./Dockerfile, each as Docker does. @throws {Error} at one that it does not know, or that fails. */
export function buildImage(): Image {
  const stages: Stage[] = [];
  const instructions = DockerfileParser.parse(readFileSync('Dockerfile', 'utf8')).getInstructions();
  const close = () => {
    for (const { root } of stages) root.close();
  };
  try {
    for (const instruction of instructions) run(instruction, stages);
  } catch (error) {
    close();
    throw error;
  }
  const last = stages.at(-1);
  if (!last) throw new Error('The Dockerfile has no stage.');
  return { ...last, close };
}

function run(instruction: Instruction, stages: Stage[]): void {
  const keyword = instruction.getKeyword();
  const words = instruction.getArguments().map((one) => one.getValue());
  if (keyword === 'FROM') {
    stages.push(startStage(words[1]?.toUpperCase() === 'AS' ? words[2] : undefined));
    return;
  }
  const stage = stages.at(-1);
  if (!stage) throw new Error(`${keyword} comes before FROM.`);
  switch (keyword) {
    case 'WORKDIR':
      stage.folder = words[0] ?? '/';
      mkdirSync(stage.root.path(stage.folder), { recursive: true });
      return;
    case 'ENV':
      for (const word of words) stage.env[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
      return;
    case 'COPY':
      copy(instruction as JSONInstruction, words, stage, stages);
      return;
    case 'RUN':
      runIn(stage, instruction.getArgumentsContent() ?? '');
      return;
    case 'USER':
      stage.user = words[0] ?? '';
      return;
    case 'VOLUME':
      stage.volumes.push(...words);
      return;
    case 'EXPOSE':
      return;
    case 'CMD':
      stage.command = arrayOf(instruction);
      return;
    case 'HEALTHCHECK':
      stage.healthCheck = arrayOf(instruction);
      return;
    default:
      throw new Error(`${keyword} is not played here.`);
  }
}

function startStage(name: string | undefined): Stage {
  const root = rootOverlay();
  writeFileSync(root.path('/etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n');
  writeFileSync(root.path('/etc/group'), 'root:x:0:\nnode:x:1000:\n');
  return { name, root, env: {}, folder: '/', user: '0:0', volumes: [], command: [], healthCheck: [] };
}

function copy(instruction: JSONInstruction, words: string[], stage: Stage, stages: Stage[]): void {
  const target = words.at(-1) ?? '';
  const flags = instruction.getFlags().map((flag) => [flag.getName(), flag.getValue()] as const);
  const from = flags.find(([name]) => name === 'from')?.[1];
  if (flags.some(([name]) => name !== 'from')) throw new Error('COPY is played with --from alone.');
  const source = from ? stages.find(({ name }) => name === from) : undefined;
  if (from && !source) throw new Error(`There is no stage ${from}.`);
  for (const word of words.slice(0, -1)) {
    if (!source && !isInContext(word)) throw new Error(`.dockerignore leaves ${word} out.`);
    const name = word.split('/').at(-1) ?? '';
    const path = join(stage.folder, target, target.endsWith('/') ? name : '');
    // Links stay as they are: those in node_modules/.bin lead to their neighbours.
    cpSync(source ? source.root.path(word) : word, stage.root.path(path), { recursive: true, verbatimSymlinks: true });
  }
}

/** Whether .dockerignore lets a name at the top through. Its last line that fits decides. */
export function isInContext(name: string): boolean {
  const lines = readFileSync('.dockerignore', 'utf8').split('\n');
  const fitting = lines.filter((line) => ['*', name].includes(line.replace(/^!/, '')));
  return existsSync(name) && (fitting.at(-1)?.startsWith('!') ?? true);
}

/** The names at the top that are sent to Docker. */
export function context(): string[] {
  return readdirSync('.').filter(isInContext).sort();
}

function runIn(stage: Stage, command: string): void {
  const env = Object.entries(stage.env).map(([name, value]) => `--setenv=${name}=${value}`);
  const options = ['--quiet', '--register=no', '--keep-unit', '--pipe', '--directory', stage.root.path('/')];
  const { status, stdout, stderr } = spawnSync(
    'systemd-nspawn',
    [...options, `--chdir=${stage.folder}`, ...env, '/bin/sh', '-c', command],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`RUN ${command} ended with ${status}: ${stdout}${stderr}`);
}

/** The form in brackets, for which no shell is needed. */
function arrayOf(instruction: Instruction): string[] {
  const [, array] = /(\[.*\])/.exec(instruction.getArgumentsContent() ?? '') ?? [];
  if (array === undefined) throw new Error(`${instruction.getKeyword()} is written for a shell.`);
  return JSON.parse(array) as string[];
}
