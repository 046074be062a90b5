import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';

/** `npm run sandbox`, without the compiling of the page, which has been done. */
function startSandbox(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/main.ts', ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  let check = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      check();
    });
  }
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, text })),
    /** Resolves with what this found in all that was printed. */
    printed: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve) => {
        check = () => {
          const found = pattern.exec(text);
          if (found) resolve(found);
        };
        check();
      }),
  };
}

test('npm run sandbox says where the page is, serves it, and ends with Ctrl+C', async () => {
  const { child, ended, printed } = startSandbox('--port', '0');
  const [, url = ''] = await printed(/^The sandbox is open at (http:\/\/127\.0\.0\.1:\d+\/)$/m);
  const [, wsdlUrl = ''] = await printed(/^Its helpdesk takes any SOAP client: (\S+\?wsdl)$/m);
  await printed(/^It is served to this machine alone \(127\.0\.0\.1\)\..*Ctrl\+C ends it\.$/m);
  const page = await fetch(url);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Sandbox of discord-openticket')]);
  expect(await (await fetch(`${url}people`)).json()).toMatchObject([{ name: 'ada' }, {}, {}, {}]);
  expect(await (await fetch(wsdlUrl)).text()).toContain('<definitions ');
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
});

test('a port that is taken and was asked for is named, with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { code, text } = await startSandbox('--port', String(port)).ended;
  expect(code).toBe(1);
  expect(text).toBe(
    `Port ${port} cannot be opened: another program listens there, perhaps another sandbox (EADDRINUSE). Choose another one with --port.\n`,
  );
});

test('a port that there is not is refused with its reason', async () => {
  const { code, text } = await startSandbox('--port', '70000').ended;
  expect([code, text]).toEqual([
    1,
    'Port 70000 cannot be opened: the highest port is 65535. Choose another one with --port.\n',
  ]);
});
