/** The tables of the guide name all that is told and measured, as the code has it, and nothing else. */

import { expect, test } from "vitest";
import { INSTRUMENTS, type Instrument } from "../../src/metrics/instruments.js";
import { FLEET_GAUGES, PrometheusMetrics, prometheusName } from "../../src/metrics/prometheus.js";
import { textOf } from "../docs/blocks.js";
import { parse, type SyntaxNode, sourceFiles, visit } from "../support/sources.js";

const guide = textOf("docs/guides/observability.md");

/** The rows of the table whose head begins so, each cell without its backquotes; cells that repeat the one above are filled in. */
function table(head: string): string[][] {
  const [, below = ""] = guide.split(`\n${head}`);
  const lines = below.split("\n").slice(2);
  const rows = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("|")),
  );
  let first = "";
  return rows.map((row) => {
    const [name = "", ...cells] = row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", ""));
    first = name || first;
    return [first, ...cells];
  });
}

test("every channel, and when it is told", () => {
  const told = table("| channel | told when |").map(([name]) => name);
  expect(told).toEqual([...messages().keys()]);
});

test("every member of what is told, with its unit", () => {
  const rows = table("| channel | member |");
  const members = [...messages()].flatMap(([channel, names]) =>
    names.map((name) => [channel, name]),
  );
  expect(rows.map(([channel, member]) => [channel, member])).toEqual(members);
  const milliseconds = rows.filter(([, , unit]) => unit === "ms").map(([, member]) => member);
  expect(milliseconds).toEqual(
    members.map(([, name]) => name).filter((name) => name?.endsWith("Ms")),
  );
});

test("every metric, with its kind, unit and attributes", () => {
  const rows = table("| metric | kind |").map(([name, kind, unit, attributes]) => ({
    ...{ name, kind, unit },
    attributes: attributes?.split(" ").filter(Boolean),
  }));
  const described = ({ name, kind, unit, attributes }: Instrument) => ({
    name,
    kind,
    unit,
    attributes,
  });
  expect(rows).toEqual(INSTRUMENTS.map(described));
});

test("every figure of the fleet", () => {
  const rows = table("| metric | unit | labels |").map(([name]) => name);
  expect(rows).toEqual(Object.keys(FLEET_GAUGES));
});

test("and Prometheus is told these, by its own names", async () => {
  using metrics = new PrometheusMetrics({ stats: async () => new Map() });
  const page = await metrics.render();
  const names = [...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(names.sort()).toEqual(
    [...INSTRUMENTS.map(prometheusName), ...Object.keys(FLEET_GAUGES)].sort(),
  );
  expect(names).toContain("slotstream_wait_duration_seconds");
  expect(names).toContain("slotstream_expired_total");
});

/** Of the source: the members of what is told on each channel. */
function messages(): Map<string, string[]> {
  const interfaces = new Map<string, [name: string, type: string][]>();
  const source = sourceFiles().find(({ path }) => path === "telemetry.ts");
  if (source === undefined) throw new Error("there is no src/telemetry.ts");
  visit(parse(source).program, ({ type, id, body }) => {
    if (type !== "TSInterfaceDeclaration") return;
    const members: SyntaxNode[] = Object(body).body;
    interfaces.set(Object(id).name, members.map(memberOf));
  });
  const told = interfaces.get("TelemetryMessages") ?? [];
  expect(told.length).toBeGreaterThan(5);
  return new Map(
    told.map(([channel, type]) => [channel, (interfaces.get(type) ?? []).map(([name]) => name)]),
  );
}

/** The name of a member, and that of its type if it has one. */
function memberOf({ key, typeAnnotation }: SyntaxNode): [name: string, type: string] {
  const { name, value } = Object(key);
  const { typeName } = Object(Object(typeAnnotation).typeAnnotation);
  return [String(name ?? value), String(Object(typeName).name)];
}
