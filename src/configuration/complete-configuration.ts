import { completeExtenders } from "./complete-extenders.ts";
import { completeProfile } from "./complete-profile.ts";
import type { ClientConnection, Configuration, ConfiguredProfile, LeaderElection } from "./configuration.ts";
import type { DecodedConfiguration, DecodedProfile } from "./decode-configuration.ts";
import type { ProblemReport } from "./problem-report.ts";

const INFINITY = Number.POSITIVE_INFINITY;

/** A configuration checked and with defaults (upstream: apis/config/v1/defaults.go, apis/config/validation). */
export function completeConfiguration(decoded: DecodedConfiguration, report: ProblemReport): Configuration {
  const {
    parallelism = 16,
    percentageOfNodesToScore = 0,
    podInitialBackoffSeconds = 1,
    podMaxBackoffSeconds = 10,
  } = decoded;
  const greaterThanZero = "should be an integer value greater than zero";
  report.range(["parallelism"], parallelism, 1, INFINITY, greaterThanZero);
  const percentage = ["percentageOfNodesToScore"];
  report.range(percentage, percentageOfNodesToScore, 0, 100, "not in valid range [0-100]");
  const initial = ["podInitialBackoffSeconds"];
  report.range(initial, podInitialBackoffSeconds, 1, INFINITY, "must be greater than 0");
  const longest = "must be greater than or equal to PodInitialBackoffSeconds";
  report.range(["podMaxBackoffSeconds"], podMaxBackoffSeconds, podInitialBackoffSeconds, INFINITY, longest);
  return {
    parallelism,
    percentageOfNodesToScore,
    podInitialBackoffSeconds,
    podMaxBackoffSeconds,
    delayCacheUntilActive: decoded.delayCacheUntilActive ?? false,
    enableProfiling: decoded.enableProfiling ?? true,
    enableContentionProfiling: decoded.enableContentionProfiling ?? true,
    clientConnection: clientConnection(decoded.clientConnection ?? {}, report),
    leaderElection: leaderElection(decoded.leaderElection ?? {}, report),
    profiles: completeProfiles(decoded.profiles ?? [], report),
    extenders: completeExtenders(decoded.extenders ?? [], report),
  };
}

function clientConnection(given: Partial<ClientConnection>, report: ProblemReport): ClientConnection {
  const burst = given.burst || 100;
  report.range(["clientConnection", "burst"], burst, 0, INFINITY, "must be non-negative");
  return {
    kubeconfig: given.kubeconfig ?? "",
    acceptContentTypes: given.acceptContentTypes ?? "",
    contentType: given.contentType || "application/vnd.kubernetes.protobuf",
    qps: given.qps || 50,
    burst,
  };
}

function leaderElection(given: Partial<LeaderElection>, report: ProblemReport): LeaderElection {
  const election: LeaderElection = {
    leaderElect: given.leaderElect ?? true,
    leaseDuration: given.leaseDuration || 15,
    renewDeadline: given.renewDeadline || 10,
    retryPeriod: given.retryPeriod || 2,
    resourceLock: given.resourceLock || "leases",
    resourceNamespace: given.resourceNamespace || "kube-system",
    resourceName: given.resourceName || "kube-scheduler",
  };
  if (election.leaderElect) checkElection(election, report);
  return election;
}

function checkElection(election: LeaderElection, report: ProblemReport): void {
  const { leaseDuration, renewDeadline, retryPeriod, resourceLock } = election;
  for (const field of ["leaseDuration", "renewDeadline", "retryPeriod"] as const) {
    if (election[field] > 0) continue;
    report.invalid(["leaderElection", field], election[field], "must be greater than zero", "write 15s");
  }
  if (leaseDuration < renewDeadline) {
    const rule = "LeaseDuration must be greater than RenewDeadline";
    report.invalid(["leaderElection", "leaseDuration"], leaseDuration, rule, "make it longer");
  }
  if (renewDeadline < retryPeriod) {
    const rule = "RenewDeadline must be greater than RetryPeriod";
    report.invalid(["leaderElection", "renewDeadline"], renewDeadline, rule, "make it longer");
  }
  if (resourceLock !== "leases") {
    const rule = 'resourceLock value must be "leases"';
    report.invalid(["leaderElection", "resourceLock"], resourceLock, rule, "write leases");
  }
}

function completeProfiles(given: readonly DecodedProfile[], report: ProblemReport): ConfiguredProfile[] {
  const profiles = given.length === 0 ? [{}] : given;
  checkNames(profiles, report);
  checkQueueSort(profiles, report);
  return profiles.map((profile, i) => {
    const name = profile.schedulerName || (profiles.length === 1 ? "default-scheduler" : "");
    return completeProfile(profile, name, ["profiles", i], report);
  });
}

function checkNames(profiles: readonly DecodedProfile[], report: ProblemReport): void {
  const names = new Set<string>();
  profiles.forEach(({ schedulerName = "" }, i) => {
    const at = ["profiles", i, "schedulerName"];
    if (schedulerName === "" && profiles.length > 1) {
      report.add(at, "missing schedulerName: several profiles need names; write one for each");
    } else if (names.has(schedulerName)) {
      report.add(at, `duplicate schedulerName: ${JSON.stringify(schedulerName)}; write another`);
    }
    names.add(schedulerName);
  });
}

/** One queue serves all profiles, so that they must sort it alike. */
function checkQueueSort(profiles: readonly DecodedProfile[], report: ProblemReport): void {
  const queueSortOf = ({ plugins = {} }: DecodedProfile): string => {
    const { enabled = [], disabled = [] } = plugins.queueSort ?? {};
    return JSON.stringify([enabled, disabled]);
  };
  const count = profiles[0].plugins?.queueSort?.enabled?.length ?? 0;
  if (count > 1) {
    const at = ["profiles", 0, "plugins", "queueSort", "enabled"];
    report.invalid(at, count, "only one queue sort plugin can be enabled", "keep one");
  }
  profiles.forEach((profile, i) => {
    if (queueSortOf(profile) === queueSortOf(profiles[0])) return;
    const at = ["profiles", i, "plugins", "queueSort"];
    report.add(at, "invalid queueSort: queueSort must be the same for all profiles; write that of the first");
  });
}
