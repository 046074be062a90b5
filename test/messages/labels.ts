/** What stands on the buttons and other parts that have a label, from top to bottom. */
export function labelsIn(parts: readonly unknown[]): string[] {
  const plain = JSON.parse(JSON.stringify(parts)) as readonly Part[];
  return plain.flatMap((part) => [
    ...(part.label === undefined ? [] : [part.label]),
    ...labelsIn(part.components ?? []),
    ...(part.accessory ? labelsIn([part.accessory]) : []),
  ]);
}

interface Part {
  readonly label?: string;
  readonly components?: readonly Part[];
  readonly accessory?: Part;
}
