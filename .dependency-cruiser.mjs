/**
 * The doors of the house: which room (folder of src) may import which. Type imports count. The order of the
 * rows is the order of the layers, so that no circle can be written down; "all" means every row above.
 * `.ci/doors.mjs` runs this; `src/architecture.test.ts` shows that it catches what it should.
 */
const doors = [
  ["base", []],
  ["kubernetes", ["base"]],
  ["cluster", ["base", "kubernetes"]],
  ["trace", ["base"]],
  ["scheduler", ["base", "kubernetes", "cluster"]],
  ["plugins", ["base", "kubernetes", "cluster", "scheduler"]],
  ["reference", ["base", "kubernetes", "cluster", "scheduler"]],
  ["configuration", ["base", "kubernetes", "scheduler", "plugins"]],
  ["decisions", ["base", "kubernetes", "cluster", "scheduler", "reference", "configuration"]],
  ["workload", ["base", "kubernetes", "cluster"]],
  ["simulation", ["base", "kubernetes", "cluster", "trace", "scheduler", "workload"]],
  ["metrics", ["base", "trace"]],
  ["invariants", ["base", "cluster", "trace", "scheduler"]],
  ["statistics", ["base"]],
  ["experiment", "all"],
  ["report", ["base", "trace", "metrics", "statistics", "experiment"]],
  [
    "testing",
    [
      "base",
      "kubernetes",
      "cluster",
      "trace",
      "scheduler",
      "reference",
      "workload",
      "simulation",
      "invariants",
    ],
  ],
  ["cli", "all"],
];

/** Files of src itself: the public entry and the tests of the whole. Only they stand outside a room. */
export const rooms = doors.map(([room]) => room);

const test = "\\.test\\.ts$";

/** Tests of a plugin against recordings of the real one: they replay cases with what `decisions` has for it. */
const recordedTest = "^src/plugins/[^/]+\\.test\\.ts$";

/** Any file of src in a room other than these. */
const roomsOtherThan = (allowed) => `^src/(?!(?:${allowed.join("|")})/)`;

const doorRules = doors.flatMap(([room, listed], row) => {
  const above = rooms.slice(0, row);
  const allowed = listed === "all" ? above : listed;
  return [
    {
      name: `door-of-${room}`,
      comment: `${room} may import ${allowed.join(", ") || "no other room"}`,
      severity: "error",
      from: { path: `^src/${room}/`, pathNot: test },
      to: { path: roomsOtherThan([room, ...allowed]) },
    },
    {
      name: `door-of-${room}-tests`,
      comment: "a test may import its room, the rooms above it in the table, the plugins and testing",
      severity: "error",
      from: { path: `^src/${room}/.*${test}`, pathNot: recordedTest },
      to: { path: roomsOtherThan([room, ...above, "plugins", "testing"]) },
    },
  ];
});

export default {
  forbidden: [
    ...doorRules,
    {
      name: "cli-is-the-front-door",
      comment: "nothing imports the command line",
      severity: "error",
      from: { pathNot: "^src/cli/" },
      to: { path: "^src/cli/" },
    },
    {
      name: "plugins-do-not-import-plugins",
      comment: "a plugin stands alone; what several need belongs to the scheduler or to a folder beside them",
      severity: "error",
      from: { path: "^src/plugins/[^/]+\\.ts$", pathNot: [test, "^src/plugins/(?:registry|profiles)\\.ts$"] },
      to: { path: "^src/plugins/[^/]+\\.ts$" },
    },
    {
      name: "published-code-imports-no-test",
      severity: "error",
      from: { pathNot: test },
      to: { path: test },
    },
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "a file that imports nothing and that nothing imports is forgotten",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [test, "^src/(?:testing/)?index\\.ts$", "^src/experiment/worker\\.ts$"],
      },
      to: {},
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "not-to-dev-dependencies",
      comment:
        "what is published may lean only on dependencies of package.json; the page is bundled with its own, and the kernel is built beforehand",
      severity: "error",
      from: { path: "^src/", pathNot: [test, "^src/report/page/", "/build-kernel\\.mjs$"] },
      to: { dependencyTypes: ["npm-dev"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/testdata/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "node", "default"],
      extensions: [".ts", ".mjs", ".js", ".json", ".d.ts"],
    },
  },
};
