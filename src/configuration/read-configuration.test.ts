import { describe, expect, it } from "vitest";
import { UserError } from "../base/errors.ts";
import { readConfiguration } from "./read-configuration.ts";

const HEAD = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

/** The problems of a text that follows the two lines of the head, which count. */
function problemsOf(text: string, head = HEAD): string[] {
  try {
    readConfiguration(head + text, "s.yaml");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ where, what }) => `${where}: ${what}`);
  }
  return [];
}

/** A profile whose only plugin args are these, in flow style; they begin at line 7, column 13. */
function argsOf(plugin: string, args: string): string {
  return `profiles:\n- pluginConfig:\n  - name: ${plugin}\n    #\n    args: ${args}\n`;
}

describe("readConfiguration", () => {
  it("fills in every default", () => {
    const { profiles, ...rest } = readConfiguration(HEAD, "s.yaml");
    expect(rest).toEqual({
      parallelism: 16,
      percentageOfNodesToScore: 0,
      podInitialBackoffSeconds: 1,
      podMaxBackoffSeconds: 10,
      delayCacheUntilActive: false,
      enableProfiling: true,
      enableContentionProfiling: true,
      clientConnection: {
        kubeconfig: "",
        acceptContentTypes: "",
        contentType: "application/vnd.kubernetes.protobuf",
        qps: 50,
        burst: 100,
      },
      leaderElection: {
        leaderElect: true,
        leaseDuration: 15,
        renewDeadline: 10,
        retryPeriod: 2,
        resourceLock: "leases",
        resourceNamespace: "kube-system",
        resourceName: "kube-scheduler",
      },
      extenders: [],
    });
    expect(profiles.map(({ schedulerName }) => schedulerName)).toEqual(["default-scheduler"]);
    expect(profiles[0].points.filter.map(({ name }) => name).join(" ")).toBe(
      "NodeName NodeUnschedulable TaintToleration NodeAffinity NodePorts NodeResourcesFit VolumeRestrictions " +
        "NodeVolumeLimits VolumeBinding VolumeZone PodTopologySpread InterPodAffinity DynamicResources " +
        "NodeDeclaredFeatures",
    );
    expect(profiles[0].points.score.map(({ name, weight }) => `${name} ${weight ?? 1}`)).toEqual([
      "TaintToleration 3",
      "NodeAffinity 2",
      "NodeResourcesFit 1",
      "VolumeBinding 1",
      "PodTopologySpread 2",
      "InterPodAffinity 2",
      "DynamicResources 2",
      "NodeResourcesBalancedAllocation 1",
      "ImageLocality 1",
    ]);
    expect(profiles[0].points.postFilter.map(({ name }) => name)).toEqual([
      "DynamicResources",
      "DefaultPreemption",
    ]);
  });

  it("reads JSON as it reads YAML", () => {
    const text = JSON.stringify({
      apiVersion: "kubescheduler.config.k8s.io/v1",
      kind: "KubeSchedulerConfiguration",
      parallelism: 4,
      leaderElection: { leaderElect: false, leaseDuration: "1m30s" },
    });
    const { parallelism, leaderElection } = readConfiguration(text, "s.json");
    expect([parallelism, leaderElection.leaderElect, leaderElection.leaseDuration]).toEqual([4, false, 90]);
    expect(problemsOf(text.replace(":4", ":0"), "")[0]).toContain("s.yaml:1:");
  });

  it.each<[string, string, string]>([
    [
      "an unknown field",
      "paralelism: 3",
      '3:1: paralelism: unknown field: "paralelism", did you mean parallelism?',
    ],
    ["a field twice", "parallelism: 3\nparallelism: 4", "4:1: duplicate field: parallelism; keep one"],
    ["a second document", "---\na: 1", "3:1: invalid configuration: several documents; keep one in the file"],
    ["what is no YAML", "profiles: [", "invalid YAML"],
    ["a wrong type", "parallelism: many", '3:14: parallelism: invalid integer: "many"; write a whole number'],
    [
      "a number too great",
      "parallelism: 3000000000",
      "3:14: parallelism: invalid integer: 3000000000; write",
    ],
    [
      "parallelism of 0",
      "parallelism: 0",
      "3:14: parallelism: invalid parallelism: 0, should be an integer value greater than zero; write",
    ],
    [
      "too great a share",
      "percentageOfNodesToScore: 101",
      "3:27: percentageOfNodesToScore: invalid percentageOfNodesToScore: 101, not in valid range [0-100]; write",
    ],
    [
      "no first back-off",
      "podInitialBackoffSeconds: 0",
      "invalid podInitialBackoffSeconds: 0, must be greater than 0; write",
    ],
    [
      "a longest back-off below the first",
      "podInitialBackoffSeconds: 20",
      "invalid podMaxBackoffSeconds: 10, must be greater than or equal to PodInitialBackoffSeconds; write a whole number from 20",
    ],
    [
      "a negative burst",
      "clientConnection: {burst: -1}",
      "3:27: clientConnection.burst: invalid burst: -1, must be non-negative; write",
    ],
    [
      "another lock",
      "leaderElection: {resourceLock: endpoints}",
      '3:32: leaderElection.resourceLock: invalid resourceLock: "endpoints", resourceLock value must be "leases"; write leases',
    ],
    [
      "a negative lease",
      "leaderElection: {retryPeriod: -1s}",
      "invalid retryPeriod: -1, must be greater than zero; write",
    ],
    [
      "a lease below the deadline",
      "leaderElection: {leaseDuration: 5s}",
      "invalid leaseDuration: 5, LeaseDuration must be greater than RenewDeadline; make",
    ],
    [
      "a deadline below the period",
      "leaderElection: {renewDeadline: 1s}",
      "invalid renewDeadline: 1, RenewDeadline must be greater than RetryPeriod; make",
    ],
    [
      "a duration without unit",
      "leaderElection: {leaseDuration: 15}",
      "invalid duration: 15; write one such as 15s",
    ],
    [
      "several profiles without names",
      "profiles: [{}, {schedulerName: a}]",
      "3:12: profiles[0].schedulerName: missing schedulerName",
    ],
    [
      "one name twice",
      "profiles: [{schedulerName: a}, {schedulerName: a}]",
      '3:48: profiles[1].schedulerName: duplicate schedulerName: "a"; write another',
    ],
    [
      "a profile's share",
      "profiles: [{percentageOfNodesToScore: -1}]",
      "3:39: profiles[0].percentageOfNodesToScore: invalid percentageOfNodesToScore: -1, not in valid range [0-100]; write",
    ],
    [
      "an unknown point",
      "profiles: [{plugins: {scores: {}}}]",
      '3:23: profiles[0].plugins.scores: unknown field: "scores", did you mean score?',
    ],
    [
      "the point that is none",
      "profiles: [{plugins: {placementFeasible: {}}}]",
      'unknown field: "placementFeasible"',
    ],
    [
      "an unknown plugin",
      "profiles: [{plugins: {score: {enabled: [{name: NodeResourceFit}]}}}]",
      '3:48: profiles[0].plugins.score.enabled[0].name: unknown plugin: "NodeResourceFit", did you mean NodeResourcesFit?',
    ],
    [
      "a plugin of former days",
      "profiles: [{plugins: {filter: {enabled: [{name: EBSLimits}]}}}]",
      'invalid name: "EBSLimits", was invalid in version "kubescheduler.config.k8s.io/v1"',
    ],
    [
      "a plugin where it does not run",
      "profiles: [{plugins: {filter: {enabled: [{name: ImageLocality}]}}}]",
      '3:49: profiles[0].plugins.filter.enabled[0].name: invalid name: "ImageLocality", plugin "ImageLocality" does not extend filter plugin; remove',
    ],
    [
      "a plugin twice at a point",
      "profiles: [{plugins: {score: {enabled: [{name: ImageLocality}, {name: ImageLocality}]}}}]",
      '3:71: profiles[0].plugins.score.enabled[1].name: invalid name: "ImageLocality", plugin "ImageLocality" already registered as "score"; keep one',
    ],
    [
      "a plugin twice at multiPoint",
      "profiles: [{plugins: {multiPoint: {enabled: [{name: NodePorts}, {name: NodePorts}]}}}]",
      'plugin "NodePorts" already registered as "preFilter"; keep one',
    ],
    [
      "a negative weight",
      "profiles: [{plugins: {score: {enabled: [{name: ImageLocality, weight: -1}]}}}]",
      "invalid weight: -1, it must not be negative; write",
    ],
    [
      "weights too great",
      "profiles: [{plugins: {score: {enabled: [{name: ImageLocality, weight: 2000000000}]}}}]",
      "total score of Score plugins could overflow; write",
    ],
    [
      "no queue sort plugin",
      "profiles: [{plugins: {queueSort: {disabled: [{name: '*'}]}}}]",
      '3:34: profiles[0].plugins.queueSort: invalid queueSort: only one queue sort plugin required for profile with scheduler name "default-scheduler", but got 0; enable',
    ],
    [
      "two queue sort plugins",
      "profiles: [{plugins: {queueSort: {enabled: [{name: PrioritySort}, {name: NodeName}]}}}]",
      "3:44: profiles[0].plugins.queueSort.enabled: invalid enabled: 2, only one queue sort plugin can be enabled; keep one",
    ],
    [
      "profiles that sort differently",
      "profiles: [{schedulerName: a}, {schedulerName: b, plugins: {queueSort: {enabled: [{name: PrioritySort}]}}}]",
      "profiles[1].plugins.queueSort: invalid queueSort: queueSort must be the same for all profiles; write",
    ],
    [
      "nobody who binds",
      "profiles: [{plugins: {multiPoint: {disabled: [{name: DefaultBinder}]}}}]",
      'at least one bind plugin is needed for profile with scheduler name "default-scheduler"; enable DefaultBinder',
    ],
    [
      "args twice",
      "profiles: [{pluginConfig: [{name: InterPodAffinity}, {name: InterPodAffinity}]}]",
      "3:61: profiles[0].pluginConfig[1].name: duplicate pluginConfig: repeated config for plugin InterPodAffinity; keep one",
    ],
    [
      "args of nobody",
      "profiles: [{pluginConfig: [{name: InterPodAfinity}]}]",
      'profiles[0].pluginConfig[0].name: unknown plugin: "InterPodAfinity", did you mean InterPodAffinity?',
    ],
    [
      "args of a plugin without",
      argsOf("ImageLocality", "{a: 1}"),
      "7:11: profiles[0].pluginConfig[0].args: invalid args",
    ],
    [
      "args of another plugin",
      argsOf("NodeAffinity", "{kind: NodeResourcesFitArgs}"),
      "has to match plugin args; write kind NodeAffinityArgs",
    ],
    [
      "an extender's weight",
      "extenders: [{prioritizeVerb: p}]",
      "extenders[0].weight: invalid weight: 0, must have a positive weight applied to it; write",
    ],
    [
      "two that bind",
      "extenders: [{bindVerb: b}, {bindVerb: b}]",
      '3:39: extenders[1].bindVerb: invalid bindVerb: "b", only one extender can implement bind; remove it',
    ],
    [
      "a managed resource of Kubernetes",
      "extenders: [{managedResources: [{name: cpu}]}]",
      'invalid name: "cpu", is an invalid extended resource name; write',
    ],
    [
      "a managed resource twice",
      "extenders: [{managedResources: [{name: a.io/b}]}, {managedResources: [{name: a.io/b}]}]",
      'extenders[1].managedResources[0].name: duplicate extender managed resource name: "a.io/b"; keep one',
    ],
    [
      "an unknown field of an extender",
      "extenders: [{tlsConfig: {insecured: true}}]",
      'unknown field: "insecured", did you mean insecure?',
    ],
  ])("refuses %s", (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems.filter((problem) => problem.includes(expected))).toHaveLength(1);
    expect(problems.every((problem) => /^s\.yaml:\d+:\d+: /.test(problem))).toBe(true);
  });

  it("asks for the apiVersion and the kind, and for those it knows", () => {
    expect(problemsOf("", "")).toEqual([
      "s.yaml:1:1: missing configuration: the file is empty; write apiVersion, kind and profiles",
    ]);
    expect(problemsOf("parallelism: 3", "")).toEqual([
      "s.yaml:1:1: missing field: apiVersion; it has no default",
      "s.yaml:1:1: missing field: kind; it has no default",
    ]);
    expect(problemsOf("", HEAD.replace("/v1", "/v1beta3"))[0]).toContain(
      's.yaml:1:13: apiVersion: unknown apiVersion: "kubescheduler.config.k8s.io/v1beta3", did you mean',
    );
  });

  it("tells every problem at once", () => {
    const text = "parallelism: 0\nprofiles:\n- pluginss: {}\n- schedulerName: a\nextenders: 5\n";
    expect(problemsOf(text).map((problem) => problem.split(": ").slice(0, 3).join(": "))).toEqual([
      "s.yaml:5:3: profiles[0].pluginss: unknown field",
      "s.yaml:7:12: extenders: invalid list",
      "s.yaml:3:14: parallelism: invalid parallelism",
      "s.yaml:5:3: profiles[0].schedulerName: missing schedulerName",
    ]);
  });

  it("gives an extender five seconds when it says nothing", () => {
    const text = "extenders: [{urlPrefix: 'http://e', filterVerb: f}]";
    expect(readConfiguration(HEAD + text, "s.yaml").extenders[0]).toMatchObject({
      httpTimeoutSeconds: 5,
      nodeCacheCapable: false,
      ignorable: false,
      managedResources: [],
    });
  });
});
