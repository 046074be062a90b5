import { wrongInStoreAddress } from './bot/store-address.ts';
import { readCommandLine } from './command-line.ts';
import type { ReferenceForm } from './helpdesk/ticket-system.ts';
import { startFixture } from './page/fixture.ts';
import { startPageServer } from './page/page-server.ts';

/** The port of the page, unless another one is asked for or it is taken. */
const PORT = 4470;

const values = readCommandLine('npm run sandbox', {
  port: {
    type: 'number',
    from: 0,
    says: `of the page; 0 is any free one, and so is the default when ${PORT} is taken`,
  },
  reference: {
    type: 'text',
    choices: ['display-id', 'number'],
    says: 'what the helpdesk answers for an opened ticket; display-id by default',
  },
  storage: { type: 'text', says: 'STORAGE_URL of the bot; by default a new file, which goes with the sandbox' },
});
const wrong = values.storage === undefined ? undefined : wrongInStoreAddress(values.storage);
if (wrong !== undefined) {
  console.error(`--storage ${wrong}. npm run sandbox -- --help says more.`);
  process.exit(2);
}
const page = await startPageServer({ port: values.port ?? PORT }).catch((error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE' && values.port === undefined) {
    console.log(`Port ${PORT} is taken, perhaps by another sandbox, so this one takes a free port.`);
    return startPageServer({ port: 0 });
  }
  console.error(`Port ${values.port ?? PORT} cannot be opened: ${reasonOf(error)}. Choose another one with --port.`);
  process.exit(1);
});
const fixture = await startFixture({
  pageUrl: page.url,
  onAttempts: () => page.refresh(),
  ...(values.storage !== undefined && { settings: { STORAGE_URL: values.storage } }),
});
if (values.reference) fixture.world.helpdesk.referenceForm = values.reference as ReferenceForm;
page.show(fixture);
const { helpdesk, settings } = fixture.world;
console.log(`The sandbox is open at ${page.url}`);
console.log(`Its helpdesk takes any SOAP client: ${helpdesk.url}?wsdl`);
console.log(`(username ${settings.HELPDESK_USERNAME}, password ${settings.HELPDESK_PASSWORD})`);
console.log('It is served to this machine alone (127.0.0.1). Nothing in it is real. Ctrl+C ends it.');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    Promise.all([page.close(), fixture.close()]).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'another program listens there, perhaps another sandbox (EADDRINUSE)';
  if (code === 'EACCES') return 'only an administrator may use ports below 1024 here (EACCES)';
  if (code === 'ERR_SOCKET_BAD_PORT') return 'the highest port is 65535';
  return code ?? message;
}
