import { z } from 'zod';
import { ARGUMENTS } from './operations.ts';

/** The names of an operation's arguments, in the order of the wire. */
export type OperationArguments = ReadonlyMap<string, readonly string[]>;

/** Milliseconds for the description. The real one lists about a hundred operations. */
const TIMEOUT_MS = 15_000;

/** As `soap` describes a WSDL: service, port, operation. An operation without arguments may have no input. */
const description = z.record(
  z.string(),
  z.record(z.string(), z.record(z.string(), z.object({ input: z.record(z.string(), z.unknown()).nullish() }))),
);

/** What the bot sends. */
export const sentArguments: OperationArguments = new Map(Object.entries(ARGUMENTS));

/** Reads the WSDL that the helpdesk serves. The bot itself goes by the one that it brings. @returns Undefined when it cannot be read. */
export async function readLiveWsdl(url: string): Promise<OperationArguments | undefined> {
  const address = new URL(url);
  address.search = '?wsdl';
  try {
    // The bot never asks for it, and begins with what stands here.
    const { createClientAsync } = await import('soap');
    const client = await createClientAsync(address.href, {
      disableCache: true,
      wsdl_options: { timeout: TIMEOUT_MS },
    });
    const services = description.parse(client.describe());
    const operations = Object.values(services).flatMap((ports) => Object.values(ports));
    return new Map(
      operations.flatMap((port) => Object.entries(port)).map(([name, { input }]) => [name, Object.keys(input ?? {})]),
    );
  } catch {
    return undefined;
  }
}
