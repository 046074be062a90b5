import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { freePort } from '../support/free-port.ts';
import { prepareProcess } from '../support/process-in-world.ts';

const RULES = 'deploy/alerts.yml';
const DASHBOARD = 'deploy/grafana-dashboard.json';

/** Our metrics, and those that Prometheus' client counts of a process. `up` is Prometheus' own. */
const METRIC = /\b(?:openticket|process|nodejs)_[a-z0-9_]+\b/g;

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const dashboard: { panels: readonly Panel[] } = JSON.parse(readFileSync(DASHBOARD, 'utf8'));
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets);

const namesIn = (text: string): string[] => [...new Set(text.match(METRIC))].sort();

/** What a running bot tells after a ticket: names, as Prometheus keeps them, with the labels that were seen. */
async function toldByARunningBot(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const port = await freePort();
  const { world, bot, ada } = await prepareProcess({
    HEALTH_HOST: '127.0.0.2',
    HEALTH_PORT: String(port),
    LINK_VERIFICATION: 'none',
  });
  const published = world.discord.nextPublished();
  bot.start();
  await published;
  asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' }));
  asMessage(await asModal(await ada.slash('ticket')).submit({ subject: 'Down', body: 'Since today.' }));
  const metrics = await (await fetch(`http://127.0.0.2:${port}/metrics`)).text();
  const told = new Map<string, Set<string>>();
  for (const [, name = '', type] of metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const parts = type === 'histogram' || type === 'summary' ? ['_bucket', '_sum', '_count'] : [''];
    for (const part of parts) told.set(name + part, new Set());
  }
  for (const [, name = '', labels = ''] of metrics.matchAll(/^([a-z0-9_]+)(?:\{(.*)\})? \S+$/gm)) {
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) told.get(name)?.add(label);
  }
  return told;
}

const withoutPart = (name: string) => name.replace(/_(bucket|count|sum)$/, '');

test('a running bot tells every metric that the dashboard and the alert rules name, and the dashboard shows all of its own', async () => {
  const told = await toldByARunningBot();
  const unknownIn = (text: string) => namesIn(text).filter((name) => !told.has(name));
  for (const file of [RULES, DASHBOARD]) {
    const text = readFileSync(file, 'utf8');
    expect(namesIn(text).length, file).toBeGreaterThan(10);
    expect(unknownIn(text), file).toEqual([]);
  }
  expect(unknownIn('rate(openticket_tickets_total[5m]) > nodejs_lag')).toEqual([
    'nodejs_lag',
    'openticket_tickets_total',
  ]);

  const shown = namesIn(expressions.map(({ expr }) => expr).join(' ')).map(withoutPart);
  const own = [...told.keys()].filter((name) => name.startsWith('openticket_')).map(withoutPart);
  expect(own.filter((name) => !shown.includes(name))).toEqual([]);

  for (const { expr, legendFormat } of expressions) {
    const grouped = /by \(([^)]*)\)/.exec(expr)?.[1]?.split(/,\s*/);
    const [name = ''] = namesIn(expr);
    // Prometheus adds the instance.
    const kept = grouped ?? ['instance', ...(told.get(name) ?? [])];
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    expect(kept, `the legend of ${expr}`).toEqual(expect.arrayContaining(named));
  }
});

describe('the dashboard', () => {
  test('has panels that do not overlap, each with an ID of its own', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const overlapping = panels.flatMap((one, index) =>
      panels.slice(index + 1).flatMap((other) => (overlap(one, other) ? [`${one.title} and ${other.title}`] : [])),
    );
    expect(overlapping).toEqual([]);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
  });
});

function overlap({ gridPos: one }: Panel, { gridPos: other }: Panel): boolean {
  const isBeside = one.x + one.w <= other.x || other.x + other.w <= one.x;
  return !isBeside && one.y < other.y + other.h && other.y < one.y + one.h;
}

describe.skipIf(spawnSync('promtool', ['--version']).error)('promtool, where Prometheus is installed,', () => {
  test.each([
    ['takes the alert rules', ['check', 'rules', RULES]],
    ['finds that they fire when they should', ['test', 'rules', 'test/deploy/alerts.promtool.yml']],
  ])('%s', (_what, args) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });
});
